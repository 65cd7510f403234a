import { stepsOf } from '@quanbao/domain/coverage/steps';
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

export interface CheckResult {
  check: 'journal' | 'steps' | 'counts' | 'forms' | 'search' | 'audit';
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
  results.push(await instance.db.transaction(scope, (tx) => checkForms(tx, scope)));
  options.onProgress?.('核对检索');
  results.push(await instance.db.transaction(scope, (tx) => checkSearch(tx, scope)));
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

async function checkForms(tx: Tx, scope: Scope): Promise<CheckResult> {
  const received = await tx.query<{ as_of: string }>(
    'select distinct as_of from delivery where county = $1 and undone_at is null order by 1',
    [scope.county],
  );
  const [register] = await tx.query(
    `select 1 from delivery where county = $1 and source = 'household-register' and undone_at is null limit 1`,
    [scope.county],
  );
  if (register === undefined) {
    return { check: 'forms', ok: true, message: '还没有户籍人口名单，没有报表可核对。' };
  }
  const days = await askableDays(tx, scope.county);
  const tree = await loadRegionTree(tx, scope.county);
  const failures: string[] = [];
  let forms = 0;
  const foot = async (region: string, day: string, above: FormTable[]): Promise<FormTable[]> => {
    const tables = await countedForms(tx, scope, ['annex4', 'annex5'], region, day);
    forms += tables.length;
    for (const failure of footing(tables, above)) failures.push(`${day} ${failure.message}`);
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
  return {
    check: 'forms',
    ok: failures.length === 0,
    message:
      failures.length === 0 ? `${forms} 张报表表内、表间关系全部相符。` : failures.slice(0, 5).join('；'),
  };
}
