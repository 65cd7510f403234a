import type { Method, Scheme } from '@quanbao/domain/assessment/scheme';
import { SHIPPED_SCHEMES } from '@quanbao/domain/assessment/shipped';
import { indicatorValue } from '@quanbao/domain/indicators/indicators';
import type { Scope } from '../db/port.ts';
import {
  addAct,
  advance,
  appeal,
  beginRound,
  countyReach,
  decide,
  enterFact,
  handInSelf,
  saveScheme,
  viewRound,
} from '../features/assessment/index.ts';
import { draftPaper, issuePaper } from '../features/supervision/papers/index.ts';
import { measure } from '../features/targets/index.ts';
import type { Instance } from '../instance.ts';

const DAY = '2020-10-31';
const SCHEME = 'yuanjiang-2020-10';
const DOCUMENT = '《2020年度沅江市工作绩效评估方案》（演示）';
const HANDED_IN = '2020-10-20';
const TOO_LATE = '2020-10-23';
/** What a town claims of itself where it sees itself better than the lists do. */
const CLAIMED = 0.02;

/** The county's own version of what is shipped: its limits are those that its towns can reach in a year. */
function ownScheme(): Scheme {
  const shipped = SHIPPED_SCHEMES.find(({ code }) => code === SCHEME);
  if (shipped === undefined) throw new Error(`No scheme ${SCHEME} is shipped.`);
  const methods: Readonly<Record<string, Method>> = {
    'coverage-rate': {
      kind: 'steps',
      steps: [
        { at: 0.86, points: 20 },
        { at: 0.84, points: 17 },
        { at: 0.82, points: 14 },
        { at: 0.75, points: 10 },
      ],
    },
    'paying-rate': { kind: 'proportional', targets: [{ until: DAY, value: 0.65 }], zeroAt: 0.3 },
    'reason-proved-rate': { kind: 'proportional', targets: [{ until: DAY, value: 0.5 }] },
  };
  return {
    ...shipped,
    document: DOCUMENT,
    sure: 'document',
    lines: shipped.lines.map((line) => ({ ...line, method: methods[line.code] ?? line.method })),
  };
}

/**
 * 第四阶段: each town assesses itself beside what is computed, one appeals and is granted it, the result is frozen, the
 * 验收通报 issued, published, and followed by praise and accountability.
 */
export async function assessOctober(instance: Instance, office: Scope, town: string): Promise<void> {
  await saveScheme(instance, office, ownScheme());
  const { assessment: no } = await beginRound(instance, office, {
    scheme: SCHEME,
    day: DAY,
    selfDue: HANDED_IN,
  });
  const county = countyReach(office);
  const { places } = await instance.db.transaction(office, (tx) => measure(tx, office, office.county, DAY));
  for (const [i, { code: unit, name, count }] of places.entries()) {
    const rate = indicatorValue('coverage-rate', count);
    for (const [line, remark] of [
      ['false-figures', '县专项督查未发现弄虚作假'],
      ['commended', '本年度没有市级以上通报表扬'],
    ] as const) {
      await enterFact(instance, county, no, { unit, line, amount: 0, remark });
    }
    // One has not handed anything in.
    if (i === places.length - 1) continue;
    const claimed = i === 1 && rate !== null;
    const amount = claimed ? Math.min(1, rate + CLAIMED) : rate;
    await handInSelf(
      instance,
      { scope: { ...office, region: unit, actor: 'town' }, office: undefined, whole: false },
      no,
      {
        unit,
        text: `${name}对全覆盖行动进行了自查，逐村核对了未参保人员名单，存在的问题已列入整改。`,
        lines: [
          {
            line: 'coverage-rate',
            amount,
            remark: claimed ? '含本周已登记、名单未更新的人员' : '与调度表一致',
          },
        ],
      },
      i === 2 ? TOO_LATE : HANDED_IN,
    );
  }
  await handInSelf(
    instance,
    county,
    no,
    {
      unit: office.county,
      text: '全市按方案完成四个阶段工作，各镇（场、街道）自查评估已汇总，自查情况报益阳市人社局。',
      lines: [],
    },
    '2020-10-28',
  );
  await advance(instance, office, no, { to: 'draft' });
  const { appeal: number } = await appeal(
    instance,
    { scope: { ...office, region: town, actor: 'town' }, office: undefined, whole: false },
    no,
    {
      unit: town,
      line: 'late-reports',
      claimed: 0,
      reason: '第42周周报迟报系线路检修停电所致，当天已电话报告，附供电所证明。',
    },
  );
  await decide(instance, county, no, number, {
    upheld: true,
    value: 0,
    decision: '停电情况属实，改记为按时报送。',
  });
  await advance(instance, office, no, { to: 'frozen' });
  const { paper } = await draftPaper(instance, office, { kind: 'acceptance', day: DAY });
  const { number: document } = await issuePaper(instance, office, paper, { dated: DAY });
  await advance(instance, office, no, { to: 'published', document });
  const { items } = await viewRound(instance, county, no);
  const ranked = items.filter(({ rank }) => rank !== null);
  const acts = [
    ['award', ranked[0], '核实摸底和扩面登记进度领先，予以通报表扬'],
    [
      'accountability',
      ranked.length > 1 ? ranked.at(-1) : undefined,
      '任务完成排名末位，约谈分管负责人并限期整改',
    ],
  ] as const;
  for (const [kind, standing, words] of acts) {
    if (standing !== undefined)
      await addAct(instance, county, no, { kind, unit: standing.unit, words, document });
  }
}
