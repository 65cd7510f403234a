import { groupCode, NO_GROUP } from '@quanbao/domain/addresses/groups';
import { type StepClass, unpackClass } from '@quanbao/domain/coverage/step-class';
import { columnWords } from '@quanbao/domain/coverage/words';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type RegionCode, regionLevel } from '@quanbao/domain/kernel/region';
import { maskId } from '@quanbao/domain/kernel/resident-id';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import {
  holdsNumber,
  MEANING_WORDS,
  type Meaning,
  meaningsOf,
  wrongId,
} from '@quanbao/domain/register/search';
import type { Scope, Tx } from '../../db/port.ts';
import { showPeople } from '../../db/shown.ts';
import { cursorOf, cursorParts, wholeNumber } from '../../http/cursor.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { askableDays, chooseDay, type Standing, standingPage, type Wanted } from '../reports/index.ts';
import {
  askedPlace,
  type Conditions,
  knownClasses,
  type Sight,
  seenTags,
  seesStep,
  sightOf,
  UNSEEN,
  wantedClasses,
} from './asked.ts';
import { changedBy } from './changed-by.ts';
import { searchPeople } from './search.ts';
import { isSearchDue } from './search-index.ts';

/** Which people: a list on a screen, an export and a saved filter are all such a question. */
export interface PeopleQuestion extends Conditions {
  readonly q?: string | undefined;
  readonly region?: RegionCode | undefined;
  readonly asOf?: PlainDate | undefined;
  /** People whose verdict a delivery decided or ended. */
  readonly delivery?: number | undefined;
  /** Only who stands directly in the region, in no village (未分村社区). */
  readonly unplaced?: boolean | undefined;
}

export interface PersonLine {
  person: number;
  name: string;
  id: string;
  sex: string;
  birth: string;
  region: { code: string; name: string; path: string };
  column: number | null;
  verdict: string;
  registered: boolean;
  paid: boolean;
  willing: string;
  tags: string[];
  inRegister: boolean;
}

export interface PeoplePage {
  asOf: string;
  understood: string;
  total: number | null;
  items: PersonLine[];
  next: string | null;
}

/** How far a search is counted whose people are looked up; of one that walks, a full page is not counted. */
const COUNTED = 200;

/** People that answer a question, a page at a time; every page is recorded. */
export async function listPeople(
  instance: Instance,
  scope: Scope,
  question: PeopleQuestion,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<PeoplePage> {
  return instance.db.transaction(scope, async (tx) => {
    const page = await readPeople(tx, instance, scope, question, { after, limit });
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'people.list',
      subject: 'people',
      region: question.region ?? scope.region,
      detail: { asOf: page.asOf, ...asRecorded(question), rows: page.items.length },
    });
    return page;
  });
}

/** The question without what was typed where that may be a number. */
export function asRecorded({ q, region, asOf, ...conditions }: PeopleQuestion): Record<string, unknown> {
  const [meaning] = meaningsOf(q ?? '');
  if (meaning === undefined) return conditions;
  const typed =
    meaning.kind === 'name' ? meaning.part : meaning.kind === 'pinyin' ? meaning.start : undefined;
  return {
    ...conditions,
    by: meaning.kind,
    ...(typed === undefined || holdsNumber(q ?? '') ? {} : { typed }),
  };
}

interface Cursor {
  readonly day: PlainDate;
  readonly by: string;
  readonly at: RegionCode;
  readonly personNo: number;
}

/** Reads a page and records nothing: whoever calls it does. */
export async function readPeople(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  question: PeopleQuestion,
  { after, limit, reveal }: { after?: string | undefined; limit: number; reveal?: boolean },
): Promise<PeoplePage> {
  const from = readCursor(after);
  const tree = await loadRegionTree(tx, scope.county);
  const day = chooseDay(await askableDays(tx, scope.county), question.asOf ?? from?.day);
  const sight = await sightOf(tx, scope, tree, day);
  const asked: Asked = {
    sight,
    region: askedPlace(tree, scope, question.region),
    alone: question.unplaced === true,
    delivery: question.delivery,
    wanted: await wantedClasses(tx, sight, question),
    from,
    limit,
  };
  const typed = question.q?.trim() ?? '';
  const answer =
    typed !== ''
      ? await bySearch(tx, instance, asked, typed)
      : question.delivery !== undefined && scope.region === scope.county
        ? await byDelivery(tx, asked, question.delivery)
        : await byStanding(tx, asked);
  const shown = answer.rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    asOf: day,
    understood: answer.understood,
    total: answer.total,
    items: await linesOf(tx, instance, sight, shown, reveal),
    next:
      answer.rows.length > limit && last !== undefined
        ? writeCursor({ day, by: answer.by, at: last.at ?? last.region, personNo: last.personNo })
        : null,
  };
}

