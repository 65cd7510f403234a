import { groupCode } from '@quanbao/domain/addresses/groups';
import { stepsOf } from '@quanbao/domain/coverage/steps';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import type { FormTable } from '@quanbao/domain/reports/forms';
import { findSource } from '@quanbao/domain/sources/catalogue';
import type { Scope, Tx } from '../db/port.ts';
import { verifyChain } from '../features/audit/index.ts';
import {
  countDisagreements,
  coverageContext,
  findingKey,
  itemKey,
  loadDeliveryRefs,
  stepKey,
  streamPeople,
} from '../features/coverage/index.ts';
import { loadRegionTree } from '../features/regions/index.ts';
import { checkSearchIndex } from '../features/register/index.ts';
import { askableDays, countedForms, footing } from '../features/reports/index.ts';
import { daysAreNoted, verifyJournal } from '../features/sources/index.ts';
import type { Instance } from '../instance.ts';
import { FileStoreError } from '../secrets/file-store.ts';
import { checkFrozen } from './frozen.ts';

export interface CheckResult {
  check: 'journal' | 'steps' | 'counts' | 'forms' | 'ledger' | 'search' | 'frozen' | 'audit';
  ok: boolean;
  /** In Chinese: what was compared, and what disagrees. */
  message: string;
}

/** Recomputes everything from the journal and says what disagrees; changes nothing. */
export async function checkInstance(
  instance: Instance,
  scope: Scope,
  options: { skipJournal?: boolean; onProgress?: (text: string) => void } = {},
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  if (!options.skipJournal) {
    const groups = await verifyJournal(instance, scope, options.onProgress);
    const wrong = groups.flatMap((g) =>
      g.unreadable !== undefined
        ? [`${titleOf(g.source)}（${g.sender}）无法重读：${g.unreadable}`]
        : g.differing > 0
          ? [`${titleOf(g.source)}（${g.sender}）有 ${g.differing} 条与重读结果不一致`]
          : [],
    );
    const lost = await lostDocuments(instance, scope);
    if (lost > 0) wrong.push(`${lost} 份裁定、销号的材料或返回的底册不见了或被改动过`);
    results.push({
      check: 'journal',
      ok: wrong.length === 0,
      message: wrong.length === 0 ? `按原始文件重读 ${groups.length} 组名单，全部一致。` : wrong.join('；'),
    });
  }
  options.onProgress?.('重新判定');
  results.push(await instance.db.transaction(scope, (tx) => checkSteps(tx, scope)));
  results.push(await instance.db.transaction(scope, (tx) => checkCounts(tx, scope)));
  options.onProgress?.('核对报表');
  results.push(...(await instance.db.transaction(scope, (tx) => checkForms(tx, scope))));
  options.onProgress?.('核对检索');
  results.push(await instance.db.transaction(scope, (tx) => checkSearch(tx, scope)));
  options.onProgress?.('核对定稿');
  const frozen = await instance.db.asOwner((tx) => checkFrozen(tx, scope.county));
  results.push({
    check: 'frozen',
    ok: frozen.wrong.length === 0,
    message:
      frozen.wrong.length === 0
        ? `报送的表、印发的材料、考核定案共 ${frozen.texts} 份，与当时的摘要和留痕一致。`
        : `${frozen.wrong.length} 份定稿与当时的摘要或留痕不符：${frozen.wrong.slice(0, 5).join('、')}。`,
  });
  options.onProgress?.('验证留痕');
  const chain = await instance.db.asOwner((tx) =>
    verifyChain(tx, scope.county, instance.keyring.auditKey, instance.dir),
  );
  results.push({
    check: 'audit',
    ok: chain.ok,
    message: chain.ok
      ? `留痕链完整：${chain.blocks} 块 ${chain.rows} 条，未封存 ${chain.unsealed} 条。`
      : `留痕链在第 ${chain.firstBad?.block} 块出现问题：${reasonInChinese(chain.firstBad?.reason ?? '')}`,
  });
  return results;
}

function titleOf(source: string): string {
  return findSource(source)?.title ?? source;
}

