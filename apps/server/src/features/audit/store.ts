import { createHmac } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Tx } from '../../db/port.ts';
import {
  type AuditBlock,
  type AuditRow,
  checkLink,
  checkRows,
  gapsOf,
  holdsIdNumber,
  isIntruder,
  isRanges,
  parseRanges,
  type SeqRange,
  sealBlock,
} from './chain.ts';

/** Rows of one block at most, so that neither sealing nor checking holds more in memory. */
const ROWS_A_BLOCK = 20_000;
/** How far before the last seal a seal looks for rows that were committed late, unless it is a full one. */
const LATE = '2 days';
/** Counties share one sequence, so the rows of one may lie in many short ranges. */
const RANGES_A_QUERY = 20_000;
const LOCK_SPACE = 0x61756469;

export interface AuditEntry {
  readonly county: RegionCode;
  /** A name or an account; never an ID number. */
  readonly actor: string;
  /** Such as `person.view` or `list.export`. */
  readonly act: string;
  readonly subject: string;
  readonly region?: RegionCode | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Writes the entry in the act's own transaction.
 * @throws when the entry would hold an ID number: a fault of the caller
 */
export async function record(tx: Tx, entry: AuditEntry): Promise<void> {
  const detail = JSON.stringify(entry.detail ?? {});
  for (const text of [entry.actor, entry.act, entry.subject, entry.region ?? '', detail]) {
    if (holdsIdNumber(text)) throw new Error(`an audit entry must not hold an ID number (act ${entry.act})`);
  }
  await tx.query(
    `insert into audit_event (county, actor, act, subject, region, detail)
     values ($1::text, $2::text, $3::text, $4::text, $5::text, $6::text::jsonb)`,
    [entry.county, entry.actor, entry.act, entry.subject, entry.region ?? null, detail],
  );
}

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS.US'`;
const ROW = `e.seq::text as seq, to_char(e.at at time zone 'UTC', ${UTC}) as at, e.txid::text as txid,
  e.actor, e.act, e.subject, e.region, e.detail::text as detail`;
const BLOCK = `county, block_no::text as "blockNo", first_seq::text as "firstSeq", last_seq::text as "lastSeq",
  rows::text as rows, seqs, horizon::text as horizon, body_hash as "bodyHash", prev_hash as "prevHash", hash,
  to_char(sealed_at at time zone 'UTC', ${UTC}) as "sealedAt"`;

type Raw<T> = { readonly [K in keyof T]: T[K] extends number ? string : T[K] };

function rowOf(raw: Raw<AuditRow>): AuditRow {
  return { ...raw, seq: Number(raw.seq), txid: Number(raw.txid) };
}

function blockOf(raw: Raw<AuditBlock>): AuditBlock {
  return {
    ...raw,
    blockNo: Number(raw.blockNo),
    firstSeq: Number(raw.firstSeq),
    lastSeq: Number(raw.lastSeq),
    rows: Number(raw.rows),
    horizon: Number(raw.horizon),
  };
}

/** Ranges as two columns: arrays as text pass through every driver. */
const RANGES = `unnest(string_to_array($2::text, ',')::bigint[], string_to_array($3::text, ',')::bigint[]) as r(lo, hi)`;

function rangeParams(ranges: readonly SeqRange[]): [string, string] {
  return [ranges.map((r) => r[0]).join(','), ranges.map((r) => r[1]).join(',')];
}

/** The transactions at the start of a seal. */
interface Now {
  readonly xmin: string;
  readonly xmax: string;
  readonly own: string;
  readonly at: string;
}

export interface Sealed {
  readonly blocks: number;
  readonly rows: number;
}

/** Until the transaction ends, nobody else writes heads: the counties share one log. */
export async function lockHeads(tx: Tx): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1::int, 0)', [LOCK_SPACE]);
}

/**
 * Seals what is not sealed yet and can no longer change place: rows whose transaction is older than the oldest
 * still running one. A row with a smaller seq that is committed later goes to a later block. Run as the
 * owner, in a transaction of its own (read committed).
 * @param full look for late rows in the whole trail, not only in the last two days' blocks: once a day
 */
