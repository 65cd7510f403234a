import { acceptance } from '@quanbao/contract/assessment';
import { draftPaper, papers } from '@quanbao/contract/papers';
import { PAPER_STATES } from '@quanbao/domain/supervision/paper/paper';
import { useParams } from '@tanstack/react-router';
import { Button } from 'antd';
import { call } from '../../api/call.ts';
import { useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { longDay } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { ScrollBox } from '../../ui/scroll-box.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import { Acts } from './acts.tsx';
import './assessment.css';
import { type Acceptance, points } from './contract.ts';

type Unit = Acceptance['passed'][number];

/** 验收: who has passed, with which grade, what followed from it, and the paper that says so. */
export default function AcceptancePage() {
  const { assessment: given } = useParams({ strict: false }) as { assessment: string };
  const { href } = useHere();
  const { data, error, refetch } = useRead(acceptance, { params: { assessment: Number(given) } });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  const { passed, failed, unjudged } = data;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{data.title.replace(/通报$/, '')}</h1>
        {data.document === '' && <span className="tag pending">已定案，没有公布</span>}
        <div className="page-tools no-print">
          <Go href={href(`/assessments/${given}`)}>回到本轮</Go>
          <Button onClick={() => window.print()}>打印</Button>
        </div>
      </div>
      <p className="muted">
        截至 {longDay(data.day)}；方案依据：{data.schemeDocument}
        {data.document && `；通报 ${data.document}`}；定案 SM3 {data.digest.slice(0, 16)}…
      </p>
      <section className="card" aria-label="验收结果">
        <dl className="facts">
          <div>
            <dt>验收合格</dt>
            <dd>{passed.length} 个</dd>
          </div>
          <div>
            <dt>验收不合格</dt>
            <dd>{failed.length} 个</dd>
          </div>
          {unjudged.length > 0 && (
            <div>
              <dt>不能计分</dt>
              <dd>{unjudged.length} 个</dd>
            </div>
          )}
        </dl>
        <table className="data" aria-label="各等次">
          <colgroup>
            <col style={{ width: 120 }} />
            <col style={{ width: 90 }} />
            <col />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">等次</th>
              <th scope="col" className="right">
                单位数
              </th>
              <th scope="col">单位</th>
            </tr>
          </thead>
          <tbody>
            {data.grades.map(({ title, units, names }) => (
              <tr key={title}>
                <th scope="row">{title}</th>
                <td className="right">{units}</td>
                <td>{names.join('、') || '—'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Units title="验收合格的单位" units={passed} assessment={given} />
      <Units title="验收不合格的单位" units={failed} assessment={given} />
      <Units title="不能计分的单位" units={unjudged} assessment={given} />
      {data.acts.length > 0 ? (
        <Acts of={data.acts} />
      ) : (
        <section className="card">
          <h2>通报表扬和问责</h2>
          <p className="muted">没有登记。公布以后，在本轮的页面登记。</p>
        </section>
      )}
      <Bulletins of={data} />
    </div>
  );
}

function Units({
  title,
  units,
  assessment,
}: {
  readonly title: string;
  readonly units: readonly Unit[];
  readonly assessment: string;
}) {
  const { href } = useHere();
  if (units.length === 0) return null;
  return (
    <section className="card">
      <h2>{title}</h2>
      <ScrollBox label={`${title}表格`}>
        <table className="data" aria-label={title}>
          <colgroup>
            <col style={{ width: 70 }} />
            <col style={{ width: 190 }} />
            <col style={{ width: 110 }} />
            <col style={{ width: 150 }} />
            <col style={{ width: 110 }} />
            <col />
          </colgroup>
          <thead>
            <tr>
              <th scope="col" className="right">
                名次
              </th>
              <th scope="col">单位</th>
              <th scope="col" className="right">
                得分率
              </th>
              <th scope="col" className="right">
                得分 / 可计分
              </th>
              <th scope="col">等次</th>
              <th scope="col">说明</th>
            </tr>
          </thead>
          <tbody>
            {units.map((one) => (
              <tr key={one.unit}>
                <td className="right">{one.rank ?? '—'}</td>
                <th scope="row">
                  <Go href={href(`/assessments/${assessment}/units/${encodeURIComponent(one.unit)}`)}>
                    {one.name}
                  </Go>
                </th>
                <td className="right">{one.percent === null ? '—' : `${one.percent.toFixed(2)}%`}</td>
                <td className="right">
                  {points(one.total)} / {points(one.judged)}
                </td>
                <td>{one.gradeTitle}</td>
                <td>
                  {one.why}
                  {one.leftOut > 0 && <small className="assess-sub">另有 {points(one.leftOut)} 分未计</small>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}

/** The papers that say it, and the way to a new one. */
function Bulletins({ of }: { readonly of: Acceptance }) {
  const { href, go } = useHere();
  const may = useMay();
  const { busy, failure, run } = useAct();
  const { data } = useRead(papers, { query: { kind: 'acceptance' } });
  const own = (data?.items ?? []).filter(
    ({ region, state }) => region.code === of.county && state !== 'withdrawn',
  );
  const draft = (): void => {
    void run(async () => {
      const { paper } = await call(draftPaper, {
        body: { kind: 'acceptance', region: of.county, day: of.day },
      });
      go(`/papers/${paper}`);
    });
  };
  return (
    <section className="card no-print" aria-label="验收通报">
      <h2>验收通报</h2>
      {failure !== undefined && <Failure error={failure} />}
      {own.length === 0 && <p className="muted">还没有起草验收通报。</p>}
      <ul className="plain">
        {own.map((line) => (
          <li key={line.paper}>
            <Go href={href(`/papers/${line.paper}`)}>{line.title ?? `${line.region.name}验收通报`}</Go>{' '}
            <span className="muted">
              {PAPER_STATES[line.state as keyof typeof PAPER_STATES]}，统计到 {line.day}
              {line.number && `，${line.number}`}
            </span>
          </li>
        ))}
      </ul>
      {may('papers.write') && may('assessment.write') && !own.some(({ day }) => day === of.day) && (
        <Button loading={busy} onClick={draft}>
          起草验收通报
        </Button>
      )}
    </section>
  );
}
