import { dropTemplate, paperTemplate, saveTemplate } from '@quanbao/contract/papers';
import { PAPER_KINDS, PAPER_WORDS, type PaperKind } from '@quanbao/domain/supervision/paper/paper';
import { App, Select } from 'antd';
import { call } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { useRead } from '../../api/queries.ts';
import { useMay, useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { TemplateForm } from './template-form.tsx';
import './papers.css';

/** What a kind of paper says and in which order; only the county changes it. */
export default function TemplatePage() {
  const { query, set, href } = useHere();
  const { account } = useSession();
  const may = useMay();
  const { modal, message } = App.useApp();
  const kind = PAPER_KINDS.find((one) => one === query.kind) ?? 'weekly';
  const { data, error, refetch, isPlaceholderData } = useRead(paperTemplate, { params: { paperKind: kind } });
  const mayEdit = may('papers.write') && account.region.code.length === 6;
  const reset = (): void =>
    void modal.confirm({
      title: '恢复随产品提供的模板？',
      content: '本县对这种材料模板的修改会丢失；已印发的材料不受影响。',
      okText: '恢复',
      cancelText: '不恢复',
      onOk: async () => {
        try {
          await call(dropTemplate, { params: { paperKind: kind } });
          await refetch();
        } catch (cause) {
          message.error(cause instanceof Problem ? cause.message : '没有恢复，请重试。');
        }
      },
    });
  return (
    <div className="page">
      <div className="page-head">
        <h1>材料模板</h1>
        <Select
          aria-label="种类"
          style={{ width: 140 }}
          value={kind}
          options={PAPER_KINDS.map((one) => ({ value: one, label: PAPER_WORDS[one] }))}
          onChange={(value: PaperKind) => set({ kind: value })}
        />
        <span className="muted">
          花括号里是数字的占位符，方括号里的话在没有数字时整句不印。已印发的材料不受影响。
        </span>
        <div className="page-tools">
          <Go href={href('/papers')}>全部材料</Go>
        </div>
      </div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {(!data || isPlaceholderData) && !error && <Loading />}
      {data && !isPlaceholderData && (
        <TemplateForm
          key={`${kind} ${data.own} ${JSON.stringify(data.template)}`}
          kind={kind}
          given={data.template}
          own={data.own}
          mayEdit={mayEdit}
          onReset={reset}
          onSave={async (template) => {
            await call(saveTemplate, { params: { paperKind: kind }, body: template });
            await refetch();
          }}
        />
      )}
    </div>
  );
}
