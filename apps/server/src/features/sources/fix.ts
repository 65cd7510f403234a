import type { Content } from '@quanbao/domain/coverage/claim';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { maskId, parseResidentId } from '@quanbao/domain/kernel/resident-id';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { recompute } from '../coverage/index.ts';
import { lockCounty, openContext } from './county-journal.ts';
import { admitPeople } from './person-numbers.ts';
import { forget, restack, type StackChange, stageLater, stagesOf } from './restack.ts';
import { inForce, listGroup, type SeriesKey, type StackedDelivery } from './series.ts';
import type { FixChange } from './wrong-values.ts';

export interface FixReport {
  fix: number;
  /** Deliveries of the series that hold the same wrong value and were read again. */
  deliveries: number[];
  changed: number;
}

/** Whom the row means now. */
export interface FixedRow extends FixReport {
  person: {
    /** Masked. */
    id: string;
    /** Name as the corrected row has it. */
    named: string | null;
    /** Name under which the number was known before. */
    known: string | null;
  };
}

/** How a person names a row: by what stands beside it in his file. */
export interface NamedRow {
  readonly row: number;
  readonly file?: string | undefined;
  readonly sheet?: string | undefined;
}

/**
 * The number of the refused row that was named.
 * @throws Refusal `fix.ambiguous` when several files or sheets have one in that row
 */
export async function findRefusedRow(
  tx: Tx,
  scope: Scope,
  delivery: number,
  { row, file, sheet }: NamedRow,
): Promise<number> {
  const found = await tx.query<{ no: number; file: string; sheet: string }>(
    `select min(no) as no, file, sheet from rejected_row
     where county = $1 and delivery = $2 and row_no = $3
       and ($4::text is null or file = $4) and ($5::text is null or sheet = $5)
     group by file, sheet order by 1`,
    [scope.county, delivery, row, file ?? null, sheet ?? null],
  );
  const [only, another] = found;
  if (only === undefined) {
    throw new Refusal('fix.unknown', `第 ${delivery} 号报送没有第 ${row} 行的拒收记录；请核对行号。`);
  }
  if (another !== undefined) {
    const places = found.map((one) => [one.file, one.sheet].filter((part) => part !== '').join(' '));
    throw new Refusal(
      'fix.ambiguous',
      `第 ${delivery} 号报送有 ${found.length} 处第 ${row} 行被拒收：${places.join('；')}。请写明是哪个文件、哪张工作表。`,
    );
  }
  return only.no;
}

/**
 * Gives a rejected row its right ID. Keyed by series and wrong value: holds from the delivery's day,
 * and for later deliveries that repeat the same wrong value.
 * @param no the row's own number in the delivery: row numbers repeat from sheet to sheet
 */
