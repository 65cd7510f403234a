import type { AnswerOf } from '@quanbao/contract/route';
import { fullStatements, statements } from '@quanbao/contract/survey';
import { Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { number } from '../../ui/format.ts';
import { Failure, Loading, Nothing } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { StatementLine } from './management.ts';
import './management.css';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';

type Statements = AnswerOf<typeof statements>;

const WHO = [
  { value: 'refusing', label: '答复不愿参保、还没有签意愿书的' },
  { value: 'all', label: '全部应保未保的' },
];

/** 意愿书 to be printed and signed: of one person, or of a village's list, a sheet each. */
export default function StatementsPage() {
  const { query, region, set } = useHere();
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const person = query.person ? Number(query.person) : undefined;
  const who = query.who === 'all' ? 'all' : 'refusing';
  const question = person === undefined ? { region, who: who as 'all' | 'refusing' } : { person };
  const key = JSON.stringify(question);
  const [full, setFull] = useState<{ key: string; answer: Statements }>();
  const ready = person !== undefined || region.length >= 12;
  const { data, error, refetch } = useRead(statements, { query: question }, { enabled: ready });
  if (!ready) {
    return (
      <div className="page">
        <h1>意愿书</h1>
        <Nothing title="请在右上角选一个村（社区）">
          <p>意愿书按村（社区）打印；也可以从一个人、一笔台账打开，只印一张。</p>
        </Nothing>
      </div>
    );
  }
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  const shown = full?.key === key ? full.answer : data;
  return (
    <div className="page">
      <div className="page-head no-print">
        <h1>意愿书</h1>
        {person === undefined && (
          <Select
            aria-label="印给谁"
            style={{ width: 270 }}
            value={who}
            options={WHO}
            onChange={(value) => set({ who: value === 'refusing' ? null : value })}
          />
        )}
        <span className="muted">
          {number(shown.people.length)} 张，每人一页
          {shown.more > 0 && `；另有 ${number(shown.more)} 人请按组分次打印`}
          {shown === data ? '，号码遮盖' : '，印全号'}
        </span>
        <div className="page-tools">
          {may('people.reveal') && shown === data && shown.people.length > 0 && (
            <Button onClick={() => setAsking(true)}>印全号……</Button>
          )}
          <Button type="primary" disabled={shown.people.length === 0} onClick={() => window.print()}>
            打印
          </Button>
        </div>
      </div>
      {shown.people.length === 0 && (
        <Nothing title="没有要签意愿书的人">
          <p>答复不愿参保、还没有签意愿书的人会出现在这里；也可以改为全部应保未保的。</p>
        </Nothing>
      )}
      {shown.people.map((one) => (
        <Statement key={one.person} of={one} county={shown.county} facts={shown.facts} />
      ))}
      {asking && (
        <FullDialog
          question={question}
          onClose={() => setAsking(false)}
          onDone={(answer) => {
            setFull({ key, answer });
            setAsking(false);
          }}
        />
      )}
    </div>
  );
}

interface SheetProps {
  readonly of: StatementLine;
  readonly county: string;
  readonly facts: Statements['facts'];
}

function Statement({ of, county, facts }: SheetProps) {
  return (
    <article className="statement" aria-label={`${of.name}的意愿书`}>
      <h2>城乡居民基本养老保险参保意愿书</h2>
      <table>
        <tbody>
          <tr>
            <th scope="row">姓名</th>
            <td>{of.name}</td>
            <th scope="row">性别</th>
            <td>{of.sex}</td>
            <th scope="row">出生日期</th>
            <td>{of.birth}</td>
          </tr>
          <tr>
            <th scope="row">身份证号码</th>
            <td colSpan={5} className="number">
              {of.id}
            </td>
          </tr>
          <tr>
            <th scope="row">户籍地址</th>
            <td colSpan={5}>
              {of.place} {of.address}
            </td>
          </tr>
          <tr>
            <th scope="row">联系电话</th>
            <td colSpan={2} />
            <th scope="row">现住地址</th>
            <td colSpan={2} />
          </tr>
        </tbody>
      </table>
      {facts.length > 0 && (
        <section>
          <h3>政策告知</h3>
          {facts.map(({ text, source }) => (
            <p key={text}>
              {text}
              <small>（{source}）</small>
            </p>
          ))}
        </section>
      )}
      <section>
        <h3>本人意愿（请在方框内打√）</h3>
        <ul>
          <li>愿意参加城乡居民基本养老保险，请为本人办理参保登记。</li>
          <li>暂不参加。本人已经了解政策，今后愿意参加时可以随时提出。</li>
          <li>已经参加其他养老保险：＿＿＿＿＿＿＿＿（险种）＿＿＿＿＿＿＿＿＿＿（参保地）。</li>
          <li>其他：＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿。</li>
        </ul>
        <p>不参加的原因：＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿</p>
      </section>
      <section className="statement-signs">
        <p>本人签名：</p>
        <p>指印：</p>
        <p>日期：　　　　年　　月　　日</p>
        <p>代签人及与本人关系（本人不能签名时）：</p>
        <p>工作人员签名：</p>
        <p>日期：　　　　年　　月　　日</p>
      </section>
      <footer>
        {county}城乡居民基本养老保险 · 编号 {of.person} · 签名后请扫描，在全保“登记走访答复”中附上
      </footer>
    </article>
  );
}

interface DialogProps {
  readonly question: {
    readonly region?: string;
    readonly person?: number;
    readonly who?: 'all' | 'refusing';
  };
  readonly onClose: () => void;
  readonly onDone: (answer: Statements) => void;
}

/** Whole numbers are printed for a reason only, and the print is recorded. */
function FullDialog({ question, onClose, onDone }: DialogProps) {
  const { busy, failure, run } = useAct();
  return (
    <Modal open title="意愿书印全号" footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">印全号会留痕，本县经办和审计都看得到；签完请交回扫描，多余的销毁。</p>
      {failure !== undefined && <Failure error={failure} />}
      <Form
        layout="vertical"
        onFinish={({ reason }: { reason: string }) =>
          void run(async () => onDone(await call(fullStatements, { body: { ...question, reason } })))
        }
      >
        <Form.Item
          name="reason"
          label="事由"
          rules={[{ required: true, min: 2, whitespace: true, message: '请写明事由，例如“入户签意愿书”' }]}
        >
          <Input autoFocus maxLength={200} placeholder="例如：入户签意愿书" />
        </Form.Item>
        <DialogButtons act="显示全号" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
