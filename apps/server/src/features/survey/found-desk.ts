import type * as contract from '@quanbao/contract/field';
import type { AnswerOf, QueryOf } from '@quanbao/contract/route';
import type { Content } from '@quanbao/domain/coverage/claim';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { regionRange } from '@quanbao/domain/kernel/region';
import { maskId, maskPhone, parseResidentId } from '@quanbao/domain/kernel/resident-id';
import { answerWords } from '@quanbao/domain/survey/answers';
import { FOUND_STATES, type FoundState } from '@quanbao/domain/survey/found';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope, Tx } from '../../db/port.ts';
import { cursorOf, cursorParts, wholeNumber } from '../../http/cursor.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { judgeAnew, nextChange } from '../coverage/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { placeOf } from '../register/index.ts';
import { requireRegion } from '../reports/index.ts';
import { noteDays, rollHorizon } from '../sources/index.ts';
import { listedByHash } from './found.ts';
import { insertDelivery, insertVisits, takeBack } from './visit-rows.ts';
import { surveyDay } from './visits.ts';

interface Row {
  command: string;
  region: string;
  actor: string;
  device: string;
  day: string;
  name: string;
  hash: string | null;
  id: Buffer | null;
  birth: string;
  sex: 'male' | 'female';
  phone: Buffer | null;
  address: string;
  relation: string;
  way: 'visit' | 'call';
  content: string;
  detail: Buffer | null;
  media: string[];
  state: FoundState;
  person: number | null;
  visit: string | null;
  reason: string;
  by: string | null;
  at: Date | null;
}

const COLUMNS = `command::text, region, actor, device, found_on as day, name, id_hash::text as hash, id_cipher as id, birth, sex, phone,
  address, relation, way, content, detail, media, state, person_no as person, visit::text, reason, decided_by as by, decided_at as at`;
const PAGE = 50;
const MOST = Number.MAX_SAFE_INTEGER;

/** Who was found, what waits first, then the newest; the look is recorded. */
export async function listFound(
  instance: Instance,
  scope: Scope,
  { region = scope.region, state, after, limit = PAGE }: NonNullable<QueryOf<typeof contract.found>>,
): Promise<AnswerOf<typeof contract.found>> {
  if (state !== undefined && !(state in FOUND_STATES)) {
    throw new Refusal('found.state', '没有这种状态；请重新选择。');
  }
  const [from = 0] = (cursorParts(after, 1) ?? [0]).map((part) => wholeNumber(part, MOST));
  const today = await surveyDay(instance, journalOf(scope), new Date());
  const page = await instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    requireRegion(tree, scope, region);
    const { lo, hi } = regionRange(region);
    const params = [scope.county, lo, hi];
    const [count] = await tx.query<{ n: number }>(
      `select count(*)::int as n from found_person where county = $1 and region >= $2 and region < $3 and state = 'open'`,
      params,
    );
    const rows = await tx.query<Row>(
      `select ${COLUMNS} from found_person where county = $1 and region >= $2 and region < $3
         and ${state === undefined ? `state <> 'replaced' and $4::text is null` : 'state = $4'}
       order by state <> 'open', received_at desc, command offset $5::bigint limit $6::int`,
      [...params, state ?? null, from, limit + 1],
    );
    const waiting = rows.flatMap((row) => (row.state === 'open' && row.hash !== null ? [row.hash] : []));
    const same = await tx.query<{ hash: string; n: number }>(
      `select id_hash::text as hash, count(*)::int as n from found_person
       where county = $1 and state = 'open' and id_hash = any($2::uuid[]) group by 1`,
      [scope.county, waiting],
    );
    const people = rows.flatMap((row) => (row.person === null ? [] : [row.person]));
    const seen = await tx.query<{ person: number }>(
      'select person_no as person from person where county = $1 and person_no = any($2::bigint[])',
      [scope.county, people],
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'found.list',
      subject: 'found people',
      region,
      detail: { rows: Math.min(rows.length, limit) },
    });
    return { tree, rows, open: Number(count?.n ?? 0), same, seen, waiting };
  });
  const { tree, rows, open, waiting } = page;
  const { listed, visited } = await instance.db.transaction(journalOf(scope), async (tx) => {
    const visits = rows.flatMap((row) => (row.state === 'listed' && row.visit !== null ? [row.visit] : []));
    const places = await tx.query<{ visit: string; region: string }>(
      'select command::text as visit, region from visit where county = $1 and command = any($2::uuid[])',
      [scope.county, visits],
    );
    return {
      listed: await listedByHash(tx, scope.county, waiting, today.day),
      visited: new Map(places.map((one) => [one.visit, one.region])),
    };
  });
  const same = new Map(page.same.map((row) => [row.hash, Number(row.n)]));
  const seen = new Set(page.seen.map((row) => Number(row.person)));
  const { cipher } = instance;
  return {
    open,
    items: rows.slice(0, limit).map((row) => {
      const { title, details } = answerWords(JSON.parse(row.content) as Content);
      const waits = row.state === 'open' && row.hash !== null;
      const place = waits ? listed.get(row.hash as string)?.region : visited.get(row.visit ?? '');
      return {
        command: row.command,
        name: row.name,
        id: row.id === null ? '' : maskId(cipher.decryptField(row.id)),
        birth: row.birth,
        sex: row.sex,
        phone: row.phone === null ? '' : maskPhone(cipher.decryptField(row.phone)),
        region: placeOf(tree, row.region),
        address: row.address,
        relation: row.relation,
        answer: title,
        details: [...details],
        day: row.day,
        actor: row.actor,
        pictures: row.media.length,
        state: row.state,
        stateTitle: FOUND_STATES[row.state],
        person: row.person !== null && seen.has(Number(row.person)) ? Number(row.person) : null,
        listed: place === undefined ? null : tree.path(place),
        same: row.hash === null ? 0 : Math.max(0, (same.get(row.hash) ?? 1) - 1),
        reason: row.reason,
        decided: row.at === null ? null : { by: row.by ?? '', at: new Date(row.at).toISOString() },
      };
    }),
    next: rows.length > limit ? cursorOf([from + limit]) : null,
  };
}

