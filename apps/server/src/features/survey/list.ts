import type { FieldCommand } from '@quanbao/contract/field';
import type { Content } from '@quanbao/domain/coverage/claim';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import { maskId, maskPhone } from '@quanbao/domain/kernel/resident-id';
import { answerWords, SURVEY_CHOICES, surveyChoice, WAY_WORDS } from '@quanbao/domain/survey/answers';
import type { Static } from 'typebox';
import type { Scope, Tx } from '../../db/port.ts';
import { cursorOf, cursorParts, MOST, wholeNumber } from '../../http/cursor.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { missingOf } from '../ledger/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { namesOf, placeOf } from '../register/index.ts';
import { askableDays, chooseDay, requireRegion } from '../reports/index.ts';
import { workerNames } from './covers.ts';

const PAGE = 50;

interface Row {
  command: string;
  visit: number;
  delivery: number;
  person: number;
  region: string;
  content: string;
  day: string;
  way: keyof typeof WAY_WORDS;
  actor: string;
  at: Date;
  pictures: number;
  detail: Buffer | null;
  undone: boolean;
}

export interface VisitsAsked {
  readonly region?: RegionCode | undefined;
  readonly actor?: string | undefined;
  readonly person?: number | undefined;
  readonly answer?: string | undefined;
  readonly way?: string | undefined;
  readonly from?: PlainDate | undefined;
  readonly to?: PlainDate | undefined;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

/** The conditions of the question, beside county and region. */
function narrow(asked: VisitsAsked, params: unknown[]): string {
  let where = '';
  const n = (value: unknown): string => `$${params.push(value)}`;
  if (asked.actor !== undefined) where += ` and actor = ${n(asked.actor)}`;
  if (asked.person !== undefined) where += ` and person_no = ${n(asked.person)}::bigint`;
  if (asked.way !== undefined) where += ` and way = ${n(asked.way)}`;
  if (asked.from !== undefined) where += ` and visited_on >= ${n(asked.from)}`;
  if (asked.to !== undefined) where += ` and visited_on <= ${n(asked.to)}`;
  if (asked.answer !== undefined) {
    const choice = surveyChoice(asked.answer);
    if (choice === undefined) throw new Refusal('visit.answer', '没有这种答复；请重新选择。');
    where += ` and content::jsonb->>'w' = ${n(choice.answer)}`;
    const [first, ...others] = SURVEY_CHOICES.filter((one) => one.answer === choice.answer);
    if (others.length > 0) {
      where += ` and coalesce(content::jsonb->>'rc', ${n(first?.reason ?? '')}) = ${n(choice.reason ?? '')}`;
    }
  }
  return where;
}

/** What was answered, the newest receipt first; the look is recorded. */
export async function listVisits(instance: Instance, scope: Scope, asked: VisitsAsked) {
  const { region = scope.region, limit = PAGE } = asked;
  const [delivery, visit] = (cursorParts(asked.after, 2) ?? [MOST, 0]).map((part) => wholeNumber(part, MOST));
  const called = await workerNames(instance, scope);
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    requireRegion(tree, scope, region);
    const { lo, hi } = regionRange(region);
    const params: unknown[] = [scope.county, lo, hi, delivery, visit, limit + 1];
    const where = narrow(asked, params);
    const rows = await tx.query<Row>(
      `select command::text, visit, delivery, person_no as person, region, content, visited_on as day, way, actor,
         received_at as at, cardinality(media) as pictures, detail, undone_at is not null as undone
       from visit where county = $1 and region >= $2 and region < $3 and (delivery, -visit) < ($4::int, -$5::bigint)${where}
       order by delivery desc, visit limit $6`,
      params,
    );
    const counted: unknown[] = [scope.county, lo, hi];
    const [all] =
      asked.after === undefined
        ? await tx.query<{ n: number }>(
            `select count(*)::int as n from visit where county = $1 and region >= $2 and region < $3${narrow(asked, counted)}`,
            counted,
          )
        : [];
    const shown = rows.slice(0, limit);
    const names = await namesOf(tx, instance, scope, [...new Set(shown.map((row) => Number(row.person)))]);
    const now = chooseDay(await askableDays(tx, scope.county), undefined);
    const standing = shown.filter((row) => !row.undone).map((row) => Number(row.person));
    const missing = await missingOf(tx, scope, standing, now);
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
      items: shown.map((row) => {
        const { title, details } = answerWords(JSON.parse(row.content) as Content);
        const named = names.get(Number(row.person));
        return {
          command: row.command,
          person: Number(row.person),
          name: named?.name ?? '',
          id: maskId(named?.id ?? ''),
          region: placeOf(tree, row.region),
          answer: title,
          details: [...details],
          missing: row.undone ? '' : (missing.get(Number(row.person)) ?? ''),
          day: row.day,
          way: WAY_WORDS[row.way],
          attempts: attemptsOf(instance, row.detail),
          actor: row.actor,
          actorName: called.get(row.actor) ?? '',
          receivedAt: new Date(row.at).toISOString(),
          pictures: Number(row.pictures),
          undone: row.undone,
        };
      }),
      total: all === undefined ? null : Number(all.n),
      next:
        rows.length > limit && last !== undefined
          ? cursorOf([Number(last.delivery), Number(last.visit)])
          : null,
    };
  });
}

/** When and how somebody was tried, the number masked: the proof of 人户分离 and 联系不上 (Y10.4). */
function attemptsOf(
  { cipher }: Instance,
  detail: Buffer | null,
): { at: string; way: string; number: string }[] {
  if (detail === null) return [];
  const { attempts = [] } = JSON.parse(cipher.decryptField(detail)) as Pick<
    Static<typeof FieldCommand>,
    'attempts'
  >;
  return attempts.map(({ at, way, number = '' }) => ({ at, way, number: number && maskPhone(number) }));
}

/** Visits made from one day to another, both counted, without those taken back. */
export async function countVisits(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  from: PlainDate,
  to: PlainDate,
): Promise<number> {
  const { lo, hi } = regionRange(region);
  const [row] = await tx.query<{ n: number }>(
    `select count(*)::int as n from visit where county = $1 and region >= $2 and region < $3
       and visited_on >= $4 and visited_on <= $5 and undone_at is null`,
    [scope.county, lo, hi, from, to],
  );
  return Number(row?.n ?? 0);
}
