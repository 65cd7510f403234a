import { figures } from '@quanbao/contract/targets';
import {
  BETTER_WORDS,
  findIndicator,
  formatValue,
  INDICATORS,
  PENDING_INDICATORS,
} from '@quanbao/domain/indicators/indicators';
import { useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { IndicatorLink } from '../../shell/indicator-link.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { longDay, number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading, NoRegister } from '../../ui/states.tsx';
import type { Figures } from './contract.ts';
import { IndicatorPlaces } from './indicator-places.tsx';
import './targets.css';

type Value = Figures['items'][number];
type Line = (typeof INDICATORS)[number] | (typeof PENDING_INDICATORS)[number];

const SURE: Readonly<Record<string, string>> = {
  form: '按报表原文',
  own: '本软件的算法',
  reading: '按文件词义理解，原文未下定义',
};
/** Rates first: they are what papers and scores speak of. */
const LINES: readonly Line[] = [
  ...INDICATORS.filter(({ kind }) => kind === 'rate'),
  ...INDICATORS.filter(({ kind }) => kind !== 'rate'),
  ...PENDING_INDICATORS,
];

/** Which way is better, and since when it is defined so. */
export function rangeOf({ better, from }: Pick<Line, 'better' | 'from'>): string {
  return `${BETTER_WORDS[better]}；${longDay(from)}起用`;
}

/** Every number there is: what it means, where it is from, how sure that is, and what it is here on this day. */
export default function IndicatorsPage() {
  const { query, asOf, href, go } = useHere();
  const { data, error, isFetching, refetch } = useRead(
    figures,
    { query: { region: query.region, asOf } },
    { enabled: asOf !== undefined },
  );
  if (asOf === undefined) return <NoRegister title="还没有户籍人口名单，暂时没有数字" />;
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  const values = new Map(data.items.map((item) => [item.code, item]));
  const chosen = findIndicator(query.indicator ?? '')?.code ?? 'coverage-rate';
  const columns: readonly Column<Line>[] = [
    {
      key: 'name',
      title: '指标',
      width: 140,
      cell: ({ code, name, kind }) =>
        kind === 'pending' ? (
          name
        ) : (
          <Go
            href={href('/indicators', { indicator: code })}
            {...(code === chosen ? { className: 'chosen', 'aria-current': 'true' as const } : {})}
          >
            {name}
          </Go>
        ),
    },
    {
      key: 'value',
      title: '数',
      width: 112,
      align: 'right',
      cell: (line) => <ValueCell line={line} value={values.get(line.code)} />,
    },
    {
      key: 'definition',
      title: '口径',
      width: 230,
      cell: (line) => (
        <>
          {line.definition}
          <span className="indicator-parts">{rangeOf(line)}</span>
          {line.kind === 'pending' && <span className="indicator-parts">等待：{line.waitsFor}</span>}
        </>
      ),
    },
    {
      key: 'sure',
      title: '出处',
      width: 150,
      cell: ({ clause, sure }) => (
        <>
          {clause}
          <span className="indicator-parts">{SURE[sure]}</span>
        </>
      ),
    },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>指标口径</h1>
        <span className="muted">
          {data.region.path}，{longDay(data.asOf)}
          。报表、任务、预警、考核用的都是这里的数；点数字看人员或台账，点名称看各地排名和走势。
        </span>
      </div>
      <div className="indicator-columns">
        <DataTable
          label="指标口径"
          columns={columns}
          rows={LINES}
          keyOf={({ code }) => code}
          loading={isFetching}
          onOpen={({ code, kind }) => kind !== 'pending' && go('/indicators', { indicator: code })}
        />
        <IndicatorPlaces code={chosen} />
      </div>
    </div>
  );
}

function ValueCell({ line, value }: { readonly line: Line; readonly value: Value | undefined }) {
  if (line.kind === 'pending') return <span className="tag pending">待接入</span>;
  if (value === undefined) return '—';
  if (line.kind === 'count') {
    return (
      <>
        <IndicatorLink code={line.code}>{number(value.value)}</IndicatorLink> {line.unit}
      </>
    );
  }
  return (
    <>
      {formatValue(line.code, value.value)}
      <span className="indicator-parts">
        {[value.numerator, value.denominator].map(
          (part, at) =>
            part && (
              <span key={part.code} title={part.name}>
                {at > 0 && ' ÷ '}
                <IndicatorLink code={part.code}>{number(part.value)}</IndicatorLink>
              </span>
            ),
        )}
      </span>
    </>
  );
}
