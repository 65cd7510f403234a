import { Readable } from 'node:stream';
import type { ClosingPaper, LedgerKindCode } from '@quanbao/domain/ledger/kinds';
import type { Scope } from '../db/port.ts';
import { assignItems, closeItems, listLedger, noteNotices, undoClosing } from '../features/ledger/index.ts';
import { keepFile } from '../features/originals/index.ts';
import type { Instance } from '../instance.ts';
import type { VisitedVillage } from './campaign.ts';

const DUE = '2020-11-15';
const DAY = '2020-10-31';
/** Items that each of the villages on their way has been given. */
const GIVEN = { villages: 4, items: 6 };

/** Written off by hand: of each kind so many. */
const CLOSED: readonly {
  readonly kind: LedgerKindCode;
  readonly paper: ClosingPaper;
  readonly items: number;
  readonly reason: string;
  readonly document: string;
}[] = [
  {
    kind: 'reaching-60',
    paper: 'deferral',
    items: 2,
    reason: '本人选择补缴满15年后再领取，已签字',
    document: '延后补缴申请（演示）.txt',
  },
  {
    kind: 'duplicate',
    paper: 'refund',
    items: 2,
    reason: '职工养老保险已接续，城乡居保重复缴费已清退',
    document: '清退办结通知单（演示）.txt',
  },
  {
    kind: 'quality',
    paper: 'check-record',
    items: 3,
    reason: '入户核对户口簿和身份证，信息无误',
    document: '核实记录（演示）.txt',
  },
];

/** The ledger as it is worked with: given to villages with a day, some of it written off by hand, one taken back. */
export async function workLedger(
  instance: Instance,
  county: string,
  visited: readonly VisitedVillage[],
): Promise<void> {
  const office: Scope = { county, region: county, actor: 'county' };
  for (const { village, login } of visited.slice(0, GIVEN.villages)) {
    const { items } = await listLedger(
      instance,
      office,
      { kind: 'uninsured', state: 'verify', region: village },
      { limit: GIVEN.items },
    );
    const numbers = items.map(({ number }) => number);
    if (numbers.length > 0)
      await assignItems(instance, office, { numbers, assignee: login, due: DUE }, office);
  }
  for (const { kind, paper, items: most, reason, document } of CLOSED) {
    const { items } = await listLedger(instance, office, { kind }, { limit: most });
    const numbers = items.map(({ number }) => number);
    if (numbers.length === 0) continue;
    const { digest } = await keepFile(instance, office, Readable.from([`演示材料：${reason}。\n`]));
    await closeItems(instance, office, { numbers, reason, paper, from: DAY }, { name: document, digest });
  }
  const [last] = await instance.db.transaction(office, (tx) =>
    tx.query<{ closing: number }>(
      'select max(closing)::int as closing from ledger_closing where county = $1',
      [county],
    ),
  );
  if (last?.closing) await undoClosing(instance, office, Number(last.closing));
}

/** The first village signs for what its own visits brought; what comes later waits. */
export async function signNotices(
  instance: Instance,
  county: string,
  visited: readonly VisitedVillage[],
): Promise<void> {
  const [first] = visited;
  if (first === undefined) return;
  const scope: Scope = { county, region: first.village, actor: first.login, duty: 'read' };
  await noteNotices(instance, scope, { upTo: Number.MAX_SAFE_INTEGER });
}
