import { formatRate } from '@quanbao/domain/indicators/indicators';
import type { Standing } from './contract.ts';

/** How much is done, with a mark where time says it should be. */
export function Bar({ of }: { readonly of: Standing }) {
  const { amount, done, planned } = of;
  if (amount === 0 || done === null) return null;
  const part = (n: number) => `${Math.min(100, (n / amount) * 100)}%`;
  const words = `完成 ${formatRate(done / amount)}，按时间应完成 ${formatRate(planned / amount)}`;
  return (
    <span className="target-bar" role="img" aria-label={words} title={words}>
      <i className={of.state} style={{ width: part(done) }} />
      <u style={{ left: part(planned) }} />
    </span>
  );
}
