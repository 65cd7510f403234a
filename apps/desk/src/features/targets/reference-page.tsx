import { reference as referenceRoute } from '@quanbao/contract/targets';
import { useParams } from '@tanstack/react-router';
import { useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { longDay } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading } from '../../ui/states.tsx';

const WHAT: Readonly<Record<string, string>> = {
  value: '',
  change: '的变化',
  rank: '的名次',
  pace: '按时间进度应达到',
  gap: '与时间进度之差',
  rest: '（未分村社区）',
};

const OPENS: Readonly<Record<string, string>> = {
  '/people': '打开名单',
  '/items': '打开台账',
  '/indicators': '看口径和各地的数',
};

/** 出处: what a printed number is, what it comes to by what is known now, and whom it counts. */
export default function ReferencePage() {
  const { reference } = useParams({ strict: false }) as { reference: string };
  const { href } = useHere();
  const text = decodeURIComponent(reference);
  const { data, error, refetch } = useRead(referenceRoute, { params: { reference: text } });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data || data.reference !== text) return <Loading />;
  const { link } = data;
  return (
    <div className="page narrow">
      <div className="page-head">
        <h1>
          {data.name}
          {WHAT[data.what]}
        </h1>
      </div>
      <section className="card" aria-label="出处">
        <dl className="facts target-facts">
          <div>
            <dt>现在算得</dt>
            <dd>
              {data.printed}
              {data.what === 'value' && data.unit !== '%' && ` ${data.unit}`}
            </dd>
          </div>
          <div>
            <dt>范围</dt>
            <dd>{data.region.path}</dd>
          </div>
          <div>
            <dt>日期</dt>
            <dd>
              {data.since !== null && `${longDay(data.since)}至`}
              {longDay(data.day)}
            </dd>
          </div>
        </dl>
        <p>
          口径：{data.definition}（{data.clause}）
        </p>
        <p>
          <Go href={href(link.path, link.query)}>{OPENS[link.path] ?? '打开'}</Go>
        </p>
        <p className="muted">出处 {text}</p>
      </section>
    </div>
  );
}
