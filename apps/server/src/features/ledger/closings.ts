import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import {
  CLOSING_PAPER_WORDS,
  type ClosingPaper,
  findClosingPaper,
  type LedgerKindCode,
  ledgerKind,
  papersClosing,
  parseItemNumber,
} from '@quanbao/domain/ledger/kinds';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { judgeAnew, nextChange, recompute } from '../coverage/index.ts';
import { dropFiles, nameFiles } from '../originals/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { askableDays, chooseDay } from '../reports/index.ts';

type Item = NonNullable<ReturnType<typeof parseItemNumber>>;

/** @throws Refusal for a number that is none */
export function itemOf(number: string): Item {
  const item = parseItemNumber(number);
  if (item === undefined) {
    throw new Refusal('ledger.number', `“${number.slice(0, 40)}”不是台账编号；编号像 A-123 或 C-123-2020。`);
  }
  return item;
}

export interface ClosingOrder {
  readonly numbers: readonly string[];
  readonly reason: string;
  /** What the document is, as the kind's table has it. */
  readonly paper?: string | undefined;
  readonly from?: PlainDate | undefined;
}

/**
 * Writes items off by hand (人工销号), for the kinds that may be: with a reason and a paper that their table names.
 * @param document kept already (originals/keepFile); dropped again when this is refused
 */
export async function closeItems(
  instance: Instance,
  scope: Scope,
  { numbers, reason, paper: given, from: asked }: ClosingOrder,
  document: { readonly name: string; readonly digest: string },
): Promise<{ closed: number; changed: number }> {
  try {
    const items = [...new Set(numbers)].map(itemOf);
    for (const { kind } of items) {
      const { byHand, title, closes } = ledgerKind(kind);
      if (byHand === undefined) {
        throw new Refusal('ledger.by-evidence', `${title}不能人工销号，凭依据自动销号：${closes}。`);
      }
    }
    if (items.length === 0) throw new Refusal('ledger.nothing', '没有选中台账；请先勾选。');
    if (reason.trim().length < 4)
      throw new Refusal('ledger.reason', '请写明销号的理由和佐证（至少四个字）。');
    if (holdsIdNumber(reason) || holdsIdNumber(document.name)) {
      throw new Refusal('ledger.reason', '理由和材料的文件名里不能有身份证号码。');
    }
    const paper = paperFor([...new Set(items.map(({ kind }) => kind))], given);
    return await instance.db.transaction(scope, async (tx) => {
      const change = await nextChange(tx, scope.county);
      const from = chooseDay(await askableDays(tx, scope.county), asked);
      await nameFiles(tx, instance, scope, [document.digest]);
      const rows = await tx.query<{ person_no: number }>(
        `insert into ledger_closing (county, closing, person_no, kind, subject, from_day, reason, paper, document_name, document_digest, region, actor)
         select i.county, (select coalesce(max(closing), 0) from ledger_closing where county = $1) + row_number() over (order by i.person_no, i.kind, i.subject),
           i.person_no, i.kind, i.subject, $5, $6, $7, $8, $9, i.region, $10
         from unnest($2::bigint[], $3::text[], $4::text[]) as u (person_no, kind, subject)
         join ledger_item i on i.county = $1 and i.person_no = u.person_no and i.kind = u.kind and i.subject = u.subject
           and i.from_day <= $5 and i.to_day > $5 and i.state <> 'closed'
         returning person_no`,
        [
          scope.county,
          items.map((item) => item.personNo),
          items.map((item) => item.kind),
          items.map((item) => item.subject),
          from,
          reason.trim(),
          paper,
          document.name,
          document.digest,
          scope.actor,
        ],
      );
      if (rows.length < items.length) {
        throw new Refusal(
          'ledger.not-open',
          `${items.length - rows.length} 笔在 ${from} 不是未销号的台账，或不在您的管辖范围；没有改动任何数据，请刷新后再选。`,
        );
      }
      const { changed } = await judgeAnew(
        tx,
        scope.county,
        change,
        rows.map((row) => Number(row.person_no)),
      );
      await record(tx, {
        county: scope.county,
        actor: scope.actor,
        act: 'ledger.close',
        subject: 'ledger',
        detail: { items: items.length, from },
      });
      return { closed: rows.length, changed };
    });
  } finally {
    await dropFiles(instance, scope, [document.digest]);
  }
}

