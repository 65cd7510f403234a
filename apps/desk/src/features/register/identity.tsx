import { reveal } from '@quanbao/contract/register';
import { Button, Form, Input, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { call } from '../../api/call.ts';
import { useMay } from '../../api/session.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { Person } from './contract.ts';
import { sexWords, tagWords } from './question.ts';

/** How long a whole number stays on the screen, in milliseconds. */
const SHOWN = 120_000;

/** Who it is; numbers are hidden until somebody says what he needs them for. */
export function Identity({ person }: { readonly person: Person }) {
  const { line, phone, address, ruled } = person;
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const [shown, setShown] = useState<{ id: string; phone: string | null }>();
  const { busy, failure, run, forget } = useAct();
  useEffect(() => {
    if (!shown) return;
    const timer = setTimeout(() => setShown(undefined), SHOWN);
    return () => clearTimeout(timer);
  }, [shown]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another person's numbers are hidden again
  useEffect(() => setShown(undefined), [line.person]);
  const show = async ({ reason }: { reason: string }): Promise<void> => {
    const done = await run(async () =>
      setShown(await call(reveal, { params: { person: line.person }, body: { reason } })),
    );
    if (done) setAsking(false);
  };
  return (
    <header className="identity">
      <h1>{line.name}</h1>
      <dl className="facts">
        <div>
          <dt>身份证号码</dt>
          <dd className="number">{shown?.id ?? line.id}</dd>
        </div>
        <div>
          <dt>性别、出生</dt>
          <dd>
            {sexWords(line.sex)}，{line.birth}，{ageOn(line.birth, person.asOf)} 周岁
          </dd>
        </div>
        <div>
          <dt>所在地</dt>
          <dd>
            {line.region.path}
            {ruled && (
              <small className="muted">
                （名单没有写明村，自 {ruled.from} 按地址规则归入：第 {ruled.rule} 号，{ruled.words}）
              </small>
            )}
          </dd>
        </div>
        <div>
          <dt>电话</dt>
          <dd className="number">{(shown ? shown.phone : phone) ?? '没有登记'}</dd>
        </div>
        {address && (
          <div>
            <dt>住址</dt>
            <dd>{address}</dd>
          </div>
        )}
        {line.tags.length > 0 && (
          <div>
            <dt>标签</dt>
            <dd>{line.tags.map(tagWords).join('、')}</dd>
          </div>
        )}
      </dl>
      {may('people.reveal') && (
        <div className="page-tools no-print">
          {shown ? (
            <Button onClick={() => setShown(undefined)}>重新遮盖</Button>
          ) : (
            <Button
              onClick={() => {
                forget();
                setAsking(true);
              }}
            >
              显示全号
            </Button>
          )}
        </div>
      )}
      <Modal
        open={asking}
        title={`显示${line.name}的身份证号码和电话`}
        footer={null}
        onCancel={() => setAsking(false)}
        destroyOnHidden
      >
        <p className="muted">查看会留痕，本县经办和审计都看得到。两分钟后自动遮盖。</p>
        {failure !== undefined && <Failure error={failure} />}
        <Form layout="vertical" onFinish={(values) => void show(values)}>
          <Form.Item
            name="reason"
            label="事由"
            rules={[
              { required: true, min: 2, whitespace: true, message: '请写明事由，例如“电话核实参保意愿”' },
            ]}
          >
            <Input autoFocus maxLength={200} placeholder="例如：电话核实参保意愿" />
          </Form.Item>
          <DialogButtons act="显示" busy={busy} onCancel={() => setAsking(false)} />
        </Form>
      </Modal>
    </header>
  );
}

function ageOn(birth: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4));
  return day.slice(5) < birth.slice(5) ? years - 1 : years;
}