/** The row, where it is of the scope. @throws Refusal */
async function requireFound(instance: Instance, scope: Scope, command: string): Promise<void> {
  const rows = await instance.db.transaction(scope, (tx) =>
    tx.query(`select 1 from found_person where county = $1 and command = $2::uuid and state <> 'replaced'`, [
      scope.county,
      command,
    ]),
  );
  if (rows.length === 0) throw new Refusal('found.unknown', '没有这条新发现人员，请刷新后再试。');
}

async function lockOpen(tx: Tx, scope: Scope, command: string): Promise<Row> {
  const [row] = await tx.query<Row>(
    `select ${COLUMNS} from found_person where county = $1 and command = $2::uuid and state = 'open' for update`,
    [scope.county, command],
  );
  if (row === undefined) throw new Refusal('found.done', '这条已经处理过了，请刷新后再看。');
  return row;
}

/**
 * Enters somebody as evidence of the survey: his answer counts for him like any visit. He is in none of the forms before
 * the household register names him; then his answers are there already.
 */
export async function enterFound(
  instance: Instance,
  scope: Scope,
  command: string,
  given: { readonly id?: string | undefined },
): Promise<{ message: string }> {
  await requireFound(instance, scope, command);
  const journal = journalOf(scope);
  const { county } = scope;
  const today = await surveyDay(instance, journal, new Date());
  return instance.db.transaction(journal, async (tx) => {
    const change = await nextChange(tx, county);
    const row = await lockOpen(tx, scope, command);
    const written = row.id === null ? given.id : instance.cipher.decryptField(row.id);
    if (written === undefined || written.trim() === '') {
      throw new Refusal('found.id', '证件号不详，不能登记；请查到号码填上，或写明理由搁置。');
    }
    const read = parseResidentId(written, today.day);
    if (typeof read === 'string') {
      throw new Refusal('found.id', '证件号码不对（位数、日期或校验位）；请核对证件后再填。');
    }
    const hash = instance.cipher.blindIndex(read.id);
    const listed = (await listedByHash(tx, county, [hash], today.day)).get(hash);
    const tree = await loadRegionTree(tx, county);
    const person = listed?.person ?? (await personOf(tx, instance, county, hash, { ...row, ...read }));
    const visit = crypto.randomUUID();
    const content = {
      ...(JSON.parse(row.content) as Content),
      // Nothing else says where he lives.
      ...(listed === undefined && { g: row.region, gq: 'code' as const }),
    };
    const [number] = await tx.query<{ delivery: number }>(
      `update county set next_delivery = next_delivery + 1 where county = $1 returning next_delivery - 1 as delivery`,
      [county],
    );
    const delivery = Number(number?.delivery);
    const worker: Scope = { county, region: row.region, actor: row.actor };
    const detail =
      row.detail === null ? {} : (JSON.parse(instance.cipher.decryptField(row.detail)) as object);
    const answers = [
      {
        command: {
          command: visit,
          person,
          madeAt: '',
          way: row.way,
          answer: '',
          media: row.media,
          ...detail,
        },
        region: listed?.region ?? row.region,
        day: row.day,
        content,
        phone: row.phone === null ? undefined : instance.cipher.decryptField(row.phone),
      },
    ];
    await insertDelivery(tx, journal, worker, delivery, today.day, answers);
    await insertVisits(tx, instance, journal, worker, row.device, delivery, answers);
    await tx.query(
      `update found_person set state = 'entered', person_no = $3, visit = $4::uuid, id_hash = $5::uuid, id_cipher = $6,
         birth = $7, sex = $8, reason = '', decided_by = $9, decided_at = now() where county = $1 and command = $2::uuid`,
      [
        county,
        command,
        person,
        visit,
        hash,
        row.id ?? instance.cipher.encryptField(read.id),
        read.birth,
        read.sex,
        scope.actor,
      ],
    );
    await noteDays(tx, county);
    const everybody = await rollHorizon(tx, county, [today.day]);
    await judgeAnew(tx, county, change, [person], { everybody });
    await record(tx, {
      county,
      actor: scope.actor,
      act: 'found.enter',
      subject: `person ${person}`,
      region: row.region,
      detail: { listed: listed === undefined ? 0 : 1 },
    });
    return {
      message:
        listed === undefined
          ? '已登记。户籍名单列出此人以前，不计入户籍人口和报表。'
          : `此人在本县${tree.path(listed.region)}名单上，答复已记到他名下。`,
    };
  });
}

