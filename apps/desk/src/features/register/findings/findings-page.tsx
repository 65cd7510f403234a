import { findings } from '@quanbao/contract/register';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { usePages } from '../../../api/queries.ts';
import { useMay } from '../../../api/session.ts';
import { ExportDialog } from '../../../shell/export-dialog.tsx';
import { useHere } from '../../../shell/here.ts';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { number } from '../../../ui/format.ts';
import { Go } from '../../../ui/go.tsx';
import { Nothing } from '../../../ui/states.tsx';
import type { FindingLine, Findings } from './contract.ts';
import { DecideDialog } from './decide-dialog.tsx';
import './findings.css';
import { SideBySide } from './side-by-side.tsx';

/** What lists say against each other, and what is doubtful: by kind and place, then person by person. */
export default function FindingsPage() {
  const { query, region, asOf, set, href } = useHere();
  const may = useMay();
  const queue = query.queue === 'quality' ? 'quality' : 'conflict';
  const { kind, open } = query;
  const state = query.state === 'decided' ? 'decided' : 'waiting';
  const filter = { queue, kind, region, asOf, state } as const;
  const pages = usePages(findings, { query: { ...filter, limit: 100 } });
  const [chosen, setChosen] = useState<ReadonlySet<string | number>>(new Set());
  const [deciding, setDeciding] = useState(false);
  const [exporting, setExporting] = useState(false);
  const ask = (changes: Parameters<typeof set>[0]): void => {
    setChosen(new Set());
    set({ ...changes, open: null });
  };
  const columns: readonly Column<FindingLine>[] = [
    {
      key: 'name',
      title: '姓名',
      width: 80,
      cell: ({ line }) => <Go href={href(`/people/${line.person}`)}>{line.name}</Go>,
    },
    { key: 'id', title: '身份证号码', width: 162, cell: ({ line }) => line.id },
    { key: 'place', title: '所在地', width: 175, cell: ({ line }) => line.region.path },
    ...(kind === undefined
      ? [{ key: 'kind', title: '种类', width: 160, cell: (one: FindingLine) => one.label }]
      : []),
    {
      key: 'verdict',
      title: '现在的结论',
      width: 180,
      cell: ({ line, decided }) => (
        <>
          {decided && <span className="tag in-force">已裁定</span>} {line.verdict}
        </>
      ),
    },
    { key: 'from', title: '自', width: 96, cell: (one) => one.from },
  ];
  const people = [...new Set([...chosen].map((key) => Number(String(key).split('.')[0])))];
  const kinds = new Set([...chosen].map((key) => String(key).split('.')[1]));
  const [openPerson, openKind] = open?.split('.') ?? [];
  const title = queue === 'conflict' ? '矛盾' : '数据待核';
  return (
    <div className="page">
      <div className="page-head">
        <h1>矛盾与待核</h1>
        <Segmented
          aria-label="队列"
          value={queue}
          options={[
            { value: 'conflict', label: '矛盾' },
            { value: 'quality', label: '数据待核' },
          ]}
          onChange={(value) => ask({ queue: value, kind: null })}
        />
        <Segmented
          aria-label="处理情况"
          value={state}
          options={[
            { value: 'waiting', label: `待处理${pages.first ? ` ${number(pages.first.waiting)}` : ''}` },
            { value: 'decided', label: `已裁定${pages.first ? ` ${number(pages.first.decided)}` : ''}` },
          ]}
          onChange={(value) => ask({ state: value === 'decided' ? value : null })}
        />
        {may('findings.decide') && (
          <div className="page-tools">
            <Go href={href('/decisions')}>裁定记录</Go>
          </div>
        )}
      </div>
      <div className="queue">
        <Facets first={pages.first} kind={kind} region={query.region} onAsk={ask} />
        <DataTable
          label={title}
          heading={<h2>{pages.first?.kinds.find((one) => one.kind === kind)?.label ?? `全部${title}`}</h2>}
          total={pages.first?.total}
          columns={columns}
          rows={pages.rows}
          keyOf={(one) => `${one.line.person}.${one.kind}`}
          onOpen={(one) => set({ open: `${one.line.person}.${one.kind}` })}
          {...(may('findings.decide') ? { selection: { keys: chosen, onChange: setChosen } } : {})}
          more={pages.more}
          onMore={pages.fetchMore}
          loading={pages.loading}
          error={pages.error}
          onRetry={pages.retry}
          tools={
            <>
              {may('findings.decide') && (
                <Button
                  type={people.length > 0 ? 'primary' : 'default'}
                  disabled={people.length === 0}
                  onClick={() => setDeciding(true)}
                >
                  {people.length > 0 ? `裁定所选 ${people.length} 人` : '裁定所选'}
                </Button>
              )}
              {may('people.export') && (
                <Button onClick={() => setExporting(true)} disabled={pages.rows.length === 0}>
                  导出清单
                </Button>
              )}
            </>
          }
          empty={
            <Nothing
              title={
                state === 'decided'
                  ? '还没有已裁定的'
                  : queue === 'conflict'
                    ? '没有待处理的矛盾'
                    : '没有待核的数据'
              }
            />
          }
        />
      </div>
      {openPerson && openKind && (
        <SideBySide
          person={Number(openPerson)}
          kind={openKind}
          onClose={() => set({ open: null })}
          next={nextOf(pages.rows, open)}
        />
      )}
      {deciding && (
        <DecideDialog
          people={people}
          kind={kinds.size === 1 ? [...kinds][0] : undefined}
          onClose={() => setDeciding(false)}
          onDone={() => {
            setChosen(new Set());
            setDeciding(false);
          }}
        />
      )}
      {exporting && (
        <ExportDialog
          what={`${state === 'decided' ? '已裁定的' : ''}${title}清单`}
          total={pages.first?.total ?? null}
          of={{ kind: 'findings', filter }}
          onClose={() => setExporting(false)}
        />
      )}
    </div>
  );
}

