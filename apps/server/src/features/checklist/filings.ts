import type * as contract from '@quanbao/contract/checklist';
import type { AnswerOf, BodyOf } from '@quanbao/contract/route';
import { isAllowed, type Role } from '@quanbao/domain/access/roles';
import { filingState } from '@quanbao/domain/checklist/filing';
import { isPlainDate, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Static } from 'typebox';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { dropFiles, nameFiles } from '../originals/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { placeOf } from '../register/index.ts';
import { dayAsked, dayOfAct } from './today.ts';

interface Row {
  filing: number;
  region: RegionCode;
  title: string;
  office: string;
  due: string;
  sent: string | null;
  sentBy: string | null;
  document: string | null;
  receipt: string;
  answer: string;
  answered: string | null;
}

const COLUMNS = `filing, region, title, office, due_day as due, sent_day as sent, sent_by as "sentBy", document_name as document,
  receipt, answer, answered_day as answered`;

/** What has to reach an office above, by the day it is due. */
export async function listFilings(
  instance: Instance,
  scope: Scope,
  role: Role,
  asked: PlainDate | undefined,
): Promise<AnswerOf<typeof contract.filings>> {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const day = await dayAsked(tx, scope, asked);
    const rows = await tx.query<Row>(
      `select ${COLUMNS} from filing where county = $1 order by due_day, filing`,
      [scope.county],
    );
    return {
      asOf: day,
      items: rows.map((given) => {
        const row = asOn(given, day);
        const now = row.sent === given.sent && row.answered === given.answered;
        return {
          filing: Number(row.filing),
          region: placeOf(tree, row.region),
          title: row.title,
          office: row.office,
          due: row.due,
          sent: row.sent === null ? null : { day: row.sent, actor: row.sentBy ?? '' },
          document: row.document,
          receipt: row.receipt,
          answer: row.answer,
          answered: row.answered,
          state: filingState(row, day),
          // A day that knows less than is known today offers no act: it would be refused, or be of another state.
          writes: now && row.region === scope.region && isAllowed(role, 'checklist.write'),
        };
      }),
    };
  });
}

/** What was known on the day: a paper sent or answered later was not yet. No day is kept of a receipt: it counts as known with the sending. */
function asOn(row: Row, day: PlainDate): Row {
  const answered = row.answered !== null && row.answered <= day;
  const known = answered ? row : { ...row, answer: '', answered: null };
  return row.sent !== null && row.sent <= day
    ? known
    : { ...known, sent: null, sentBy: null, document: null, receipt: '' };
}

export async function addFilings(
  instance: Instance,
  scope: Scope,
  orders: readonly BodyOf<typeof contract.addFiling>[],
): Promise<{ filing: number }> {
  for (const { title, office, due } of orders) {
    if (title.trim().length < 2 || office.trim().length < 2) {
      throw new Refusal('filing.title', '请写材料名称和报送到的单位（各至少两个字）。');
    }
    if (holdsIdNumber(title) || holdsIdNumber(office)) {
      throw new Refusal('filing.text', '名称和单位里不能有身份证号码。');
    }
    if (!isPlainDate(due)) throw new Refusal('checklist.day', '时限应为 2020-08-31 的样子。');
  }
  return instance.db.transaction(journalOf(scope), async (tx) => {
    const rows = await tx.query<{ filing: number }>(
      `insert into filing (county, filing, region, title, office, due_day, actor)
       select $1, (select coalesce(max(filing), 0) from filing where county = $1) + u.no, $2, u.title, u.office, u.due, $3
       from unnest($4::text[], $5::text[], $6::text[]) with ordinality as u (title, office, due, no) returning filing`,
      [
        scope.county,
        scope.region,
        scope.actor,
        orders.map(({ title }) => title.trim()),
        orders.map(({ office }) => office.trim()),
        orders.map(({ due }) => due),
      ],
    );
    const filing = Number(rows[0]?.filing);
    await note(tx, scope, 'filing.add', filing);
    return { filing };
  });
}

/** Sent on the day, with the paper itself. */
export async function sendFiling(
  instance: Instance,
  scope: Scope,
  filing: number,
  order: Static<typeof contract.FilingSent>,
  document: { readonly name: string; readonly digest: string },
): Promise<void> {
  try {
    if (holdsIdNumber(document.name) || holdsIdNumber(order.receipt ?? '')) {
      throw new Refusal('filing.text', '回执和材料的文件名里不能有身份证号码。');
    }
    const day = await instance.db.transaction(scope, async (tx) => {
      await requireOwn(tx, scope, filing);
      return dayOfAct(tx, scope, order.asOf);
    });
    await instance.db.transaction(journalOf(scope), async (tx) => {
      await nameFiles(tx, instance, scope, [document.digest]);
      const done = await tx.query(
        `update filing set sent_day = $3, sent_by = $4, document_name = $5, document_digest = $6, receipt = $7
         where county = $1 and filing = $2 and sent_day is null returning 1`,
        [scope.county, filing, day, scope.actor, document.name, document.digest, order.receipt?.trim() ?? ''],
      );
      if (done.length === 0) throw new Refusal('filing.sent', '这份材料已经登记报出；没有改动。');
      await note(tx, scope, 'filing.send', filing);
    });
  } finally {
    await dropFiles(instance, scope, [document.digest]);
  }
}

/** The receipt or the answer of the office above; the day is that of the first answer, a receipt has none of its own. */
export async function answerFiling(
  instance: Instance,
  scope: Scope,
  filing: number,
  order: BodyOf<typeof contract.answerFiling>,
): Promise<void> {
  const receipt = order.receipt?.trim() ?? '';
  const answer = order.answer?.trim() ?? '';
  if (receipt === '' && answer === '') throw new Refusal('filing.answer', '请写回执或答复的内容。');
  if (holdsIdNumber(receipt) || holdsIdNumber(answer)) {
    throw new Refusal('filing.text', '回执和答复里不能有身份证号码。');
  }
  const day = await instance.db.transaction(scope, async (tx) => {
    await requireOwn(tx, scope, filing);
    return dayOfAct(tx, scope, order.asOf);
  });
  await instance.db.transaction(journalOf(scope), async (tx) => {
    const done = await tx.query(
      `update filing set receipt = case when $3 = '' then receipt else $3 end, answer = case when $4 = '' then answer else $4 end,
         answered_day = case when $4 = '' or answer <> '' then answered_day else $5 end where county = $1 and filing = $2 and sent_day is not null returning 1`,
      [scope.county, filing, receipt, answer, day],
    );
    if (done.length === 0) throw new Refusal('filing.unsent', '这份材料还没有登记报出；请先登记报出。');
    await note(tx, scope, 'filing.answer', filing);
  });
}

async function requireOwn(tx: Tx, scope: Scope, filing: number): Promise<void> {
  const [row] = await tx.query<{ region: string }>(
    'select region from filing where county = $1 and filing = $2',
    [scope.county, filing],
  );
  if (row === undefined) throw new Refusal('filing.unknown', '没有这份材料；请刷新后再选。');
  if (row.region !== scope.region) {
    throw new Refusal('filing.foreign', '这份材料由别的单位报送，您可以查看，不能改动。');
  }
}

async function note(tx: Tx, scope: Scope, act: string, filing: number): Promise<void> {
  const { county, actor, region } = scope;
  await record(tx, { county, actor, act, subject: `filing ${filing}`, region });
}
