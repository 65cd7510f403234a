import type { AnswerOf } from '@quanbao/contract/route';
import type * as contract from '@quanbao/contract/survey';
import type { Content } from '@quanbao/domain/coverage/claim';
import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import { maskId } from '@quanbao/domain/kernel/resident-id';
import { answerWords } from '@quanbao/domain/survey/answers';
import { BY_ATTEMPTS, REVISIT_WORDS, revisitOf } from '@quanbao/domain/survey/revisits';
import type { Scope } from '../../db/port.ts';
import { cursorOf, cursorParts, wholeNumber } from '../../http/cursor.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { namesOf, placeOf } from '../register/index.ts';
import { askableDays, chooseDay, requireRegion } from '../reports/index.ts';
import { readRound } from './rounds.ts';

interface Row {
  person: number;
  region: string;
  kind: string;
  why: string;
  from: string;
  last: string | null;
  content: string | null;
  actor: string | null;
}

export interface RevisitsAsked {
  readonly region?: RegionCode | undefined;
  readonly asOf?: PlainDate | undefined;
  readonly round?: number | undefined;
  readonly within?: number | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Who has to be visited again, by place: what the ledger says is 待核实, or will be by a day already known. */
export async function listRevisits(
  instance: Instance,
  scope: Scope,
  asked: RevisitsAsked,
): Promise<AnswerOf<typeof contract.revisits>> {
  const parts = cursorParts(asked.after, 3);
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const region = asked.region ?? scope.region;
    requireRegion(tree, scope, region);
    const day = chooseDay(
      await askableDays(tx, scope.county),
      parts === undefined ? asked.asOf : String(parts[0]),
    );
    const until = addDays(day, asked.within ?? 0);
    const round = asked.round === undefined ? undefined : await readRound(tx, scope, asked.round);
    const { lo, hi } = regionRange(region);
    const params = [
      scope.county,
      lo,
      hi,
      day,
      until,
      [...BY_ATTEMPTS],
      round?.revisitDays === undefined ? '' : addDays(until, -round.revisitDays),
      round?.from ?? '',
    ];
    const due = `with last as (
        select distinct on (v.person_no) v.person_no, v.visited_on, v.content, v.actor from visit v
        where v.county = $1 and v.undone_at is null and v.visited_on <= $4
        order by v.person_no, v.visited_on desc, v.delivery desc, v.visit desc),
      due as (
        select distinct on (i.region, i.person_no) i.region, i.person_no, i.kind, i.why, i.from_day, l.visited_on, l.content, l.actor
        from ledger_item i left join last l on l.person_no = i.person_no
        where i.county = $1 and i.region >= $2 and i.region < $3 and i.kind in ('uninsured', 'migrant') and i.state = 'verify'
          and i.from_day <= $5 and i.to_day > $4
          and (i.kind = 'migrant' or i.why = 'expired'
            or i.from_day <= $4 and (l.content::jsonb->>'rc' = any($6::text[]) or l.visited_on <= $7 and l.visited_on >= $8))
        order by i.region, i.person_no, i.kind desc, i.from_day)`;
    const [count] = await tx.query<{ n: number }>(`${due} select count(*)::int as n from due`, params);
    const from = parts === undefined ? ['', 0] : [String(parts[1]), wholeNumber(parts[2])];
    const rows = await tx.query<Row>(
      `${due} select person_no as person, region, kind, why, from_day as "from", visited_on as last, content, actor from due
       where (region, person_no) > ($9, $10::bigint) order by region, person_no limit $11`,
      [...params, ...from, asked.limit + 1],
    );
    const shown = rows.slice(0, asked.limit);
    const names = await namesOf(
      tx,
      instance,
      scope,
      shown.map((row) => Number(row.person)),
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'revisit.list',
      subject: 'revisits',
      region,
      detail: { asOf: day, rows: shown.length },
    });
    const end = shown.at(-1);
    return {
      asOf: day,
      until,
      total: Number(count?.n ?? 0),
      items: shown.flatMap((row) => {
        const content = row.content === null ? undefined : (JSON.parse(row.content) as Content);
        const last = row.last === null ? undefined : { day: row.last, reason: content?.rc };
        const revisit = revisitOf(
          { kind: row.kind, why: row.why, from: row.from, last, revisitDays: round?.revisitDays },
          day,
        );
        if (revisit === undefined) return [];
        const named = names.get(Number(row.person));
        return {
          person: Number(row.person),
          name: named?.name ?? '',
          id: maskId(named?.id ?? ''),
          region: placeOf(tree, row.region),
          why: REVISIT_WORDS[revisit.why],
          due: revisit.due,
          last:
            content === undefined || row.last === null
              ? null
              : { day: row.last, answer: answerWords(content).title, worker: row.actor ?? '' },
        };
      }),
      next:
        rows.length > asked.limit && end !== undefined
          ? cursorOf([day, end.region, Number(end.person)])
          : null,
    };
  });
}