function nextOf(rows: readonly FindingLine[], open: string | undefined): string | undefined {
  const at = rows.findIndex((one) => `${one.line.person}.${one.kind}` === open);
  const next = at < 0 ? undefined : rows[at + 1];
  return next && `${next.line.person}.${next.kind}`;
}

interface FacetsProps {
  readonly first: Findings | undefined;
  readonly kind: string | undefined;
  readonly region: string | undefined;
  readonly onAsk: (changes: { kind?: string | null; region?: string | null }) => void;
}

/** Kinds and places with their counts; one of each may be chosen. */
function Facets({ first, kind, region, onAsk }: FacetsProps) {
  const all = first?.kinds.reduce((sum, one) => sum + one.people, 0) ?? 0;
  const advice = first?.kinds.find((one) => one.kind === kind)?.advice;
  return (
    <aside className="facets" aria-label="种类和所在地">
      <section className="card" aria-labelledby="kinds">
        <h2 id="kinds">种类</h2>
        <ul className="plain">
          <Facet
            title="全部"
            people={all}
            chosen={kind === undefined}
            onChoose={() => onAsk({ kind: null })}
          />
          {first?.kinds.map((one) => (
            <Facet
              key={one.kind}
              title={one.label}
              people={one.people}
              chosen={kind === one.kind}
              onChoose={() => onAsk({ kind: one.kind })}
            />
          ))}
        </ul>
        {advice && <p className="muted">办法：{advice}。</p>}
      </section>
      <section className="card" aria-labelledby="places">
        <h2 id="places">所在地</h2>
        <ul className="plain">
          {region && <Facet title="回到全部" chosen={false} onChoose={() => onAsk({ region: null })} />}
          {first?.places.map((one) =>
            one.code.length <= 6 || one.code === region ? (
              <li key={one.code} className="here">
                {one.code.length <= 6 ? '未分到乡镇' : one.name}
                <b>{number(one.people)}</b>
              </li>
            ) : (
              <Facet
                key={one.code}
                title={one.name}
                people={one.people}
                chosen={false}
                onChoose={() => onAsk({ region: one.code })}
              />
            ),
          )}
        </ul>
      </section>
    </aside>
  );
}

function Facet({
  title,
  people,
  chosen,
  onChoose,
}: {
  readonly title: string;
  readonly people?: number;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}) {
  return (
    <li>
      <button type="button" aria-pressed={chosen} onClick={onChoose}>
        <span>{title}</span>
        {people !== undefined && <b>{number(people)}</b>}
      </button>
    </li>
  );
}