export async function seal(tx: Tx, county: RegionCode, auditKey: Uint8Array, full = false): Promise<Sealed> {
  await tx.query('select pg_advisory_xact_lock($1::int, $2::int)', [LOCK_SPACE, Number(county)]);
  // Read apart from the rows: on Citus a function in their query would answer for the worker. Rows numbered
  // past this cluster's transactions came with a restored dump and wait for nobody.
  const [now] = await tx.query<Now>(
    `select pg_snapshot_xmin(pg_current_snapshot())::text as xmin,
       pg_snapshot_xmax(pg_current_snapshot())::text as xmax,
       coalesce(pg_current_xact_id_if_assigned()::text, '0') as own,
       to_char(clock_timestamp() at time zone 'UTC', ${UTC}) as at`,
  );
  let previous = await head(tx, county);
  const [from] = await tx.query<{ floor: string }>(
    `select coalesce(min(b.first_seq), 0)::text as floor from audit_block b
     where b.county = $1 and b.sealed_at >
       (select max(l.sealed_at) from audit_block l where l.county = $1) - $2::text::interval`,
    [county, LATE],
  );
  const floor = full ? 0 : Number(from!.floor);
  // Every block that reaches past the floor: together they tell of each later seq whether it is sealed.
  const reaching = await tx.query<{ seqs: string }>(
    `select seqs from audit_block where county = $1 and last_seq >= $2::text::bigint`,
    [county, String(floor)],
  );
  let past = await lastSeq(tx, county);
  let gaps = gapsOf(reaching.flatMap((b) => parseRanges(b.seqs)))
    .filter(([, last]) => last >= floor)
    .map(([first, last]): SeqRange => [Math.max(first, floor), last]);

  let blocks = 0;
  let rows = 0;
  for (;;) {
    const late = gaps.length === 0 ? [] : await readRanges(tx, county, gaps, now);
    gaps = []; // they are few and all in the first block
    const fresh = await tx.query<Raw<AuditRow>>(
      `select ${ROW} from audit_event e
       where e.county = $1 and e.seq > $2::text::bigint
         and (e.txid < $3::text::bigint or e.txid >= $4::text::bigint) and e.txid <> $5::text::bigint
       order by e.seq limit ${ROWS_A_BLOCK}`,
      [county, String(past), now!.xmin, now!.xmax, now!.own],
    );
    const body = [...late, ...fresh.map(rowOf)];
    if (body.length === 0) return { blocks, rows };
    const block = sealBlock(county, previous, body, Number(now!.xmin), now!.at, auditKey);
    await tx.query(
      `insert into audit_block (county, block_no, first_seq, last_seq, rows, seqs, horizon, body_hash, prev_hash,
         hash, sealed_at)
       values ($1::text, $2::text::bigint, $3::text::bigint, $4::text::bigint, $5::text::bigint, $6::text,
         $7::text::bigint, $8::text, $9::text, $10::text, ($11::text || 'Z')::timestamptz)`,
      [
        county,
        ...[block.blockNo, block.firstSeq, block.lastSeq, block.rows].map(String),
        block.seqs,
        String(block.horizon),
        block.bodyHash,
        block.prevHash,
        block.hash,
        block.sealedAt,
      ],
    );
    previous = block;
    past = Math.max(past, block.lastSeq);
    blocks++;
    rows += body.length;
    if (fresh.length < ROWS_A_BLOCK) return { blocks, rows };
  }
}

/** The newest block, or undefined before the first seal. */
export async function head(tx: Tx, county: RegionCode): Promise<AuditBlock | undefined> {
  const found = await tx.query<Raw<AuditBlock>>(
    `select ${BLOCK} from audit_block where county = $1 order by audit_block.block_no desc limit 1`,
    [county],
  );
  return found[0] && blockOf(found[0]);
}

async function lastSeq(tx: Tx, county: RegionCode): Promise<number> {
  const [found] = await tx.query<{ last: string }>(
    `select coalesce(max(last_seq), -1)::text as last from audit_block where county = $1`,
    [county],
  );
  return Number(found!.last);
}

async function readRanges(
  tx: Tx,
  county: RegionCode,
  ranges: readonly SeqRange[],
  settled?: Now,
): Promise<AuditRow[]> {
  const rows: AuditRow[] = [];
  for (let at = 0; at < ranges.length; at += RANGES_A_QUERY) {
    const found = await tx.query<Raw<AuditRow>>(
      `select ${ROW} from ${RANGES} join audit_event e on e.seq between r.lo and r.hi
       where e.county = $1 and ($4::text is null or (e.txid < $4::text::bigint or e.txid >= $5::text::bigint)
           and e.txid <> $6::text::bigint)`,
      [
        county,
        ...rangeParams(ranges.slice(at, at + RANGES_A_QUERY)),
        settled?.xmin ?? null,
        settled?.xmax ?? null,
        settled?.own ?? null,
      ],
    );
    for (const raw of found) rows.push(rowOf(raw));
  }
  return rows.sort((a, b) => a.seq - b.seq);
}

