import type { FieldCommand, FoundCommand } from '@quanbao/contract/field';
import type { Content } from '@quanbao/domain/coverage/claim';
import { unpackClass } from '@quanbao/domain/coverage/step-class';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode } from '@quanbao/domain/kernel/region';
import { FOUND_NOTICE } from '@quanbao/domain/ledger/notices';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { type FoundPerson, readFound } from '@quanbao/domain/survey/found';
import type { Static } from 'typebox';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { type Accepted, takeBack } from './visit-rows.ts';

type Command = Static<typeof FieldCommand>;
export type FoundOrder = Static<typeof FoundCommand>;

/** Somebody found who may be written down. */
export interface Found {
  readonly command: FoundOrder;
  readonly person: FoundPerson;
  readonly day: PlainDate;
  readonly content: Content;
  /** The visit of whom the register knows. */
  readonly listed: Accepted | undefined;
}

/** How an answer is read, as for somebody on the list. */
interface Reading {
  readonly tree: RegionTree;
  readonly today: PlainDate;
  readonly dayOf: (madeAt: string) => PlainDate;
  readonly contentOf: (command: Command, day: PlainDate) => { content: Content; phone: string | undefined };
  readonly refuse: (command: string, problem: { code: string; message: string }) => void;
}

/** Reads what devices found; whom the register lists anywhere in the county becomes a visit in his own village. */
export async function readFoundOrders(
  instance: Instance,
  seen: Scope,
  orders: readonly FoundOrder[],
  { tree, today, dayOf, contentOf, refuse }: Reading,
): Promise<Found[]> {
  if (orders.length === 0) return [];
  const read: { command: FoundOrder; person: FoundPerson; day: PlainDate }[] = [];
  for (const command of orders) {
    try {
      const person = readFound(command.found, today);
      if (typeof person === 'string') throw new Refusal('found.given', `${person}改正后再报。`);
      if (!isWithin(person.village, seen.region) || tree.get(person.village)?.level !== 'village') {
        throw new Refusal('found.village', '发现的村（社区）不在您的管辖范围内；请重新选择。');
      }
      if ([person.name, person.address, person.relation].some(holdsIdNumber)) {
        throw new Refusal('found.id-number', '姓名、住址里不能写身份证号码；请删去后再报。');
      }
      read.push({ command, person, day: dayOf(command.madeAt) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refuse(command.command, error.problem);
    }
  }
  const places = await listedPlaces(
    instance,
    seen,
    read.flatMap(({ person: { id } }) => (id === undefined ? [] : [id])),
    today,
  );
  return read.flatMap(({ command, person, day }): Found[] => {
    try {
      const place = person.id === undefined ? undefined : places.get(person.id);
      const visit = asVisit(command, person, place?.person ?? 0);
      const { content, phone } = contentOf(visit, day);
      const listed =
        place === undefined ? undefined : { command: visit, region: place.region, day, content, phone };
      return [{ command, person, day, content, listed }];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refuse(command.command, error.problem);
      return [];
    }
  });
}

/** A found person never moves by being found: the village of his list stays, for the town to decide. */
function asVisit(order: FoundOrder, { phone }: FoundPerson, person: number): Command {
  const { found: _, instead: __, ...answered } = order;
  return { ...answered, person, ...(phone === undefined ? {} : { phone }) };
}

/** Of these numbers those that the household register names on the day, anywhere in the county. */
async function listedPlaces(
  instance: Instance,
  seen: Scope,
  ids: readonly string[],
  day: PlainDate,
): Promise<Map<string, { person: number; region: RegionCode }>> {
  const byHash = new Map(ids.map((id) => [instance.cipher.blindIndex(id), id]));
  const rows = await instance.db.transaction(journalOf(seen), (tx) =>
    listedByHash(tx, seen.county, [...byHash.keys()], day),
  );
  return new Map(
    [...rows].map(([hash, { person, region }]) => [byHash.get(hash) as string, { person, region }]),
  );
}

/** By blind index: who is in the register on the day, and where. */
export async function listedByHash(
  tx: Tx,
  county: RegionCode,
  hashes: readonly string[],
  day: PlainDate,
): Promise<Map<string, { person: number; region: RegionCode }>> {
  if (hashes.length === 0) return new Map();
  const rows = await tx.query<{ hash: string; person: number; region: string; class: number }>(
    `select p.id_hash::text as hash, p.person_no as person, s.region, s.class from person p
     join step s on s.county = p.county and s.person_no = p.person_no and s.from_day <= $3 and s.to_day > $3
     where p.county = $1 and p.id_hash = any($2::uuid[])`,
    [county, [...hashes], day],
  );
  return new Map(
    rows
      .filter((row) => unpackClass(row.class).inRegister)
      .map((row) => [row.hash, { person: Number(row.person), region: row.region }]),
  );
}

/** What became of each, for the worker who found him. */
export function foundMessages(found: readonly Found[], tree: RegionTree): Map<string, string> {
  return new Map(
    found.map(({ command, person, listed }) => [
      command.command,
      listed !== undefined
        ? `此人在本县${tree.path(listed.region)}名单上，答复已记到他名下。`
        : person.id === undefined
          ? '证件号不详，已交乡镇处理；查到号码后请告诉乡镇。'
          : '本县户籍名单上没有这个号码，已交乡镇处理。',
    ]),
  );
}

/** Those of the commands that are there already, or that a correction which is there stands for. */
export async function knownFound(tx: Tx, county: RegionCode, found: readonly Found[]): Promise<string[]> {
  if (found.length === 0) return [];
  const rows = await tx.query<{ command: string }>(
    `select command::text from found_person where county = $1 and command = any($2::uuid[])
     union select instead::text from found_person where county = $1 and instead = any($2::uuid[])`,
    [county, found.map(({ command }) => command.command)],
  );
  return rows.map((row) => row.command);
}

/**
 * What corrections stand for counts no more: one that waits is replaced, one that became a visit is taken back.
 * What an office has decided stays as it was decided.
 * @returns people to be judged anew
 */
export async function replaceFound(
  tx: Tx,
  scope: Scope,
  seen: Scope,
  found: readonly Found[],
): Promise<number[]> {
  const instead = found.flatMap(({ command }) => (command.instead === undefined ? [] : [command.instead]));
  if (instead.length === 0) return [];
  const rows = await tx.query<{ visit: string | null }>(
    `update found_person f set state = 'replaced', visit = null, person_no = null
     from (select command, visit from found_person where county = $1 and command = any($2::uuid[]) and actor = $3
       and state in ('open', 'listed') for update) was
     where f.county = $1 and f.command = was.command returning was.visit::text as visit`,
    [scope.county, instead, seen.actor],
  );
  const people: number[] = [];
  for (const { visit } of rows) {
    if (visit === null) continue;
    const person = await takeBack(tx, scope, visit);
    if (person !== undefined) people.push(person);
  }
  return people;
}

export async function insertFound(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  seen: Scope,
  device: string,
  found: readonly Found[],
): Promise<void> {
  const { cipher } = instance;
  const sealed = (text: string | undefined): Buffer | null =>
    text === undefined ? null : cipher.encryptField(text);
  await tx.query(
    `insert into found_person (county, command, region, actor, device, found_on, name, id_hash, id_cipher, birth, sex, phone, address,
       relation, way, content, detail, media, state, person_no, visit, instead)
     select $1, u.command::uuid, u.region, $2, $3, u.day, u.name, u.hash::uuid, u.id, u.birth, u.sex, u.phone, u.address, u.relation,
       u.way, u.content, u.detail, coalesce(string_to_array(nullif(u.media, ''), ','), '{}'), u.state, u.person_no,
       case when u.person_no is not null then u.command::uuid end, u.instead::uuid
     from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::text[], $11::text[], $12::bytea[],
       $13::text[], $14::text[], $15::text[], $16::text[], $17::bytea[], $18::text[], $19::text[], $20::bigint[], $21::text[])
       as u (command, region, day, name, hash, id, birth, sex, phone, address, relation, way, content, detail, media, state, person_no, instead)`,
    [
      scope.county,
      seen.actor,
      device,
      found.map(({ command }) => command.command),
      found.map(({ person }) => person.village),
      found.map(({ day }) => day),
      found.map(({ person }) => person.name),
      found.map(({ person: { id } }) => (id === undefined ? null : cipher.blindIndex(id))),
      found.map(({ person: { id } }) => sealed(id)),
      found.map(({ person }) => person.birth),
      found.map(({ person }) => person.sex),
      found.map(({ person }) => sealed(person.phone)),
      found.map(({ person }) => person.address),
      found.map(({ person }) => person.relation),
      found.map(({ command }) => command.way),
      found.map(({ content }) => JSON.stringify(content)),
      found.map(({ command: { attempts, location } }) =>
        attempts === undefined && location === undefined
          ? null
          : sealed(JSON.stringify({ attempts, location })),
      ),
      found.map(({ command }) => (command.media ?? []).join()),
      found.map(({ listed }) => (listed === undefined ? 'open' : 'listed')),
      found.map(({ listed }) => listed?.command.person ?? null),
      found.map(({ command }) => command.instead ?? null),
    ],
  );
  await record(tx, {
    county: scope.county,
    actor: seen.actor,
    act: 'found.sync',
    subject: 'found people',
    region: seen.region,
    detail: { found: found.length, listed: found.filter(({ listed }) => listed !== undefined).length },
  });
}

/** Tells the village he was found in, and the one whose list he is on. */
export async function noticeFound(
  tx: Tx,
  county: RegionCode,
  change: number,
  found: readonly Found[],
): Promise<void> {
  const told = new Map<string, number>();
  for (const { person, listed } of found) {
    for (const place of new Set([person.village, ...(listed ? [listed.region.slice(0, 12)] : [])])) {
      told.set(place, (told.get(place) ?? 0) + 1);
    }
  }
  if (told.size === 0) return;
  await tx.query(
    `insert into notice (county, change, region, kind, opened, closed, cause)
     select $1, $2, u.region, $3, u.n, 0, '' from unnest($4::text[], $5::int[]) as u (region, n)`,
    [county, change, FOUND_NOTICE, [...told.keys()], [...told.values()]],
  );
}

/** A visit that somebody found had become was taken back: he waits again. */
export async function openAgain(tx: Tx, scope: Scope, visit: string): Promise<void> {
  await tx.query(
    `update found_person set state = 'open', person_no = null, visit = null, decided_by = null, decided_at = null
     where county = $1 and visit = $2::uuid and state in ('listed', 'entered')`,
    [scope.county, visit],
  );
}
