import { formatYuan } from '@quanbao/domain/kernel/money';
import type { QueryClient } from '@tanstack/react-query';
import { number } from '../../ui/format.ts';
import type { PlanLine } from './contract.ts';

/** 1,204, or 1,200.50 of money. */
export function amountText(plan: Pick<PlanLine, 'unit'>, n: number | null): string {
  if (n === null) return '待接入';
  return plan.unit === 'fen' ? formatYuan(n).replace(/\B(?=(\d{3})+(?!\d))/g, ',') : number(n);
}

export const STATE_TONE: Readonly<Record<string, string>> = {
  behind: 'conflict',
  done: 'in-force',
  ahead: 'active',
  pending: 'pending',
  none: '',
};

/** Every number beside a plan moves with it. */
export function refreshPlans(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({
    predicate: ({ queryKey }) => /^\/api\/(targets|figures)/.test(String(queryKey[0])),
  });
}
