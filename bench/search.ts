// How long a clerk waits at this size: searching, listing and opening one person, as the routes do it.
import type { Scope } from '../apps/server/src/db/port.ts';
import {
  indexRegister,
  listFindings,
  listPeople,
  suggestPeople,
  viewPerson,
} from '../apps/server/src/features/register/index.ts';
import type { Instance } from '../apps/server/src/instance.ts';
import { clock } from './measure.ts';

const SAMPLES = 100;

interface Sampled {
  readonly person_no: number;
  readonly name: string;
  readonly reading: string;
  readonly household: string;
  readonly id_cipher: Buffer;
  readonly region: string;
}

/** @returns seconds of the whole index, and the 95th percentile of each question */
export async function searches(instance: Instance, scope: Scope): Promise<Record<string, number>> {
  const { county } = scope;
  const seconds: Record<string, number> = {};
  const indexing = clock();
  await indexRegister(instance, county);
  seconds.index = indexing();
  const people = await sample(instance, scope);
  const town: Scope = { ...scope, region: (people[0] as Sampled).region.slice(0, 9) };
  const village: Scope = { ...scope, region: (people[0] as Sampled).region.slice(0, 12) };
  const find =
    (q: (one: Sampled) => string, of = scope) =>
    (one: Sampled) =>
      listPeople(instance, of, { q: q(one) }, { limit: 50 });
  const given = (one: Sampled): string => [...one.name].slice(1).join('');
  const reading = (one: Sampled, from: number): string => one.reading.split('|')[from] ?? one.name;
  const questions: Record<string, (one: Sampled, i: number) => Promise<unknown>> = {
    'find-name': find((one) => one.name),
    'find-half-name': find(given),
    'find-surname': find((one) => [...one.name][0] as string),
    'find-last-character': find((one) => [...one.name].at(-1) as string),
    'find-pinyin': find((one) => reading(one, 1)),
    'find-half-pinyin': find((one) => reading(one, 2)),
    'find-initials': find((one) => one.reading.split('|').at(-1) ?? ''),
    'find-id': find((one) => instance.cipher.decryptField(one.id_cipher)),
    'find-household': find((one) => one.household || '0'),
    'find-nobody': find(() => '龘龘'),
    'find-half-name-town': find(given, town),
    'find-nobody-town': find(() => '龘龘', town),
    'find-half-name-village': find(given, village),
    suggest: (one) => suggestPeople(instance, scope, given(one)),
    'list-not-registered': () => listPeople(instance, scope, { indicator: 'not-registered' }, { limit: 50 }),
    'list-population': () => listPeople(instance, scope, { indicator: 'population' }, { limit: 50 }),
    'list-prison': () => listPeople(instance, scope, { indicator: 'prison' }, { limit: 50 }),
    'list-village': () => listPeople(instance, village, {}, { limit: 50 }),
    'find-not-registered': (one) =>
      listPeople(instance, scope, { q: given(one), indicator: 'not-registered' }, { limit: 50 }),
    person: (one) => viewPerson(instance, scope, one.person_no, undefined),
    conflicts: () => listFindings(instance, scope, { queue: 'conflict' }, { limit: 50 }),
    quality: () => listFindings(instance, scope, { queue: 'quality' }, { limit: 50 }),
  };
  for (const [name, ask] of Object.entries(questions)) {
    const runs: number[] = [];
    for (const [i, one] of people.entries()) {
      const done = clock();
      await ask(one, i);
      runs.push(done());
    }
    seconds[name] = runs.sort((a, b) => a - b)[Math.floor(runs.length * 0.95)] as number;
  }
  return seconds;
}

/** Spread evenly over everybody who has a household. */
async function sample(instance: Instance, scope: Scope): Promise<Sampled[]> {
  return instance.db.transaction(scope, async (tx) => {
    const [range] = await tx.query<{ first: number; last: number }>(
      'select min(person_no) as first, max(person_no) as last from person where county = $1',
      [scope.county],
    );
    const { first, last } = range as { first: number; last: number };
    const wanted = Array.from({ length: SAMPLES }, (_, i) =>
      Math.floor(first + ((last - first) * i) / SAMPLES),
    );
    return tx.query<Sampled>(
      `select distinct p.person_no, p.name, s.reading, s.household, p.id_cipher, p.region
       from unnest($2::bigint[]) as w (n)
       cross join lateral (select * from person where county = $1 and person_no >= w.n order by person_no limit 1) p
       join person_search s on s.county = p.county and s.person_no = p.person_no
       join step t on t.county = p.county and t.person_no = p.person_no and t.to_day = '9999-12-31'
       where p.name <> '' and length(p.region) >= 12`,
      [scope.county, wanted],
    );
  });
}
