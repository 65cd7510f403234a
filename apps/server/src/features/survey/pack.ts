import { createHash } from 'node:crypto';
import type * as contract from '@quanbao/contract/field';
import type { AnswerOf } from '@quanbao/contract/route';
import type { Content } from '@quanbao/domain/coverage/claim';
import { unpackClass } from '@quanbao/domain/coverage/step-class';
import { addDays } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import { itemNumber, type LedgerKindCode, ledgerKind } from '@quanbao/domain/ledger/kinds';
import { SURVEY_CHOICES } from '@quanbao/domain/survey/answers';
import { PHONE_DAYS, PHONE_PEOPLE } from '@quanbao/domain/survey/devices';
import { standingAnswer, standingReason } from '@quanbao/domain/survey/standing';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { namesOf, sightOn, verdictOf } from '../register/index.ts';
import { askableDays, chooseDay, requireRegion, workDay } from '../reports/index.ts';
import { askingIn } from './asking.ts';
import { outboxKey, outboxPass } from './outbox-seal.ts';

/** A phone that is in touch keeps its list longer: who is visited again is said further ahead. */
const AHEAD_DAYS = 2 * PHONE_DAYS;

type Pack = AnswerOf<typeof contract.fieldPack>;

/** A village for a phone: the least that visits need, recorded as an export. */
export async function fieldPack(
  instance: Instance,
  scope: Scope,
  village: RegionCode,
  device?: string,
): Promise<Pack> {
  const now = new Date();
  const { day, today } = await instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    requireRegion(tree, scope, village);
    if (tree.get(village)?.level !== 'village') {
      throw new Refusal('field.village', '请选择一个村（社区）下载；乡镇请分村下载。');
    }
    return {
      day: chooseDay(await askableDays(tx, scope.county), undefined),
      today: await workDay(tx, scope, now),
    };
  });
  const asking = await askingIn(instance, scope, { village, day, until: addDays(today, AHEAD_DAYS) });
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const sight = await sightOn(tx, scope, tree, day);
    const steps = await tx.query<{ person: number; region: string; class: number; delivery: number }>(
      `select person_no as person, region, class, delivery from step
       where county = $1 and region >= $2 and region < $3 and from_day <= $4 and to_day > $4
       order by person_no limit ${PHONE_PEOPLE + 1}`,
      [scope.county, village, `${village}~`, day],
    );
    if (steps.length > PHONE_PEOPLE) {
      throw new Refusal(
        'field.too-many',
        `本村（社区）超过 ${PHONE_PEOPLE} 人，手机装不下；请按组分给几位协办员，或在电脑上摸底。`,
      );
    }
    // Of the province's list also those whom the household register does not name.
    const listed = (person: number): boolean => (asking.people.get(person)?.rounds.length ?? 0) > 0;
    const present = steps.filter((row) => unpackClass(row.class).inRegister || listed(Number(row.person)));
    const numbers = present.map((row) => Number(row.person));
    const names = await namesOf(tx, instance, scope, numbers);
    const found = await searchLines(tx, scope, numbers);
    const items = await openItems(tx, scope, numbers, day);
    const answers = await latestAnswers(tx, scope, numbers, day);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'field.pack',
      subject: 'people',
      region: village,
      detail: { asOf: day, rows: numbers.length },
    });
    return {
      village: { code: village, name: tree.get(village)?.name ?? village, path: tree.path(village) },
      asOf: day,
      madeAt: now.toISOString(),
      today,
      rounds: asking.rounds,
      keepDays: PHONE_DAYS,
      outbox:
        device === undefined
          ? null
          : {
              county: scope.county,
              ...outboxKey(instance.keyring),
              pass: outboxPass(instance.keyring, { county: scope.county, actor: scope.actor, device }),
            },
      people: present.map((row) => {
        const person = Number(row.person);
        const named = names.get(person);
        const line = found.get(person);
        const facts = unpackClass(row.class);
        return {
          person,
          name: named?.name ?? '',
          last4: named?.id.slice(-4) ?? '',
          sex: named?.sex ?? '',
          birth: named?.birth ?? '',
          address: line?.address ?? '',
          household: line?.household ?? '',
          relation: answers.get(person)?.relation ?? '',
          verdict: verdictOf(sight, facts, row.delivery).verdict,
          registered: facts.registered,
          paid: facts.paid,
          items: items.get(person) ?? [],
          answered: answers.get(person)?.answered ?? null,
          reason: answers.get(person)?.reason ?? null,
          rounds: asking.people.get(person)?.rounds ?? [],
          revisit: asking.people.get(person)?.revisit ?? null,
        };
      }),
    };
  });
}

async function searchLines(
  tx: Tx,
  scope: Scope,
  numbers: readonly number[],
): Promise<Map<number, { address: string; household: string }>> {
  const rows = await tx.query<{ person: number; address: string; household: string }>(
    `select person_no as person, address, household from person_search where county = $1 and person_no = any($2::bigint[])`,
    [scope.county, [...numbers]],
  );
  return new Map(
    rows.map((row) => [
      Number(row.person),
      {
        address: row.address,
        household:
          row.household === '' ? '' : createHash('sha256').update(row.household).digest('hex').slice(0, 12),
      },
    ]),
  );
}