// ---- heads kept outside the database ----

export interface ExportedHead {
  /** `restored`: the database was put back to this block on purpose; later heads before this line are void. */
  readonly kind: 'head' | 'restored';
  readonly at: string;
  readonly county: RegionCode;
  readonly blockNo: number;
  readonly hash: string;
}

const HEADS = 'audit-heads.log';

interface LoggedHead extends ExportedHead {
  readonly mac: string;
}

interface HeadsLog {
  readonly heads: ExportedHead[];
  /** The first line that is not as it was written. */
  readonly badLine?: number;
}

function macOf(entry: ExportedHead, before: string, auditKey: Uint8Array): string {
  const values = [
    'quanbao audit head 1',
    before,
    entry.kind,
    entry.at,
    entry.county,
    entry.blockNo,
    entry.hash,
  ];
  return createHmac('sm3', auditKey).update(JSON.stringify(values)).digest('hex');
}

/** The log is a chain of its own: each line's MAC takes in the line before. */
function readHeads(dir: string, auditKey: Uint8Array): HeadsLog {
  const path = join(dir, HEADS);
  const heads: ExportedHead[] = [];
  let lastMac = '';
  if (!existsSync(path)) return { heads };
  const lines = readFileSync(path, 'utf8').split('\n');
  for (const [i, line] of lines.entries()) {
    if (line === '') continue;
    let entry: LoggedHead;
    try {
      entry = JSON.parse(line) as LoggedHead;
    } catch {
      // The machine stopped while the last line was being written: the next one starts afresh.
      if (line.startsWith('{') && !line.endsWith('}')) continue;
      return { heads, badLine: i + 1 };
    }
    if (macOf(entry, lastMac, auditKey) !== entry.mac) return { heads, badLine: i + 1 };
    lastMac = entry.mac;
    heads.push(entry);
  }
  return { heads };
}

/**
 * Appends the head to `<dir>/audit-heads.log`, after the sealing transaction has been committed. Copy that file
 * off the machine daily: against somebody who can cut it, only the copy helps.
 * @param kind `restored` after a backup was put back on purpose
 * @returns false when that head is there already
 */
