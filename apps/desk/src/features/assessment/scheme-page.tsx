import { saveScheme, scheme as schemeRoute } from '@quanbao/contract/assessment';
import { schemeProblems } from '@quanbao/domain/assessment/check';
import { LINE_WORDS, type Scheme, type SchemeLine } from '@quanbao/domain/assessment/scheme';
import { plain, sourceWords } from '@quanbao/domain/assessment/source';
import { useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Alert, App, Button, Input, InputNumber, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { call } from '../../api/call.ts';
import { useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import './assessment.css';
import { refreshAssessments } from './contract.ts';
import { Grades } from './grades.tsx';
import { LineDialog } from './line-dialog.tsx';
import { methodWords } from './method-text.ts';

/** A scheme, checked while it is changed; saving makes a new version. */
export default function SchemePage() {
  const { scheme: code } = useParams({ strict: false }) as { scheme: string };
  const { data, error, refetch } = useRead(schemeRoute, { params: { scheme: code } });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <Editor
      key={`${code} ${data.head.version}`}
      stored={data.content as Scheme}
      version={data.head.version}
    />
  );
}

function Editor({ stored, version }: { readonly stored: Scheme; readonly version: number }) {
  const may = useMay();
  const { go } = useHere();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const [scheme, setScheme] = useState(stored);
  const [editing, setEditing] = useState<{ readonly line: SchemeLine | undefined }>();
  const write = may('assessment.write');
  const problems = schemeProblems(scheme);
  const changed = JSON.stringify(scheme) !== JSON.stringify(stored);
  const set = (changes: Partial<Scheme>): void => setScheme({ ...scheme, ...changes });
  const save = (): void => {
    void run(async () => {
      const done = await call(saveScheme, { body: structuredClone(scheme) as never });
      message.success(`已保存为第 ${done.version} 版；以后开始的轮次用它。`);
      await refreshAssessments(queries);
      if (scheme.code !== stored.code) go(`/assessment/schemes/${scheme.code}`);
    });
  };
  const put = (line: SchemeLine): void => {
    const at = editing?.line === undefined ? -1 : scheme.lines.indexOf(editing.line);
    set({ lines: at < 0 ? [...scheme.lines, line] : scheme.lines.with(at, line) });
    setEditing(undefined);
  };
  return (
    <div className="page">
      <div className="page-head">
        <h1>{scheme.title}</h1>
        <span className="muted">{version === 0 ? '随系统提供' : `第 ${version} 版`}</span>
        <div className="page-tools no-print">
          {write && (
            <>
              <Button onClick={() => setScheme(stored)} disabled={!changed}>
                撤销改动
              </Button>
              <Button type="primary" onClick={save} loading={busy} disabled={!changed || problems.length > 0}>
                保存为新的一版
              </Button>
            </>
          )}
        </div>
      </div>
      {scheme.sure === 'own' && (
        <Alert
          type="warning"
          showIcon
          title="权重和分档由系统自拟：文件没有载明。请按本县文件改定，写上文号，并把“权重来历”改为“按文件”。"
        />
      )}
      {failure !== undefined && <Failure error={failure} />}
      {changed && problems.length > 0 && (
        <section className="card" aria-label="需要改正" role="status">
          <ul className="assess-problems">
            {problems.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </section>
      )}
      <Head scheme={scheme} set={set} write={write} />
      <LinesTable scheme={scheme} set={set} write={write} onEdit={(line) => setEditing({ line })} />
      <Grades scheme={scheme} set={set} write={write} />
      {editing && (
        <LineDialog scheme={scheme} line={editing.line} onClose={() => setEditing(undefined)} onDone={put} />
      )}
    </div>
  );
}

interface Part {
  readonly scheme: Scheme;
  readonly set: (changes: Partial<Scheme>) => void;
  readonly write: boolean;
}

function Head({ scheme, set, write }: Part) {
  const field = (label: string, control: ReactNode) => (
    <div>
      <dt>{label}</dt>
      <dd>{control}</dd>
    </div>
  );
  const text = (label: string, key: 'title' | 'code' | 'from' | 'document', width: number) =>
    field(
      label,
      <Input
        aria-label={label}
        style={{ width }}
        readOnly={!write}
        value={scheme[key]}
        onChange={(event) => set({ [key]: event.target.value })}
      />,
    );
  const amount = (label: string, key: 'full' | 'bonusCap' | 'decimals') =>
    field(
      label,
      <InputNumber
        aria-label={label}
        style={{ width: 90 }}
        min={0}
        readOnly={!write}
        value={scheme[key]}
        onChange={(value) => set({ [key]: value ?? 0 })}
      />,
    );
  return (
    <section className="card" aria-label="方案">
      <dl className="facts">
        {text('名称', 'title', 320)}
        {text('代码（改了就是另一个方案）', 'code', 190)}
        {text('起用', 'from', 120)}
        {text('依据的文件和文号', 'document', 420)}
        {field(
          '权重来历',
          <Select
            aria-label="权重来历"
            style={{ width: 120 }}
            disabled={!write}
            value={scheme.sure}
            options={[
              { value: 'own', label: '系统自拟' },
              { value: 'document', label: '按文件' },
            ]}
            onChange={(sure) => set({ sure })}
          />,
        )}
        {amount('满分', 'full')}
        {amount('加分上限', 'bonusCap')}
        {amount('得分小数位', 'decimals')}
        {scheme.assessed === 'offices' &&
          field(
            '被考核的部门',
            <Select
              aria-label="被考核的部门"
              mode="tags"
              style={{ minWidth: 420 }}
              disabled={!write}
              value={[...scheme.offices]}
              onChange={(offices) => set({ offices })}
            />,
          )}
      </dl>
    </section>
  );
}

function LinesTable({
  scheme,
  set,
  write,
  onEdit,
}: Part & { readonly onEdit: (line: SchemeLine | undefined) => void }) {
  const columns: readonly Column<SchemeLine>[] = [
    { key: 'title', title: '考核内容', width: 230, cell: ({ title }) => title },
    { key: 'kind', title: '种类', width: 80, cell: ({ kind }) => LINE_WORDS[kind] },
    {
      key: 'source',
      title: '数值',
      width: 190,
      cell: ({ source }) => {
        const words = sourceWords(source);
        return (
          <span title={words?.definition}>
            {words?.name ?? '没有这个指标'}
            {words?.pending && <span className="tag pending">待接入</span>}
            {'fact' in source && <small className="assess-sub">县级登记</small>}
          </span>
        );
      },
    },
    {
      key: 'full',
      title: '满分',
      width: 60,
      align: 'right',
      cell: ({ full, kind }) => (kind === 'veto' ? '' : plain(full)),
    },
    { key: 'method', title: '计分', width: 330, cell: (line) => methodWords(line, scheme.grades) },
    { key: 'basis', title: '条款', width: 110, cell: ({ basis }) => basis },
  ];
  const sum = scheme.lines.reduce((all, { kind, full }) => all + (kind === 'score' ? full : 0), 0);
  return (
    <DataTable
      label="方案的各行"
      columns={columns}
      rows={scheme.lines}
      keyOf={({ code }) => code}
      heading={`计分行满分合计 ${plain(sum)} 分`}
      {...(write
        ? {
            tools: <Button onClick={() => onEdit(undefined)}>增加一行</Button>,
            actions: (line: SchemeLine) => (
              <>
                <Button type="link" size="small" onClick={() => onEdit(line)}>
                  修改
                </Button>
                <Button
                  type="link"
                  size="small"
                  danger
                  onClick={() => set({ lines: scheme.lines.filter((one) => one !== line) })}
                >
                  删去
                </Button>
              </>
            ),
          }
        : {})}
    />
  );
}
