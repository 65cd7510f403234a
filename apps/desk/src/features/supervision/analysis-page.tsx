import type { AnswerOf } from '@quanbao/contract/route';
import { analysis } from '@quanbao/contract/supervision';
import { formatValue } from '@quanbao/domain/indicators/indicators';
import { lastPeriods, periodOf } from '@quanbao/domain/supervision/calendar';
import { COLOUR_WORDS, COLOURS, type Colour } from '@quanbao/domain/supervision/warning';
import { Button, Select } from 'antd';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { PeopleLink } from '../../shell/people-link.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { longDay, number, shortDay, signed, signedPoints } from '../../ui/format.ts';
import { Failure, Loading, NoRegister } from '../../ui/states.tsx';
import './supervision.css';

type Line = AnswerOf<typeof analysis>['lines'][number];
type Part = AnswerOf<typeof analysis>['composition'][number];

/** 季度分析 (coverage): level, change, rank, composition, warnings of a place. */
export default function AnalysisPage() {
  const { region, query, set } = useHere();
  const { days } = useSession();
  const latest = days?.latest;
  const quarter = query.quarter ?? (latest ? periodOf('quarter', latest).code : undefined);
  const { data, error, refetch } = useRead(
    analysis,
    { query: { region, quarter } },
    { enabled: quarter !== undefined },
  );
  if (latest === undefined) return <NoRegister title="还没有户籍人口名单，没有可以分析的数字" />;
  const columns: readonly Column<Line>[] = [
    { key: 'name', title: '指标', width: 220, cell: ({ name }) => name },
    {
      key: 'value',
      title: data ? shortDay(data.day) : '季末',
      width: 120,
      align: 'right',
      cell: (one) => <span title={one.reference}>{shown(one, one.value)}</span>,
    },
    {
      key: 'before',
      title: data?.before ? shortDay(data.before) : '上季末',
      width: 120,
      align: 'right',
      cell: (one) => (data?.before === null ? '—' : shown(one, one.before)),
    },
    {
      key: 'change',
      title: '变化',
      width: 160,
      align: 'right',
      cell: ({ change, unit }) =>
        change === null ? '—' : unit === '%' ? signedPoints(change) : signed(change),
    },
    ...(data?.lines.some(({ rank }) => rank !== null)
      ? [
          {
            key: 'rank',
            title: '在各乡镇中',
            width: 110,
            align: 'right' as const,
            cell: ({ rank, of }: Line) => (rank === null ? '—' : `第 ${rank} / ${of}`),
          },
        ]
      : []),
  ];
  const parts: readonly Column<Part>[] = [
    { key: 'name', title: '构成', width: 300, cell: ({ name }) => name },
    {
      key: 'people',
      title: '人数',
      width: 120,
      align: 'right',
      cell: ({ indicator, people }) => (
        <PeopleLink of={{ indicator, asOf: data?.day }}>{number(people)}</PeopleLink>
      ),
    },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{data ? `${data.region.name}${data.title}参保扩面分析` : '季度分析'}</h1>
        <span className="muted">
          {data &&
            `截至${longDay(data.day)}${data.before ? `，与${longDay(data.before)}相比` : '，没有上季末的名单可比'}。`}
          基金运行部分待基金数据接入。
        </span>
        <div className="page-tools no-print">
          <Select
            aria-label="季度"
            value={quarter}
            options={lastPeriods('quarter', latest, 4).map(({ code, title }) => ({
              value: code,
              label: title,
            }))}
            onChange={(value) => set({ quarter: value })}
          />
          <Button onClick={() => window.print()}>打印</Button>
        </div>
      </div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <>
          <DataTable label="指标" columns={columns} rows={data.lines} keyOf={({ indicator }) => indicator} />
          <section className="sup-part">
            <h2>预警和督办</h2>
            <p>
              本季度下达督办单 {data.orders.raised} 份，办结 {data.orders.closed} 份，逾期未答复{' '}
              {data.orders.late} 份；到期应报报表 {data.submissions.owed} 份，按时报送{' '}
              {data.submissions.inTime} 份，迟报 {data.submissions.late} 份，没有报送{' '}
              {data.submissions.missing} 份。
            </p>
            {data.warnings.length === 0 && <p className="muted">没有预警。</p>}
            <ul className="plain sup-lit">
              {heaviestFirst(data.warnings).map((one) => (
                <li key={one.place + one.words}>
                  <span className={`sup-cell ${one.colour}`}>{COLOUR_WORDS[one.colour as Colour]}</span>{' '}
                  {one.place}：{one.words}
                </li>
              ))}
            </ul>
          </section>
          <DataTable
            label="人口构成"
            columns={parts}
            rows={data.composition}
            keyOf={({ indicator }) => indicator}
          />
        </>
      )}
    </div>
  );
}

function shown({ indicator, unit }: Line, value: number | null): string {
  return unit === '%' ? formatValue(indicator, value) : number(value);
}

function heaviestFirst<One extends { readonly colour: string }>(lit: readonly One[]): One[] {
  const weight = ({ colour }: One): number => COLOURS.indexOf(colour as Colour);
  return lit.toSorted((a, b) => weight(b) - weight(a));
}