/** The number of whom no list of the county names yet, or names only outside the register. */
async function personOf(
  tx: Tx,
  instance: Instance,
  county: string,
  hash: string,
  who: { id: string; birth: string; sex: string; name: string; region: string },
): Promise<number> {
  await tx.query(
    `insert into person (county, person_no, id_hash, id_cipher, birth, sex, name, region)
     values ($1, nextval('person_number'), $2::uuid, $3, $4, $5, $6, $7) on conflict (county, id_hash) do nothing`,
    [county, hash, instance.cipher.encryptField(who.id), who.birth, who.sex, who.name, who.region],
  );
  const [row] = await tx.query<{ person: number }>(
    'select person_no as person from person where county = $1 and id_hash = $2::uuid',
    [county, hash],
  );
  return Number(row?.person);
}

export async function setFoundAside(
  instance: Instance,
  scope: Scope,
  command: string,
  given: string,
): Promise<void> {
  const reason = given.trim();
  if (reason === '') throw new Refusal('found.reason', '请写明为什么搁置，如“外县户籍，已转当地”。');
  if (holdsIdNumber(reason)) throw new Refusal('found.reason', '理由里不能写身份证号码；请删去后再试。');
  await requireFound(instance, scope, command);
  await instance.db.transaction(journalOf(scope), async (tx) => {
    const row = await lockOpen(tx, scope, command);
    await tx.query(
      `update found_person set state = 'aside', reason = $3, decided_by = $4, decided_at = now()
       where county = $1 and command = $2::uuid`,
      [scope.county, command, reason, scope.actor],
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'found.aside',
      subject: 'found person',
      region: row.region,
      detail: { reason },
    });
  });
}

/** Back to those that wait: a visit it had become is taken back. */
export async function undoFound(instance: Instance, scope: Scope, command: string): Promise<void> {
  await requireFound(instance, scope, command);
  await instance.db.transaction(journalOf(scope), async (tx) => {
    const change = await nextChange(tx, scope.county);
    const [row] = await tx.query<{ region: string; visit: string | null }>(
      `select region, visit::text from found_person where county = $1 and command = $2::uuid
         and state in ('listed', 'entered', 'aside') for update`,
      [scope.county, command],
    );
    if (row === undefined) throw new Refusal('found.done', '这条没有处理过，或刚被别人撤回；请刷新后再看。');
    await tx.query(
      `update found_person set state = 'open', person_no = null, visit = null, reason = '', decided_by = null, decided_at = null
       where county = $1 and command = $2::uuid`,
      [scope.county, command],
    );
    const person = row.visit === null ? undefined : await takeBack(tx, scope, row.visit);
    if (person !== undefined) await judgeAnew(tx, scope.county, change, [person]);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'found.undo',
      subject: 'found person',
      region: row.region,
      detail: {},
    });
  });
}