interface Asked {
  readonly sight: Sight;
  readonly region: RegionCode;
  readonly alone: boolean;
  readonly delivery: number | undefined;
  readonly wanted: Wanted | undefined;
  readonly from: Cursor | undefined;
  readonly limit: number;
}

interface Answer {
  readonly rows: (Standing & { readonly at?: RegionCode })[];
  readonly total: number | null;
  readonly understood: string;
  /** What the page after this one goes by. */
  readonly by: string;
}

async function bySearch(tx: Tx, instance: Instance, asked: Asked, typed: string): Promise<Answer> {
  if (wrongId(typed)) {
    throw new Refusal('person.id', '这不是一个正确的身份证号码；请核对位数和末位校验码。');
  }
  const { sight, from } = asked;
  const { scope, tree, day } = sight;
  const meanings = meaningsOf(typed).filter((meaning) => from === undefined || from.by === meaning.kind);
  const limit = asked.limit + 1;
  const wanted = withDelivery(asked.wanted, asked.delivery, () => knownClasses(tx, scope.county));
  for (const meaning of meanings) {
    const { rows, whole } = await searchPeople(tx, instance, scope, tree, meaning, {
      region: asked.region,
      day,
      wanted: await wanted,
      alone: asked.alone,
      after: from,
      limit,
      counted: from === undefined ? COUNTED + 1 : undefined,
    });
    if (rows.length === 0) continue;
    const total = from === undefined && whole ? rows.length : null;
    return { rows, total, understood: MEANING_WORDS[meaning.kind], by: meaning.kind };
  }
  const late = await isSearchDue(tx, scope.county);
  return { rows: [], total: 0, understood: nothingFound(meanings, late), by: '' };
}

function nothingFound(meanings: readonly Meaning[], late: boolean): string {
  const tried = [...new Set(meanings.map((meaning) => MEANING_WORDS[meaning.kind]))];
  const words = tried.length === 0 ? '看不出要查什么' : `按${tried.join('、')}都没有查到`;
  return late ? `${words}；刚收到的名单还在编入检索，请稍后再试` : words;
}

async function withDelivery(
  wanted: Wanted | undefined,
  delivery: number | undefined,
  everything: () => Promise<number[]>,
): Promise<Wanted | undefined> {
  if (delivery === undefined) return wanted;
  return { ...(wanted ?? { classes: new Set(await everything()) }), delivery };
}

/** Who stands in the region on the day: in order of place, counted without counting people. */
async function byStanding(tx: Tx, asked: Asked): Promise<Answer> {
  const { sight, region, alone, from } = asked;
  const { county } = sight.scope;
  const everybody = { classes: new Set(await knownClasses(tx, county)) };
  const wanted: Wanted = { ...(asked.wanted ?? everybody), delivery: asked.delivery };
  const { rows, people } = await standingPage(tx, county, region, sight.day, wanted, {
    limit: asked.limit + 1,
    alone,
    after: from && { region: from.at, personNo: from.personNo },
  });
  const hidden = wanted.bySeen !== undefined;
  const of = asked.delivery === undefined ? '' : `，由第 ${asked.delivery} 号报送决定其结论的人员`;
  return {
    rows,
    total: hidden || asked.delivery !== undefined ? null : people,
    understood: `条件${of}${hidden ? `；${UNSEEN}的人员不列出` : ''}`,
    by: 'standing',
  };
}

async function byDelivery(tx: Tx, asked: Asked, delivery: number): Promise<Answer> {
  const { sight, region, alone, from, wanted, limit } = asked;
  const { rows, total } = await changedBy(tx, sight.scope.county, delivery, {
    region,
    alone,
    day: sight.day,
    wanted,
    after: from?.personNo,
    limit: limit + 1,
  });
  return { rows, total, understood: `第 ${delivery} 号报送决定或终止其结论的人员`, by: 'delivery' };
}