async function checkSteps(tx: Tx, scope: Scope): Promise<CheckResult> {
  const context = await coverageContext(tx, scope.county, await loadRegionTree(tx, scope.county));
  const deliveries = await loadDeliveryRefs(tx, scope.county);
  let people = 0;
  const wrong: number[] = [];
  for await (const batch of streamPeople(tx, scope.county, deliveries, undefined, false)) {
    for (const person of batch) {
      people++;
      const result = stepsOf(person, context);
      const same =
        result.steps.map(stepKey).sort().join() === [...person.oldSteps].sort().join() &&
        result.findings.map(findingKey).sort().join() === [...person.oldFindings].sort().join() &&
        result.items.map(itemKey).sort().join() === [...person.oldItems].sort().join();
      if (!same) wrong.push(person.personNo);
    }
  }
  return {
    check: 'steps',
    ok: wrong.length === 0,
    message:
      wrong.length === 0
        ? `重新判定 ${people} 人，结论和台账全部一致。`
        : `重新判定 ${people} 人，${wrong.length} 人不一致（人员编号 ${wrong.slice(0, 5).join('、')} 等）。`,
  };
}

async function checkCounts(tx: Tx, scope: Scope): Promise<CheckResult> {
  const n = await countDisagreements(tx, scope.county);
  const noted = await daysAreNoted(tx, scope.county);
  return {
    check: 'counts',
    ok: n === 0 && noted,
    message: [
      n === 0 ? '按每个人重新加总，计数全部一致。' : `有 ${n} 个计数与逐人加总不一致。`,
      noted ? '' : '县里记下的最新截止日期或首份缴费名单的日子与在用报送不符。',
    ].join(''),
  };
}

async function checkSearch(tx: Tx, scope: Scope): Promise<CheckResult> {
  const { people, waiting, wrong } = await checkSearchIndex(tx, scope.county);
  const late = waiting ? '，另有人员等待编入' : '';
  return {
    check: 'search',
    ok: wrong.length === 0,
    message:
      wrong.length === 0
        ? `检索与 ${people} 人的名单内容一致${late}。`
        : `检索有 ${wrong.length} 人与名单内容不一致（人员编号 ${wrong.slice(0, 5).join('、')} 等）；请运行 quanbao reindex。`,
  };
}

const CHAIN_REASONS: readonly (readonly [RegExp, string])[] = [
  [/^row deleted: seq (\d+)/, '第 $1 条被删除'],
  [/^row inserted into a sealed range: seq (\d+)/, '封存之后插入了第 $1 条'],
  [/^row inserted/, '多出了记录'],
  [/^row edited/, '记录被改动'],
  [/^block missing before this one/, '前面缺少一块'],
  [/^does not follow the block before it/, '与前一块接不上'],
  [/^block altered or sealed with another key/, '封存块被改动，或用别的密钥封存'],
  [/^block deleted: it was exported on (\S+)/, '$1 导出过的块被删除'],
  [/^block replaced: another was exported on (\S+)/, '与 $1 导出的块不同'],
  [/^audit-heads\.log altered at line (\d+)/, 'audit-heads.log 第 $1 行被改动'],
];

function reasonInChinese(reason: string): string {
  const known = CHAIN_REASONS.find(([pattern]) => pattern.test(reason));
  return known === undefined ? reason : reason.replace(known[0], known[1]);
}

/** Documents of decisions and returned workbooks that can no longer be read. */
async function lostDocuments(instance: Instance, scope: Scope): Promise<number> {
  const rows = await instance.db.transaction(scope, (tx) =>
    tx.query<{ digest: string }>(
      `select document_digest as digest from adjudication where county = $1
       union select document_digest from ledger_closing where county = $1
       union select document_digest from supervision_step where county = $1 and document_digest is not null
       union select stored from workbook_return where county = $1`,
      [scope.county],
    ),
  );
  let lost = 0;
  for (const { digest } of rows) {
    try {
      for await (const _ of instance.files.open(digest));
    } catch (error) {
      if (!(error instanceof FileStoreError)) throw error;
      lost++;
    }
  }
  return lost;
}

/** People in scope and not registered: 附件5 column 7. */
const WAITING_COLUMN = 7;
const NO_REGISTER = '还没有户籍人口名单，没有报表可核对。';