export function exportHead(
  dir: string,
  block: Pick<AuditBlock, 'county' | 'blockNo' | 'hash'>,
  auditKey: Uint8Array,
  kind: ExportedHead['kind'] = 'head',
): boolean {
  const path = join(dir, HEADS);
  const tail = readTail(path);
  const last = tail.lines.findLast((h) => h.county === block.county);
  if (kind === 'head' && last?.blockNo === block.blockNo && last.hash === block.hash) return false;
  const entry: ExportedHead = {
    kind,
    at: new Date().toISOString(),
    county: block.county,
    blockNo: block.blockNo,
    hash: block.hash,
  };
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const fd = openSync(path, 'a', 0o600);
  try {
    const line = JSON.stringify({ ...entry, mac: macOf(entry, tail.lines.at(-1)?.mac ?? '', auditKey) });
    writeSync(fd, `${tail.torn ? '\n' : ''}${line}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return true;
}

/** The end of the log is enough to go on from. */
function readTail(path: string): { lines: LoggedHead[]; torn: boolean } {
  if (!existsSync(path)) return { lines: [], torn: false };
  const fd = openSync(path, 'r');
  try {
    const size = fstatSync(fd).size;
    const buffer = Buffer.alloc(Math.min(size, 65_536));
    readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    const texts = buffer.toString('utf8').split('\n');
    const torn = texts.at(-1) !== '';
    const lines: LoggedHead[] = [];
    for (const text of texts) {
      try {
        lines.push(JSON.parse(text) as LoggedHead);
      } catch {
        // the part of a line that the cut left, or a torn one
      }
    }
    return { lines, torn };
  } finally {
    closeSync(fd);
  }
}

/** The heads of the county that still bind: those since void by a restore are left out. */
function bindingHeads(heads: readonly ExportedHead[], county: RegionCode): ExportedHead[] {
  let binding: ExportedHead[] = [];
  for (const h of heads) {
    if (h.county !== county) continue;
    if (h.kind === 'restored') binding = binding.filter((earlier) => earlier.blockNo < h.blockNo);
    binding.push(h);
  }
  return binding;
}

// ---- the verifier ----

export interface ChainReport {
  readonly ok: boolean;
  readonly blocks: number;
  /** Sealed rows that were read and found right. */
  readonly rows: number;
  readonly unsealed: number;
  /** Undefined when nothing is unsealed. */
  readonly oldestUnsealedAgeSeconds?: number;
  readonly firstBad?: { readonly block: number; readonly reason: string };
}

/**
 * Computes the whole chain anew from the rows. Shares the canonical form with the sealer, nothing else.
 * @param headsDir where `audit-heads.log` is; without it, missing last blocks cannot be noticed
 */
export async function verifyChain(
  tx: Tx,
  county: RegionCode,
  auditKey: Uint8Array,
  headsDir?: string,
): Promise<ChainReport> {
  // Before the blocks: a head exported meanwhile must not look like a deleted block.
  const log = headsDir === undefined ? undefined : readHeads(headsDir, auditKey);
  const blocks = (
    await tx.query<Raw<AuditBlock>>(
      `select ${BLOCK} from audit_block where county = $1 order by audit_block.block_no`,
      [county],
    )
  ).map(blockOf);
  let firstBad: ChainReport['firstBad'];
  const bad = (block: number, reason: string): void => {
    if (!firstBad || block < firstBad.block) firstBad = { block, reason };
  };

  let rows = 0;
  let highest = -1;
  const covered = blocks.flatMap((b) => (isRanges(b.seqs) ? parseRanges(b.seqs) : []));
  for (const [i, block] of blocks.entries()) {
    const wrong = checkLink(block, blocks[i - 1], auditKey);
    if (wrong) {
      bad(block.blockNo, wrong);
      break; // nothing after a broken link can be trusted
    }
    const found = await readRanges(tx, county, parseRanges(block.seqs));
    const wrongRows = checkRows(block, found);
    if (wrongRows) bad(block.blockNo, wrongRows);
    else rows += found.length;
    const late = found.filter((r) => r.seq < highest);
    const earlier = late.length === 0 ? [] : blocks.slice(0, i);
    const intruder = late.find((r) => isIntruder(r, earlier));
    if (intruder) bad(block.blockNo, `row inserted into a sealed range: seq ${intruder.seq}`);
    highest = Math.max(highest, block.lastSeq);
  }

  if (log) {
    const byNo = new Map(blocks.map((b) => [b.blockNo, b]));
    for (const h of bindingHeads(log.heads, county)) {
      const block = byNo.get(h.blockNo);
      if (!block) bad(h.blockNo, `block deleted: it was exported on ${h.at.slice(0, 10)}`);
      else if (block.hash !== h.hash)
        bad(h.blockNo, `block replaced: another was exported on ${h.at.slice(0, 10)}`);
    }
    if (log.badLine !== undefined) bad(blocks.length + 1, `audit-heads.log altered at line ${log.badLine}`);
  }

  const gaps: SeqRange[] = [[-Number.MAX_SAFE_INTEGER, -1], ...gapsOf(covered)];
  const last = covered.reduce((most, range) => Math.max(most, range[1]), -1);
  const strays = await readRanges(tx, county, gaps);
  for (const row of strays) {
    const into = blocks.find((b) => row.seq < b.lastSeq && row.txid < b.horizon);
    if (into) bad(into.blockNo, `row inserted into a sealed range: seq ${row.seq}`);
  }
  const [fresh] = await tx.query<{ n: string; oldest: string | null; now: string }>(
    `select count(*)::text as n, extract(epoch from min(at))::text as oldest,
       extract(epoch from clock_timestamp())::text as now
     from audit_event where county = $1 and seq > $2::text::bigint`,
    [county, String(last)],
  );
  const oldest = Math.min(
    fresh!.oldest === null ? Infinity : Number(fresh!.oldest),
    ...strays.map((r) => Date.parse(`${r.at}Z`) / 1000),
  );
  return {
    ok: firstBad === undefined,
    blocks: blocks.length,
    rows,
    unsealed: Number(fresh!.n) + strays.length,
    ...(oldest === Infinity
      ? {}
      : { oldestUnsealedAgeSeconds: Math.max(0, Math.round(Number(fresh!.now) - oldest)) }),
    ...(firstBad ? { firstBad } : {}),
  };
}