interface Named {
  readonly name: string;
  readonly birth: string;
  readonly sex: string;
  readonly id: string;
}

/** Who they are, of those the scope sees: also of who has moved away since the day. */
export async function namesOf(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  numbers: readonly number[],
): Promise<Map<number, Named>> {
  await showPeople(tx, scope, numbers);
  const rows = await tx.query<{
    person_no: number;
    name: string;
    birth: string;
    sex: string;
    id_cipher: Buffer;
  }>(
    'select person_no, name, birth, sex, id_cipher from person where county = $1 and person_no = any($2::bigint[])',
    [scope.county, [...numbers]],
  );
  const ids = instance.cipher.decryptFields(rows.map((row) => row.id_cipher));
  return new Map(
    rows.map((row, i) => [
      Number(row.person_no),
      { name: row.name, birth: row.birth, sex: row.sex, id: ids[i] as string },
    ]),
  );
}

export async function linesOf(
  tx: Tx,
  instance: Instance,
  sight: Sight,
  rows: readonly Standing[],
  reveal = false,
): Promise<PersonLine[]> {
  if (rows.length === 0) return [];
  const names = await namesOf(
    tx,
    instance,
    sight.scope,
    rows.map((row) => row.personNo),
  );
  return rows.map((row) => {
    const named = names.get(row.personNo);
    if (named === undefined) throw new Error(`a step of person ${row.personNo} is shown, but not who it is`);
    return lineOf(sight, row, named, reveal);
  });
}

function lineOf(sight: Sight, row: Standing, named: Named, reveal: boolean): PersonLine {
  const facts = unpackClass(row.class);
  return {
    person: row.personNo,
    name: named.name,
    id: reveal ? named.id : maskId(named.id),
    sex: named.sex,
    birth: named.birth,
    region: placeOf(sight.tree, row.region, Number(row.group)),
    ...verdictOf(sight, facts, row.delivery),
    registered: facts.registered,
    paid: facts.paid,
    willing: facts.willing,
    tags: seenTags(sight, facts),
    inRegister: facts.inRegister,
  };
}

export function verdictOf(
  sight: Sight,
  facts: StepClass,
  delivery: number,
): { verdict: string; column: number | null } {
  return seesStep(sight, facts, delivery)
    ? { verdict: columnWords(facts), column: facts.column }
    : { verdict: UNSEEN, column: null };
}

/** @param group is said behind the village, where it is known */
export function placeOf(tree: RegionTree, code: RegionCode, group = NO_GROUP): PersonLine['region'] {
  const grouped = group !== NO_GROUP && regionLevel(code) === 'village';
  const path = tree.path(grouped ? groupCode(code, group) : code);
  return { code, name: tree.get(code)?.name ?? path, path };
}

function writeCursor({ day, by, at, personNo }: Cursor): string {
  return cursorOf([day, by, at, personNo]);
}

function readCursor(text: string | undefined): Cursor | undefined {
  const parts = cursorParts(text, 4);
  if (parts === undefined) return undefined;
  const [day, by, at, personNo] = parts;
  return { day: String(day), by: String(by), at: String(at), personNo: wholeNumber(personNo) };
}

/** What is shown while somebody types: no verdict, no day. */
export async function suggestPeople(
  instance: Instance,
  scope: Scope,
  typed: string,
): Promise<{ person: number; name: string; id: string; place: string }[]> {
  const meanings = meaningsOf(typed);
  if (meanings.length === 0) return [];
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const day = chooseDay(await askableDays(tx, scope.county), undefined);
    for (const meaning of meanings) {
      const { rows } = await searchPeople(tx, instance, scope, tree, meaning, {
        region: scope.region,
        day,
        wanted: undefined,
        limit: SUGGESTED,
      });
      if (rows.length === 0) continue;
      const names = await namesOf(
        tx,
        instance,
        scope,
        rows.map((row) => row.personNo),
      );
      return rows.map((row) => ({
        person: row.personNo,
        name: names.get(row.personNo)?.name ?? '',
        id: maskId(names.get(row.personNo)?.id ?? ''),
        place: tree.path(row.region),
      }));
    }
    return [];
  });
}

const SUGGESTED = 8;
