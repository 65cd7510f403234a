import type { Content } from '@quanbao/domain/coverage/claim';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import { SURVEY_CHOICES } from '@quanbao/domain/survey/answers';
import type { Scope } from '../../db/port.ts';
import { cursorOf, cursorParts, MOST, wholeNumber } from '../../http/cursor.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { namesOf, placeOf } from '../register/index.ts';
import { requireRegion } from '../reports/index.ts';

const PAGE = 50;

interface Row {
  command: string;
  visit: number;
  delivery: number;
  person: number;
  region: string;
  content: string;
  day: string;
  way: string;
  actor: string;
  at: Date;
  pictures: number;
  undone: boolean;
}

/** What was answered, the newest receipt first; the look is recorded. */
export async function listVisits(
  instance: Instance,
  scope: Scope,
  asked: { region?: RegionCode | undefined; after?: string | undefined; limit?: number | undefined },
) {
  const { region = scope.region, limit = PAGE } = asked;
  const [delivery, visit] = (cursorParts(asked.after, 2) ?? [MOST, 0]).map((part) => wholeNumber(part, MOST));
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    requireRegion(tree, scope, region);
    const { lo, hi } = regionRange(region);
    const rows = await tx.query<Row>(
      `select command::text, visit, delivery, person_no as person, region, content, visited_on as day, way, actor,
         received_at as at, cardinality(media) as pictures, undone_at is not null as undone
       from visit where county = $1 and region >= $2 and region < $3 and (delivery, -visit) < ($4::int, -$5::bigint)
       order by delivery desc, visit limit $6`,
      [scope.county, lo, hi, delivery, visit, limit + 1],
    );
    const shown = rows.slice(0, limit);
    const names = await namesOf(tx, instance, scope, [...new Set(shown.map((row) => Number(row.person)))]);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'visit.list',
      subject: 'visits',
      region,
      detail: { rows: shown.length },
    });
    const last = shown.at(-1);
    return {
      items: shown.map((row) => ({
        command: row.command,
        person: Number(row.person),
        name: names.get(Number(row.person))?.name ?? '',
        region: placeOf(tree, row.region),
        answer: answerWords(JSON.parse(row.content) as Content),
        day: row.day,
        way: row.way === 'visit' ? '入户' : '电话',
        actor: row.actor,
        receivedAt: new Date(row.at).toISOString(),
        pictures: Number(row.pictures),
        undone: row.undone,
      })),
      next:
        rows.length > limit && last !== undefined
          ? cursorOf([Number(last.delivery), Number(last.visit)])
          : null,
    };
  });
}

function answerWords(content: Content): string {
  const same = SURVEY_CHOICES.filter((one) => one.answer === content.w);
  return (same.find((one) => one.reason === content.rc) ?? same[0])?.title ?? content.w ?? '';
}
