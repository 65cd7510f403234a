import { splitByWeights, sumOf } from '@quanbao/domain/targets/split';
import { InputNumber } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { ScrollBox } from '../../ui/scroll-box.tsx';
import type { PlanPage } from './contract.ts';
import { amountText } from './targets.ts';

export interface HandSplit {
  readonly weights: readonly { readonly region: string; readonly weight: number }[];
  /** Why it cannot be done as it stands. */
  readonly wrong: string | undefined;
}

interface Props {
  readonly of: PlanPage;
  readonly way: 'weights' | 'amounts';
  readonly onChange: (split: HandSplit) => void;
}

/** Weights, or amounts, entered for each unit; what each then has, and the sum, stand beside it at once. */
export function HandTable({ of, way, onChange }: Props) {
  const { plan, places } = of;
  const total = of.whole.standing.amount;
  const scale = way === 'amounts' && plan.unit === 'fen' ? 100 : 1;
  const [weights, setWeights] = useState<Readonly<Record<string, number>>>(() =>
    Object.fromEntries(
      places.map(({ place, standing, weight }) => [
        place.code,
        way === 'weights' ? (weight ?? standing.amount) : standing.amount,
      ]),
    ),
  );
  const split = useMemo(
    () => divide(weights, total, way, (n) => amountText(plan, n)),
    [weights, total, way, plan],
  );
  useEffect(() => onChange(split), [split, onChange]);
  return (
    <>
      <ScrollBox label="手工分解" className="target-hand">
        <table className="data" aria-label="手工分解">
          <thead>
            <tr>
              <th scope="col">单位</th>
              <th scope="col">
                {way === 'weights' ? '权重' : `任务数${plan.unit === 'fen' ? '（元）' : ''}`}
              </th>
              <th scope="col" className="right">
                现为
              </th>
              <th scope="col" className="right">
                分得
              </th>
            </tr>
          </thead>
          <tbody>
            {places.map(({ place, standing }) => (
              <tr key={place.code}>
                <th scope="row">{place.name}</th>
                <td>
                  <InputNumber
                    aria-label={`${place.name}的${way === 'weights' ? '权重' : '任务数'}`}
                    size="small"
                    min={0}
                    precision={scale === 100 ? 2 : 0}
                    max={90_000_000_000}
                    controls={false}
                    value={(weights[place.code] ?? 0) / scale}
                    onChange={(n) => setWeights({ ...weights, [place.code]: Math.round((n ?? 0) * scale) })}
                  />
                </td>
                <td className="right">{amountText(plan, standing.amount)}</td>
                <td className="right">{amountText(plan, split.amounts?.get(place.code) ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <p className={split.wrong === undefined ? 'target-notice' : 'target-notice wrong'} role="status">
        {split.wrong ?? `各单位之和 ${amountText(plan, total)}，等于${of.region.name}的任务数。`}
      </p>
    </>
  );
}

function divide(
  given: Readonly<Record<string, number>>,
  total: number,
  way: Props['way'],
  print: (n: number) => string,
): HandSplit & { readonly amounts?: ReadonlyMap<string, number> } {
  const weights = Object.entries(given).map(([region, weight]) => ({ region, weight }));
  const sum = weights.reduce((all, { weight }) => all + weight, 0);
  if (way === 'amounts' && sum !== total) {
    const amounts = new Map(weights.map(({ region, weight }) => [region, weight]));
    const far = `${sum > total ? '多' : '少'} ${print(Math.abs(sum - total))}`;
    return {
      weights,
      amounts,
      wrong: `各单位之和 ${print(sum)}，比任务数 ${print(total)} ${far}；改到相等才能分解`,
    };
  }
  try {
    const split = splitByWeights(total, weights);
    if (sumOf(split) !== total) return { weights, wrong: '各单位之和与任务数不等，不能分解' };
    return {
      weights,
      wrong: undefined,
      amounts: new Map(split.map(({ region, amount }) => [region, amount])),
    };
  } catch (error) {
    return { weights, wrong: (error as Error).message };
  }
}
