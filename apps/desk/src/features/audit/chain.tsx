import { chain } from '@quanbao/contract/audit';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useRead } from '../../api/queries.ts';
import { number } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';

type State = Awaited<ReturnType<typeof verify>>;

function verify() {
  return call(chain, { query: { verify: true } });
}

/** How much is sealed, and on demand whether every block still fits the next. */
export function Chain() {
  const { data, error, refetch } = useRead(chain, { query: {} });
  const [verified, setVerified] = useState<State>();
  const { busy, failure, run } = useAct();
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return null;
  return (
    <section className="card chain" aria-label="留痕链">
      <dl className="facts">
        <div>
          <dt>已封存</dt>
          <dd>
            {number(data.blocks)} 块，{number(data.rows)} 条
          </dd>
        </div>
        <div>
          <dt>最近封存</dt>
          <dd>{data.sealedAt ?? '还没有'}</dd>
        </div>
        <div>
          <dt>待封存</dt>
          <dd>
            {number(data.unsealed)} 条{data.oldestUnsealed && `，最早 ${data.oldestUnsealed}`}
          </dd>
        </div>
        {data.head && (
          <div>
            <dt>链头</dt>
            <dd>
              <code title={data.head}>{data.head.slice(0, 16)}…</code>
            </dd>
          </div>
        )}
      </dl>
      <Button loading={busy} onClick={() => void run(async () => setVerified(await verify()))}>
        逐块验证
      </Button>
      {failure !== undefined && <Failure error={failure} />}
      {verified &&
        (verified.verified ? (
          <Alert
            type="success"
            showIcon
            role="status"
            title={`${number(verified.blocks)} 块逐一验证，首尾相连，没有改动。`}
          />
        ) : (
          <Alert
            type="error"
            showIcon
            role="alert"
            title="留痕链不完整：有内容被改动或缺失。请保全现场并报告。"
            description={verified.problems.join('；')}
          />
        ))}
    </section>
  );
}
