import { verifyAssessment } from '@quanbao/contract/assessment';
import type { AnswerOf } from '@quanbao/contract/route';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useMay } from '../../api/session.ts';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { RoundHead } from './contract.ts';

/** The digest of what was frozen, and whether today's rules still give it. */
export function Verify({ round }: { readonly round: RoundHead }) {
  const may = useMay();
  const { busy, failure, run } = useAct();
  const [found, setFound] = useState<AnswerOf<typeof verifyAssessment>>();
  const verify = (): void => {
    void run(async () =>
      setFound(await call(verifyAssessment, { params: { assessment: round.assessment } })),
    );
  };
  return (
    <section className="card" aria-labelledby="assess-verify">
      <h2 id="assess-verify">定案摘要</h2>
      <p>
        SM3 <code className="assess-digest">{round.digest}</code>{' '}
        {may('assessment.write') && (
          <Button size="small" className="no-print" loading={busy} onClick={verify}>
            重新计算核对
          </Button>
        )}
      </p>
      {failure !== undefined && <Failure error={failure} />}
      {found && (
        <Alert
          type={found.same ? 'success' : 'error'}
          showIcon
          role="status"
          title={
            found.same
              ? '用定案时的数据重新计算，得分、等次和摘要都相同。'
              : '与定案不同，请停止使用并查明原因。'
          }
          description={found.differences.length > 0 ? found.differences.join('；') : undefined}
        />
      )}
    </section>
  );
}
