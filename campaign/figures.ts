import { formatRate, indicatorValue } from '@quanbao/domain/indicators/indicators';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { measure } from '../apps/server/src/features/targets/index.ts';
import { type Campaign, COUNTY, OFFICE } from './county.ts';
import { inHtml } from './html.ts';

/** Where the county stood on an evening. */
export interface Evening {
  readonly day: PlainDate;
  readonly inScope: number;
  readonly registered: number;
  readonly open: number;
  readonly coverage: number;
  readonly paying: number;
  readonly verified: number | null;
  readonly visits: number;
  readonly towns: readonly {
    readonly name: string;
    readonly coverage: number;
    readonly verified: number | null;
  }[];
  readonly seconds: number;
  readonly memoryMb: number;
}

export async function eveningOf(campaign: Campaign, day: PlainDate, seconds: number): Promise<Evening> {
  return campaign.instance.db.transaction(OFFICE, async (tx) => {
    const { whole, places } = await measure(tx, OFFICE, COUNTY, day);
    const rate = (code: string, count = whole): number => indicatorValue(code, count) ?? 0;
    const verified = (count = whole): number | null => indicatorValue('verify-task-rate', count);
    return {
      day,
      inScope: whole('in-scope'),
      registered: whole('registered'),
      open: whole('uninsured-open'),
      coverage: rate('coverage-rate'),
      paying: rate('paying-rate'),
      verified: verified(),
      visits: campaign.begun.get('走访') ?? 0,
      towns: places.map(({ name, count }) => ({
        name,
        coverage: rate('coverage-rate', count),
        verified: verified(count),
      })),
      seconds,
      memoryMb: process.memoryUsage.rss() / 1024 ** 2,
    };
  });
}

interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly colour: string;
  readonly plan?: boolean;
}

/** In pixels of the drawing; a small one stands beside others of its kind. */
const SHAPES = {
  large: { w: 860, h: 280, left: 76, foot: 34, ticks: 10, marks: 4 },
  small: { w: 320, h: 140, left: 54, foot: 26, ticks: 4, marks: 2 },
} as const;
const RIGHT = 24;
const TOP = 12;

/** Lines over the days; the scale begins where the values do, as its marks say. */
function chart(
  title: string,
  days: readonly PlainDate[],
  lines: readonly Line[],
  text: (n: number) => string,
  scale?: readonly [number, number],
  shape: keyof typeof SHAPES = 'large',
): string {
  const { w: W, h: H, left: LEFT, foot: FOOT, ticks: most, marks: parts } = SHAPES[shape];
  const values = lines.flatMap((line) => line.values.filter((n) => n !== null));
  const low = scale?.[0] ?? Math.min(...values);
  const high = Math.max(scale?.[1] ?? low, ...values, low + 1e-9);
  const x = (i: number): number => LEFT + ((W - LEFT - RIGHT) * i) / Math.max(1, days.length - 1);
  const y = (n: number): number => TOP + (H - TOP - FOOT) * (1 - (n - low) / (high - low));
  const marks = Array.from({ length: parts + 1 }, (_, i) => low + ((high - low) * i) / parts);
  const grid = marks
    .map(
      (n) =>
        `<path d="M${LEFT} ${y(n).toFixed(1)}H${W - RIGHT}" stroke="#e6e9ee"/><text x="${LEFT - 6}" y="${(y(n) + 4).toFixed(1)}" text-anchor="end">${text(n)}</text>`,
    )
    .join('');
  const step = Math.max(1, Math.ceil(days.length / most));
  const ticks = days
    .map((day, i) =>
      i % step === 0
        ? `<text x="${x(i).toFixed(1)}" y="${H - 8}" text-anchor="middle">${Number(day.slice(5, 7))}.${Number(day.slice(8))}</text>`
        : '',
    )
    .join('');
  const paths = lines
    .map(({ values: own, colour, plan }) => {
      const points = own.flatMap((n, i) => (n === null ? [] : [`${x(i).toFixed(1)} ${y(n).toFixed(1)}`]));
      return `<path d="M${points.join('L')}" fill="none" stroke="${colour}" stroke-width="2"${plan ? ' class="plan"' : ''}/>`;
    })
    .join('');
  const key =
    lines.length < 2
      ? ''
      : `<p class="numbers">${lines.map((line) => `<span style="color:${line.colour}">— ${inHtml(line.name)}</span>`).join('')}</p>`;
  return `<div class="chart"><h3>${inHtml(title)}</h3><svg viewBox="0 0 ${W} ${H}" role="img" aria-label="${inHtml(title)}">${grid}${ticks}${paths}</svg>${key}</div>`;
}