/** @throws Refusal for a paper that one of the kinds does not name, and for none */
function paperFor(kinds: readonly LedgerKindCode[], given: string | undefined): ClosingPaper {
  const papers = papersClosing(kinds);
  if (papers.length === 0) {
    throw new Refusal(
      'ledger.paper',
      `${kinds.map((kind) => ledgerKind(kind).title).join('、')}要的材料不同；请按种类分开销号。`,
    );
  }
  const paper = given === undefined ? undefined : findClosingPaper(given);
  if (paper !== undefined && papers.includes(paper)) return paper;
  const words = papers.map((one) => CLOSING_PAPER_WORDS[one]).join('、');
  const titles = kinds.map((kind) => ledgerKind(kind).title).join('、');
  throw new Refusal(
    'ledger.paper',
    given === undefined
      ? `请写明材料是哪一种；${titles}销号要：${words}。`
      : `${titles}不能凭${paper === undefined ? '这种材料' : CLOSING_PAPER_WORDS[paper]}销号；要：${words}。`,
  );
}

/** Takes a closing back; what it closed is open again. */
export async function undoClosing(
  instance: Instance,
  scope: Scope,
  closing: number,
): Promise<{ closing: number; changed: number }> {
  return instance.db.transaction(scope, async (tx) => {
    const change = await nextChange(tx, scope.county);
    const rows = await tx.query<{ person_no: number }>(
      'update ledger_closing set undone_at = now() where county = $1 and closing = $2 and undone_at is null returning person_no',
      [scope.county, closing],
    );
    if (rows.length === 0) throw new Refusal('ledger.closing', `没有第 ${closing} 号销号，或已经撤回。`);
    const { changed } = await judgeAnew(
      tx,
      scope.county,
      change,
      rows.map((row) => Number(row.person_no)),
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'ledger.close.undo',
      subject: `closing ${closing}`,
      detail: {},
    });
    return { closing, changed };
  });
}

/** Judges everybody anew: after an upgrade that brought new kinds. */
export async function rebuildLedger(
  instance: Instance,
  scope: Scope,
  onProgress: (people: number) => void,
): Promise<{ people: number }> {
  return instance.db.transaction(scope, async (tx) => {
    const change = await nextChange(tx, scope.county);
    const tree = await loadRegionTree(tx, scope.county);
    return recompute(tx, scope.county, tree, change, { everybody: true, onProgress });
  });
}

/** Gives items to somebody, with a day to have them done by; given again, the newer word holds. */
export async function assignItems(
  instance: Instance,
  scope: Scope,
  order: {
    readonly numbers: readonly string[];
    readonly assignee: string;
    readonly due?: PlainDate | undefined;
  },
  visible: Scope,
): Promise<{ assigned: number }> {
  const items = [...new Set(order.numbers)].map(itemOf);
  const assignee = order.assignee.trim();
  if (assignee === '' || holdsIdNumber(assignee)) {
    throw new Refusal('ledger.assignee', '请写明分派给谁（姓名或账号，不写身份证号码）。');
  }
  const keys = [
    items.map((item) => item.personNo),
    items.map((item) => item.kind),
    items.map((item) => item.subject),
  ];
  // What may be assigned is what the account sees; the database decides.
  const seen = await instance.db.transaction(visible, (tx) =>
    tx.query<{ person_no: number; kind: string; subject: string; region: string }>(
      `select distinct on (i.person_no, i.kind, i.subject) i.person_no, i.kind, i.subject, i.region
       from unnest($2::bigint[], $3::text[], $4::text[]) as u (person_no, kind, subject)
       join ledger_item i on i.county = $1 and i.person_no = u.person_no and i.kind = u.kind and i.subject = u.subject
       order by i.person_no, i.kind, i.subject, i.from_day desc`,
      [visible.county, ...keys],
    ),
  );
  if (seen.length < items.length) {
    throw new Refusal('ledger.unknown', '其中有的台账不存在，或不在您的管辖范围；没有分派任何一笔。');
  }
  return instance.db.transaction(scope, async (tx) => {
    await tx.query(
      `insert into ledger_task (county, person_no, kind, subject, region, assignee, due_day, actor)
       select $1, u.person_no, u.kind, u.subject, u.region, $6, $7, $8
       from unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) as u (person_no, kind, subject, region)
       on conflict (county, person_no, kind, subject)
       do update set assignee = excluded.assignee, due_day = excluded.due_day, region = excluded.region, actor = excluded.actor, made_at = now()`,
      [
        scope.county,
        seen.map((row) => row.person_no),
        seen.map((row) => row.kind),
        seen.map((row) => row.subject),
        seen.map((row) => row.region),
        assignee,
        order.due ?? null,
        scope.actor,
      ],
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'ledger.assign',
      subject: 'ledger',
      region: visible.region,
      detail: { items: seen.length, assignee, ...(order.due && { due: order.due }) },
    });
    return { assigned: seen.length };
  });
}