export async function fixRow(
  instance: Instance,
  scope: Scope,
  delivery: number,
  no: number,
  newId: string,
): Promise<FixedRow> {
  const parsed = parseResidentId(newId, '9999-12-31');
  if (typeof parsed === 'string') {
    throw new Refusal('fix.id', '新的身份证号码不正确；请核对位数和末位校验码。');
  }
  const { target, wrong, row, known } = await instance.db.transaction(scope, async (tx) => {
    const [found] = await tx.query<{ wrong_hash: string; row: number }>(
      'select wrong_hash, row_no as row from rejected_row where county = $1 and delivery = $2 and no = $3',
      [scope.county, delivery, no],
    );
    if (found === undefined) {
      throw new Refusal('fix.unknown', `第 ${delivery} 号报送没有这一条拒收记录；请重新查看。`);
    }
    if (found.wrong_hash === '') {
      throw new Refusal(
        'fix.no-value',
        '这一行没有可对应的原号码（空白或公式），无法按号码更正；请让报送单位改正后重报。',
      );
    }
    const reported = await loadDelivery(tx, scope, delivery);
    await refuseSecondFix(tx, scope, reported, found.wrong_hash);
    const [person] = await tx.query<{ name: string }>(
      'select name from person where county = $1 and id_hash = $2::uuid',
      [scope.county, instance.cipher.blindIndex(parsed.id)],
    );
    return { target: reported, wrong: found.wrong_hash, row: found.row, known: person?.name || null };
  });
  const added = { series: target, asOf: target.as_of, wrong, id: parsed.id };
  const report = await applyFix(instance, scope, target, target.as_of, wrong, { added }, async (tx) => {
    const [next] = await tx.query<{ fix: number }>(
      'select coalesce(max(fix), 0) + 1 as fix from id_fix where county = $1',
      [scope.county],
    );
    const fix = Number(next?.fix ?? 1);
    await tx.query(
      `insert into id_fix (county, fix, source, sender, region, wrong_hash, id_cipher, as_of, actor)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        scope.county,
        fix,
        target.source,
        target.sender,
        target.region,
        wrong,
        instance.cipher.encryptField(parsed.id),
        target.as_of,
        scope.actor,
      ],
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'row.fix',
      subject: `delivery ${delivery} row ${row}`,
      detail: { fix },
    });
    return { fix };
  });
  const named = await instance.db.transaction(scope, (tx) =>
    nameInList(tx, instance, scope, target, parsed.id),
  );
  return { ...report, person: { id: maskId(parsed.id), named, known } };
}

/** The name the series gives a number since the delivery that was read again. */
async function nameInList(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  list: StackedDelivery,
  id: string,
): Promise<string | null> {
  const [claim] = await tx.query<{ content: string }>(
    `select c.content from claim c
     join person p on p.county = c.county and p.person_no = c.person_no
     join delivery d on d.county = c.county and d.delivery = c.since
     where c.county = $1 and p.id_hash = $2::uuid and d.source = $3 and d.sender = $4 and d.region = $5
       and d.as_of <= $6
     order by d.as_of desc, c.since desc limit 1`,
    [scope.county, instance.cipher.blindIndex(id), list.source, list.sender, list.region, list.as_of],
  );
  return claim === undefined ? null : ((JSON.parse(claim.content) as Content).n ?? null);
}

export interface FixLine {
  fix: number;
  asOf: string;
  /** The right number, masked. */
  id: string;
  actor: string;
  madeAt: string;
  undone: boolean;
}

/** Corrections that reach a delivery, the newest first: of its series, from its day or before. */
export async function listFixes(instance: Instance, scope: Scope, delivery: number): Promise<FixLine[]> {
  const rows = await instance.db.transaction(scope, (tx) =>
    tx.query<Omit<FixLine, 'id'> & { id_cipher: Buffer }>(
      `select f.fix, f.as_of as "asOf", f.id_cipher, f.actor, f.undone_at is not null as undone,
         to_char(f.made_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') as "madeAt"
       from id_fix f join delivery d on d.county = f.county and d.source = f.source and d.sender = f.sender
         and d.region = f.region and d.as_of >= f.as_of
       where f.county = $1 and d.delivery = $2 order by f.fix desc`,
      [scope.county, delivery],
    ),
  );
  return rows.map(({ id_cipher, ...line }) => ({
    ...line,
    id: maskId(instance.cipher.decryptField(id_cipher)),
  }));
}

/** Takes a fix back; the row is in quarantine again. */
export async function undoFix(instance: Instance, scope: Scope, fix: number): Promise<FixReport> {
  const { target, wrong } = await instance.db.transaction(scope, async (tx) => {
    const [row] = await tx.query<{
      source: string;
      sender: string;
      region: string;
      as_of: string;
      wrong_hash: string;
    }>(
      'select source, sender, region, as_of, wrong_hash from id_fix where county = $1 and fix = $2 and undone_at is null',
      [scope.county, fix],
    );
    if (row === undefined) throw new Refusal('fix.unknown', `没有第 F${fix} 号更正，或已经撤销过。`);
    return { target: row, wrong: row.wrong_hash };
  });
  return applyFix(instance, scope, target, target.as_of, wrong, { dropped: fix }, async (tx) => {
    await tx.query('update id_fix set undone_at = now() where county = $1 and fix = $2', [scope.county, fix]);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'row.fix.undo',
      subject: `fix ${fix}`,
      detail: {},
    });
    return { fix };
  });
}

/** Two answers for one wrong number on one day: the first has to be taken back. */
async function refuseSecondFix(tx: Tx, scope: Scope, d: StackedDelivery, wrong: string): Promise<void> {
  const [other] = await tx.query<{ fix: number }>(
    `select fix from id_fix where county = $1 and source = $2 and sender = $3 and region = $4 and as_of = $5
       and wrong_hash = $6 and undone_at is null`,
    [scope.county, d.source, d.sender, d.region, d.as_of, wrong],
  );
  if (other === undefined) return;
  throw new Refusal(
    'fix.exists',
    `这个错误号码在同一来源、同一天已由第 F${other.fix} 号更正；要改成别的号码，请先撤销那次更正。`,
  );
}

async function loadDelivery(tx: Tx, scope: Scope, delivery: number): Promise<StackedDelivery> {
  const [row] = await tx.query<StackedDelivery>(
    `select delivery, source, sender, region, as_of, mode, digest, years from delivery
     where county = $1 and delivery = $2 and undone_at is null`,
    [scope.county, delivery],
  );
  if (row === undefined) throw new Refusal('fix.undone', `第 ${delivery} 号报送已撤销，不能更正。`);
  return row;
}

async function applyFix(
  instance: Instance,
  scope: Scope,
  series: SeriesKey,
  asOf: string,
  wrong: string,
  fix: FixChange,
  write: (tx: Tx) => Promise<{ fix: number }>,
): Promise<FixReport> {
  const context = await openContext(instance, scope);
  const dirty = await instance.db.transaction(scope, (tx) => affected(tx, scope, series, asOf, wrong, fix));
  const change: StackChange = { dirty, fix, groups: [series] };
  const reread = await stageLater(instance, scope, context, change);
  try {
    return await instance.db.transaction(scope, async (tx) => {
      const commit = { ...(await lockCounty(tx, scope.county, context)), fresh: false };
      const made = await write(tx);
      await admitPeople(tx, scope.county, stagesOf(reread));
      await restack(tx, instance, scope, context, change, reread, commit);
      const effects = await recompute(tx, scope.county, context.content.tree, commit.change);
      return { ...made, deliveries: [...dirty], changed: effects.changed };
    });
  } finally {
    await forget(instance, scope, reread.values());
  }
}

/** Deliveries of the series, from the fix's day on, that the change makes read differently. */
async function affected(
  tx: Tx,
  scope: Scope,
  series: SeriesKey,
  asOf: string,
  wrong: string,
  fix: FixChange,
): Promise<Set<number>> {
  const later = inForce(await listGroup(tx, scope.county, series.source, series.sender)).filter(
    (d) => d.region === series.region && d.as_of >= asOf,
  );
  // A fixed row left the quarantine, so on the way back every later delivery of the series is read again.
  if (fix.dropped !== undefined) return new Set(later.map((d) => d.delivery));
  const rows = await tx.query<{ delivery: number }>(
    'select distinct delivery from rejected_row where county = $1 and wrong_hash = $2 and delivery = any($3::int[])',
    [scope.county, wrong, later.map((d) => d.delivery)],
  );
  return new Set(rows.map((row) => row.delivery));
}