async function openItems(
  tx: Tx,
  scope: Scope,
  numbers: readonly number[],
  day: string,
): Promise<Map<number, Pack['people'][number]['items']>> {
  const rows = await tx.query<{ person: number; kind: LedgerKindCode; subject: string; state: string }>(
    `select person_no as person, kind, subject, state from ledger_item
     where county = $1 and person_no = any($2::bigint[]) and from_day <= $3 and to_day > $3 and state <> 'closed'
       and kind in ('uninsured', 'unpaid', 'lapsed', 'reaching-60', 'migrant') order by kind`,
    [scope.county, [...numbers], day],
  );
  const items = new Map<number, Pack['people'][number]['items']>();
  for (const { person, kind, subject, state } of rows) {
    const list = items.get(Number(person)) ?? [];
    list.push({
      number: itemNumber(kind, Number(person), subject),
      kind,
      title: ledgerKind(kind).title,
      state,
    });
    items.set(Number(person), list);
  }
  return items;
}

async function latestAnswers(
  tx: Tx,
  scope: Scope,
  numbers: readonly number[],
  day: string,
): Promise<Map<number, { relation: string } & Pick<Pack['people'][number], 'answered' | 'reason'>>> {
  const rows = await tx.query<{
    person: number;
    since: number;
    content: string;
    source: string;
    asOf: string;
    actor: string;
  }>(
    `select c.person_no as person, c.since, c.content, d.source, d.as_of as "asOf", d.actor
     from claim c join delivery d on d.county = c.county and d.delivery = c.since
     where c.county = $1 and c.person_no = any($2::bigint[]) and d.source in ('survey-workbook', 'household-register')
       and d.as_of <= $3`,
    [scope.county, [...numbers], day],
  );
  const said = new Map<
    number,
    { content: Content; since: { id: number; asOf: string }; source: string; actor: string }[]
  >();
  for (const row of rows) {
    const list = said.get(Number(row.person)) ?? [];
    list.push({
      content: JSON.parse(row.content) as Content,
      since: { id: row.since, asOf: row.asOf },
      source: row.source,
      actor: row.actor,
    });
    said.set(Number(row.person), list);
  }
  return new Map(
    [...said].map(([person, list]) => {
      const survey = list.filter((one) => one.source === 'survey-workbook');
      const standing = standingAnswer(survey, day);
      const judged = standingReason(survey, day);
      const relation = list.find((one) => one.source === 'household-register')?.content.r ?? '';
      const { w, rc } = standing?.content ?? {};
      const choice = SURVEY_CHOICES.find(
        (one) => one.answer === w && (rc === undefined || one.reason === rc),
      );
      // Who has only corrected a telephone number has asked nothing.
      const by = standing?.toldBy ?? standing?.last;
      const answered =
        by === undefined
          ? null
          : { answer: choice?.choice ?? w ?? '', day: by.content.d ?? by.since.asOf, actor: by.actor };
      const reason = judged && {
        code: judged.reason.code,
        complete: judged.complete,
        attempts: judged.attempts,
        expires: judged.expires ?? null,
      };
      return [person, { relation, answered, reason: reason ?? null }];
    }),
  );
}

/** The villages of the account, with how many live there, are open, and have been visited. */
export async function fieldVillages(instance: Instance, scope: Scope) {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const day = chooseDay(await askableDays(tx, scope.county), undefined);
    const rows = await tx.query<{ village: string; open: number }>(
      `select left(region, 12) as village, count(distinct person_no)::int as open from ledger_item
       where county = $1 and kind = 'uninsured' and state <> 'closed' and from_day <= $2 and to_day > $2 group by 1`,
      [scope.county, day],
    );
    const visits = await tx.query<{ village: string; visited: number }>(
      `select left(region, 12) as village, count(distinct person_no)::int as visited from visit
       where county = $1 and undone_at is null group by 1`,
      [scope.county],
    );
    const people = await tx.query<{ village: string; people: number }>(
      'select left(region, 12) as village, count(*)::int as people from person_search where county = $1 group by 1',
      [scope.county],
    );
    const of = <K extends string>(
      list: readonly ({ village: string } & Record<K, number>)[],
      key: K,
      code: string,
    ) => Number(list.find((row) => row.village === code)?.[key] ?? 0);
    const villages =
      scope.region.length >= 12
        ? [scope.region]
        : (scope.region.length === 9
            ? [scope.region]
            : tree.children(scope.county, day).map((t) => t.code)
          ).flatMap((town) => tree.children(town, day).map((v) => v.code));
    return {
      items: villages.map((code) => ({
        village: { code, name: tree.get(code)?.name ?? code, path: tree.path(code) },
        people: of(people, 'people', code),
        open: of(rows, 'open', code),
        visited: of(visits, 'visited', code),
      })),
    };
  });
}