const percent = (n: number): string => `${(n * 100).toFixed(1)}%`;
const whole = (n: number): string => Math.round(n).toLocaleString('en-US');
const BLUE = '#1f5fa8';
const RED = '#c4161c';

/** Half by the end of August, all of it by the end of October (附件1). */
function planned(day: PlainDate): number {
  const days = (Date.parse(day) - Date.parse('2020-08-01')) / 86_400_000;
  return days <= 30 ? (0.5 * days) / 30 : 0.5 + (0.5 * (days - 30)) / 61;
}

export interface Sizes {
  readonly [name: string]: string;
}

export function figuresBody(
  evenings: readonly Evening[],
  stages: ReadonlyMap<string, number>,
  sizes: Sizes,
): string {
  const days = evenings.map(({ day }) => day);
  const of = (value: (one: Evening) => number | null): (number | null)[] => evenings.map(value);
  const last = evenings.at(-1);
  const towns = last?.towns ?? [];
  const total = [...stages.values()].reduce((sum, n) => sum + n, 0);
  const lowest = Math.min(...evenings.flatMap((one) => one.towns.map(({ coverage }) => coverage)));
  const highest = Math.max(...evenings.flatMap((one) => one.towns.map(({ coverage }) => coverage)));
  return `<div class="cover"><h1>数据与用时</h1><p>2020年8月1日至10月31日逐日结果，均由系统按当日掌握的名单计算。</p></div>
<div class="two">
${chart('城乡居保覆盖率', days, [{ name: '覆盖率', values: of((one) => one.coverage), colour: BLUE }], percent)}
${chart('参保缴费率', days, [{ name: '缴费率', values: of((one) => one.paying), colour: BLUE }], percent)}
${chart(
  '核实任务完成率与计划（附件1：8月底50%，10月底100%）',
  days,
  [
    { name: '完成', values: of((one) => one.verified), colour: BLUE },
    { name: '计划', values: days.map(planned), colour: RED, plan: true },
  ],
  percent,
  [0, 1],
)}
${chart('应保未保（附件5 第7栏，人）', days, [{ name: '应保未保', values: of((one) => one.open), colour: RED }], whole)}
${chart('手机走访累计（条）', days, [{ name: '走访', values: of((one) => one.visits), colour: BLUE }], whole)}
${chart('每一天的用时（秒）', days, [{ name: '秒', values: of((one) => one.seconds), colour: '#6b7280' }], (n) => n.toFixed(1))}
</div><h2>各镇（场、街道）覆盖率</h2><div class="small">${towns
    .map(({ name }) =>
      chart(
        name,
        days,
        [
          {
            name,
            values: evenings.map((one) => one.towns.find((town) => town.name === name)?.coverage ?? null),
            colour: BLUE,
          },
        ],
        percent,
        [lowest, highest],
        'small',
      ),
    )
    .join('')}</div>
<h2>10月底各镇（场、街道）</h2><table class="figures"><tr><th>单位</th><th>覆盖率</th><th>核实任务完成率</th></tr>${towns
    .map(
      ({ name, coverage, verified }) =>
        `<tr><td>${inHtml(name)}</td><td>${formatRate(coverage)}</td><td>${verified === null ? '—' : formatRate(verified)}</td></tr>`,
    )
    .join('')}</table>
<h2>各项工作用时</h2><table class="figures"><tr><th>工作</th><th>用时（秒）</th><th>占比</th></tr>${[
    ...stages,
  ]
    .toSorted(([, a], [, b]) => b - a)
    .map(
      ([stage, n]) =>
        `<tr><td>${inHtml(stage)}</td><td>${n.toFixed(1)}</td><td>${percent(total === 0 ? 0 : n / total)}</td></tr>`,
    )
    .join('')}<tr><td>合计</td><td>${total.toFixed(1)}</td><td>100.0%</td></tr></table>
<h2>规模</h2><table class="figures">${Object.entries(sizes)
    .map(([name, value]) => `<tr><td>${inHtml(name)}</td><td>${inHtml(value)}</td></tr>`)
    .join('')}</table>`;
}
