import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { Scope, Tx } from '../../db/port.ts';
import { parseRanges, type SeqRange } from './chain.ts';

export interface TrailQuestion {
  readonly actor?: string | undefined;
  /** A whole act, or its beginning up to a dot. */
  readonly act?: string | undefined;
  readonly subject?: string | undefined;
  readonly from?: PlainDate | undefined;
  readonly to?: PlainDate | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface TrailLine {
  seq: number;
  at: string;
  actor: string;
  act: string;
  subject: string;
  region: string | null;
  detail: Record<string, unknown>;
  sealed: boolean;
}

/** Days are Beijing's, as the offices count them. */
const ZONE = 'Asia/Shanghai';

/** What was done, newest first. */
export async function readTrail(tx: Tx, scope: Scope, question: TrailQuestion): Promise<TrailLine[]> {
  const rows = await tx.query<Omit<TrailLine, 'sealed'>>(
    `select e.seq, to_char(e.at at time zone '${ZONE}', 'YYYY-MM-DD HH24:MI:SS') as at, e.actor, e.act, e.subject,
       e.region, e.detail
     from audit_event e
     where e.county = $1 and ($2::bigint is null or e.seq < $2::bigint)
       and ($3::text is null or e.actor = $3::text)
       and ($4::text is null or e.act = $4::text or starts_with(e.act, $4::text || '.'))
       and ($5::text is null or e.subject = $5::text)
       and ($6::text is null or e.at >= ($6::text || ' 00:00 ${ZONE}')::timestamptz)
       and ($7::text is null or e.at < ($7::text || ' 00:00 ${ZONE}')::timestamptz + interval '1 day')
     order by e.seq desc limit $8`,
    [
      scope.county,
      question.before ?? null,
      question.actor ?? null,
      question.act ?? null,
      question.subject ?? null,
      question.from ?? null,
      question.to ?? null,
      question.limit,
    ],
  );
  const seqs = rows.map((row) => Number(row.seq));
  const sealed = await sealedRanges(tx, scope, Math.min(...seqs), Math.max(...seqs));
  return rows.map((row) => ({
    ...row,
    seq: Number(row.seq),
    sealed: sealed.some(([first, last]) => first <= Number(row.seq) && Number(row.seq) <= last),
  }));
}

async function sealedRanges(tx: Tx, scope: Scope, first: number, last: number): Promise<SeqRange[]> {
  if (!Number.isFinite(first)) return [];
  const blocks = await tx.query<{ seqs: string }>(
    'select seqs from audit_block where county = $1 and last_seq >= $2 and first_seq <= $3',
    [scope.county, first, last],
  );
  return blocks.flatMap((block) => parseRanges(block.seqs));
}

/** The chain as it stands, without recomputing it. */
export async function chainState(
  tx: Tx,
  scope: Scope,
): Promise<{
  blocks: number;
  rows: number;
  sealedAt: string | null;
  unsealed: number;
  oldest: string | null;
}> {
  const [row] = await tx.query<{
    blocks: number;
    rows: number;
    sealed_at: string | null;
    unsealed: number;
    oldest: string | null;
  }>(
    `select b.blocks, b.rows, b.sealed_at, e.unsealed, e.oldest from
       (select count(*)::int as blocks, coalesce(sum(rows), 0)::bigint as rows, coalesce(max(last_seq), 0) as last,
          to_char(max(sealed_at) at time zone '${ZONE}', 'YYYY-MM-DD HH24:MI:SS') as sealed_at
        from audit_block where county = $1) b
     cross join lateral
       (select count(*)::int as unsealed, to_char(min(at) at time zone '${ZONE}', 'YYYY-MM-DD HH24:MI:SS') as oldest
        from audit_event where county = $1 and seq > b.last) e`,
    [scope.county],
  );
  const found = row!;
  return {
    blocks: found.blocks,
    rows: Number(found.rows),
    sealedAt: found.sealed_at,
    unsealed: found.unsealed,
    oldest: found.oldest,
  };
}