/** The forms against each other and, as they are counted once for both, the ledger against 附件5. */
async function checkForms(tx: Tx, scope: Scope): Promise<CheckResult[]> {
  const received = await tx.query<{ as_of: string }>(
    'select distinct as_of from delivery where county = $1 and undone_at is null order by 1',
    [scope.county],
  );
  const [register] = await tx.query(
    `select 1 from delivery where county = $1 and source = 'household-register' and undone_at is null limit 1`,
    [scope.county],
  );
  if (register === undefined) {
    return [
      { check: 'forms', ok: true, message: NO_REGISTER },
      { check: 'ledger', ok: true, message: NO_REGISTER },
    ];
  }
  const days = await askableDays(tx, scope.county);
  const tree = await loadRegionTree(tx, scope.county);
  const failures: string[] = [];
  const waiting = new Waiting();
  let forms = 0;
  const foot = async (region: string, day: string, above: FormTable[]): Promise<FormTable[]> => {
    const tables = await countedForms(tx, scope, ['annex4', 'annex5'], region, day);
    forms += tables.length;
    for (const failure of footing(tables, above)) failures.push(`${day} ${failure.message}`);
    waiting.note(tables, day);
    return tables;
  };
  for (const { as_of: day } of received) {
    if (day < days.first) continue;
    const county = await foot(scope.county, day, []);
    for (const town of tree.children(scope.county, day)) {
      const tables = await foot(town.code, day, county);
      if (day !== days.latest) continue;
      for (const village of tree.children(town.code, day)) await foot(village.code, day, tables);
    }
  }
  return [
    {
      check: 'forms',
      ok: failures.length === 0,
      message:
        failures.length === 0 ? `${forms} 张报表表内、表间关系全部相符。` : failures.slice(0, 5).join('；'),
    },
    await checkLedger(tx, scope, tree, waiting, days.latest),
  ];
}

/** What 附件5 says of every place and day that it was counted for. */
class Waiting {
  /** By day, then place. */
  readonly days = new Map<string, Map<string, number>>();

  note(tables: readonly FormTable[], day: string): void {
    const places = this.days.get(day) ?? new Map<string, number>();
    this.days.set(day, places);
    for (const { form, region, rows, total } of tables) {
      if (form.code !== 'annex5') continue;
      // 未分村社区 stands under its town's code, and is that less the town's villages.
      for (const row of rows)
        if (row.code !== region.code) places.set(row.code, Number(row.cells[WAITING_COLUMN]));
      places.set(region.code, Number(total.cells[WAITING_COLUMN]));
    }
  }
}

/** Open 应保未保 of each place and day against 附件5: what nobody works on is missing there, what is worked on in vain is too many. */
async function checkLedger(
  tx: Tx,
  scope: Scope,
  tree: RegionTree,
  waiting: Waiting,
  latest: string,
): Promise<CheckResult> {
  const open = await openItems(tx, scope.county, [...waiting.days.keys()], latest);
  const wrong = new Map<string, string>();
  let compared = 0;
  for (const [day, places] of waiting.days) {
    for (const [place, form] of places) {
      compared++;
      const items = open.get(`${day} ${place}`) ?? 0;
      if (items !== form)
        wrong.set(place, `${day} ${tree.path(place)}（${place}）台账 ${items} 笔、附件5 ${form} 人`);
    }
  }
  // The smallest places first: what is wrong in a village is wrong in its town and its county.
  const said = [...wrong].toSorted(([a], [b]) => b.length - a.length || (a < b ? -1 : 1));
  return {
    check: 'ledger',
    ok: wrong.size === 0,
    message:
      wrong.size === 0
        ? `未销号的应保未保与附件5第7栏在 ${compared} 处（各级各日）全部相符。`
        : `${wrong.size} 处未销号的应保未保与附件5第7栏不符：${said
            .slice(0, 5)
            .map(([, words]) => words)
            .join(
              '；',
            )}。刚升级的，请先运行 quanbao ledger rebuild；否则请查明谁改动过数据库，从改动前的备份恢复。`,
  };
}

/** Of every place on every day, and of the groups on the latest, for which alone their forms are counted. */
async function openItems(
  tx: Tx,
  county: string,
  days: readonly string[],
  latest: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ day: string; place: string; group: number | null; n: number }>(
    `with open as (
       select d.day, i.person_no, i.region from ledger_item i
         join unnest($2::text[]) as d (day) on i.from_day <= d.day and i.to_day > d.day
       where i.county = $1 and i.kind = 'uninsured' and i.state <> 'closed')
     select day, left(region, digits) as place, null::int as "group", count(*)::int as n
       from open cross join (values (6), (9), (12)) as g (digits) where length(region) >= digits group by 1, 2
     union all
     select o.day, o.region, s.group_no, count(*)::int from open o
       join step s on s.county = $1 and s.person_no = o.person_no and s.from_day <= o.day and s.to_day > o.day
     where o.day = $3 group by 1, 2, 3`,
    [county, days, latest],
  );
  return new Map(
    rows.map(({ day, place, group, n }) => [
      `${day} ${group === null ? place : groupCode(place, Number(group))}`,
      Number(n),
    ]),
  );
}
