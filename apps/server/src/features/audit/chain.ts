import { createHash, createHmac } from 'node:crypto';

/** A row of `audit_event` with every value as text, as the canonical form needs it. */
export interface AuditRow {
  readonly seq: number;
  /** UTC, microseconds: `2026-03-01T08:00:00.123456`. */
  readonly at: string;
  readonly txid: number;
  readonly actor: string;
  readonly act: string;
  readonly subject: string;
  readonly region: string | null;
  /** PostgreSQL's own text of the jsonb. */
  readonly detail: string;
}

export interface AuditBlock {
  readonly county: string;
  readonly blockNo: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly rows: number;
  /** The sealed seqs as ranges: `1-5,7,9-12`. */
  readonly seqs: string;
  readonly horizon: number;
  readonly bodyHash: string;
  readonly prevHash: string;
  readonly hash: string;
  readonly sealedAt: string;
}

export type SeqRange = readonly [first: number, last: number];

/** What comes before the first block. */
const GENESIS = '0'.repeat(64);

/** SM3 over the rows in the order of their seq, each a line of JSON. */
function bodyHash(county: string, rows: readonly AuditRow[]): string {
  const hash = createHash('sm3');
  for (const r of rows) {
    const values = [county, r.seq, r.at, r.txid, r.actor, r.act, r.subject, r.region, r.detail];
    hash.update(`${JSON.stringify(values)}\n`);
  }
  return hash.digest('hex');
}

/** The block's link: everything it states, its rows and the block before it, under the audit key. */
function blockHash(block: Omit<AuditBlock, 'hash'>, auditKey: Uint8Array): string {
  const values = [
    'quanbao audit block 1',
    block.county,
    block.blockNo,
    block.firstSeq,
    block.lastSeq,
    block.rows,
    block.seqs,
    block.horizon,
    block.bodyHash,
    block.prevHash,
    block.sealedAt,
  ];
  return createHmac('sm3', auditKey).update(JSON.stringify(values)).digest('hex');
}

/** @param rows in ascending order of seq, at least one */
export function sealBlock(
  county: string,
  previous: Pick<AuditBlock, 'blockNo' | 'hash'> | undefined,
  rows: readonly AuditRow[],
  horizon: number,
  sealedAt: string,
  auditKey: Uint8Array,
): AuditBlock {
  const open: Omit<AuditBlock, 'hash'> = {
    county,
    blockNo: (previous?.blockNo ?? 0) + 1,
    firstSeq: rows[0]!.seq,
    lastSeq: rows.at(-1)!.seq,
    rows: rows.length,
    seqs: formatRanges(rangesOf(rows.map((r) => r.seq))),
    horizon,
    bodyHash: bodyHash(county, rows),
    prevHash: previous?.hash ?? GENESIS,
    sealedAt,
  };
  return { ...open, hash: blockHash(open, auditKey) };
}

/** @returns what is wrong with the block's own statement and its link, or undefined */
export function checkLink(
  block: AuditBlock,
  previous: Pick<AuditBlock, 'blockNo' | 'hash'> | undefined,
  auditKey: Uint8Array,
): string | undefined {
  if (block.blockNo !== (previous?.blockNo ?? 0) + 1) return 'block missing before this one';
  if (block.prevHash !== (previous?.hash ?? GENESIS)) return 'does not follow the block before it';
  if (blockHash(block, auditKey) !== block.hash) return 'block altered or sealed with another key';
  return undefined;
}

/** @returns what is wrong with the rows of a block whose link is good, or undefined */
export function checkRows(block: AuditBlock, rows: readonly AuditRow[]): string | undefined {
  if (rows.length < block.rows) {
    const found = new Set(rows.map((r) => r.seq));
    const gone = parseRanges(block.seqs)
      .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
      .find((seq) => !found.has(seq));
    return `row deleted: seq ${gone}`;
  }
  if (rows.length > block.rows) return 'row inserted';
  if (bodyHash(block.county, rows) !== block.bodyHash) return 'row edited';
  return undefined;
}

/**
 * A row numbered within an earlier block's range but not in it: either its transaction was still running
 * when that block was sealed, or it was inserted afterwards.
 */
export function isIntruder(
  row: Pick<AuditRow, 'seq' | 'txid'>,
  earlier: readonly Pick<AuditBlock, 'lastSeq' | 'horizon'>[],
): boolean {
  return earlier.some((block) => row.seq < block.lastSeq && row.txid < block.horizon);
}

export function rangesOf(ascending: readonly number[]): SeqRange[] {
  const ranges: [number, number][] = [];
  for (const seq of ascending) {
    const last = ranges.at(-1);
    if (last && last[1] === seq - 1) last[1] = seq;
    else ranges.push([seq, seq]);
  }
  return ranges;
}

export function formatRanges(ranges: readonly SeqRange[]): string {
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

export function isRanges(text: string): boolean {
  return /^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(text);
}

export function parseRanges(text: string): SeqRange[] {
  return text.split(',').map((part) => {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!match) throw new Error(`not a range of seqs: ${part}`);
    return [Number(match[1]), Number(match[2] ?? match[1])];
  });
}

/** The seqs below the highest that no range covers. */
export function gapsOf(ranges: readonly SeqRange[]): SeqRange[] {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const gaps: SeqRange[] = [];
  let next = 0;
  for (const [first, last] of sorted) {
    if (first > next) gaps.push([next, first - 1]);
    next = Math.max(next, last + 1);
  }
  return gaps;
}

const LONG_HEX = /(?<![0-9A-Za-z])(?=[0-9a-f]*[a-f])[0-9a-f]{32,128}(?![0-9A-Za-z])/g;
const OLD_ID = /(?<!\d)\d{8}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)/;

/**
 * Would the text put an ID number (17 digits or more in a row, or a first-generation one of 15) on record?
 * Full-width digits and spaces between the digits do not hide one; digests in hex are no numbers.
 */
export function holdsIdNumber(text: string): boolean {
  const plain = text.normalize('NFKC').replace(LONG_HEX, '#');
  if (/\d{17}/.test(plain.replace(/(?<=\d)[\s\u200b-\u200f]+(?=\d)/g, ''))) return true;
  return OLD_ID.test(plain);
}
