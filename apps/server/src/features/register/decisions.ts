import { COLUMN_WORDS } from '@quanbao/domain/coverage/words';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';

export interface DecisionLine {
  number: number;
  people: number;
  names: string;
  /** Null for a decision on the village alone. */
  column: number | null;
  verdict: string;
  from: string;
  reason: string;
  document: string;
  actor: string;
  madeAt: string;
  undoneAt: string | null;
}

/** Names of a decision about many. */
const NAMED = 3;

/** Decisions, the newest first; the view is recorded. */
export async function listDecisions(
  instance: Instance,
  scope: Scope,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<{ items: DecisionLine[]; next: string | null }> {
  return instance.db.transaction(scope, async (tx) => {
    const rows = await tx.query<Omit<DecisionLine, 'verdict' | 'names'> & { names: string[] }>(
      `select a.adjudication as number, count(*)::int as people,
         (array_agg(p.name order by a.person_no))[1:${NAMED}] as names, min(a.column_no) as "column",
         min(a.from_day) as "from", min(a.reason) as reason, min(a.document_name) as document, min(a.actor) as actor,
         to_char(min(a.made_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "madeAt",
         to_char(max(a.undone_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "undoneAt"
       from adjudication a join person p on p.county = a.county and p.person_no = a.person_no
       where a.county = $1 and ($2::int is null or a.adjudication < $2)
       group by a.adjudication order by a.adjudication desc limit $3`,
      [scope.county, before ?? null, limit + 1],
    );
    const shown = rows.slice(0, limit);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'decisions.list',
      subject: 'decisions',
      detail: { rows: shown.length },
    });
    return {
      items: shown.map((row) => ({
        ...row,
        names: `${row.names.join('、')}${row.people > NAMED ? '等' : ''}`,
        verdict: row.column === null ? '只裁定所在的村' : (COLUMN_WORDS[row.column] ?? ''),
      })),
      next: rows.length > limit ? String(shown.at(-1)?.number) : null,
    };
  });
}
