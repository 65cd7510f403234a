import type {
  Adjudication,
  Claim,
  Content,
  DeliveryRef,
  RulePlacement,
} from '@quanbao/domain/coverage/claim';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Closing, LedgerKindCode } from '@quanbao/domain/ledger/kinds';
import type { Tx } from '../../db/port.ts';

interface StoredClaim extends Claim {
  /** Rows of the list that say it. */
  readonly rows: number;
}

/** Everything stored about one person that the rules need, plus what they said last time. */
export interface StoredPerson {
  readonly personNo: number;
  readonly birth: string;
  readonly region: RegionCode;
  readonly name: string;
  readonly claims: StoredClaim[];
  readonly adjudications: Adjudication[];
  readonly placements: RulePlacement[];
  readonly closings: Closing[];
  /** `from,to,region,class,delivery,row,group` per step, as last written. */
  readonly oldSteps: string[];
  /** `kind,from,to,region` per finding, as last written. */
  readonly oldFindings: string[];
  /** `kind,subject,from,to,region,state,why,tags` per stretch of an item, as last written. */
  readonly oldItems: string[];
}

const FIELD = '\x1f';
const RECORD = '\x1e';
/** People read at a time: few enough that their objects die young. */
const PAGE = 500;
/** Pages asked for ahead. */
const AHEAD = 8;

/**
 * Streams people with all their claims, in person order, a page at a time; the next pages are being read while one is
 * worked on. Each table is asked for the page's people alone and answers in one text: no join can be planned badly,
 * and the work goes with the people.
 * @param change the people marked in `touched` under this number; undefined: everybody
 * @param fresh nobody has steps yet, so none are looked for
 */
export async function* streamPeople(
  tx: Tx,
  county: RegionCode,
  deliveries: ReadonlyMap<number, DeliveryRef>,
  change: number | undefined,
  fresh: boolean,
): AsyncGenerator<StoredPerson[]> {
  const whole = change === undefined;
  const pages = await tx.query<{ people: string }>(
    `select ${whole ? "min(person_no) || ',' || max(person_no)" : "string_agg(person_no::text, ',')"} as people
     from (select person_no, (row_number() over (order by person_no) - 1) / ${PAGE} as page
           from ${whole ? 'person where county = $1' : 'touched where county = $1 and change = $2'}) p
     group by page order by page`,
    whole ? [county] : [county, change],
  );
  const coming: Promise<PageTexts>[] = [];
  for (const [i, { people }] of pages.entries()) {
    const reading = readPage(tx, county, people, whole, fresh);
    // Whoever stops early never asks for it.
    reading.catch(() => undefined);
    coming.push(reading);
    if (coming.length <= AHEAD && i + 1 < pages.length) continue;
    do {
      yield peopleOf(await (coming.shift() as Promise<PageTexts>), deliveries);
    } while (i + 1 === pages.length && coming.length > 0);
  }
}

interface PageTexts {
  readonly people: string;
  /** An array of `ClaimRow`: what a list says is stored as JSON, so the page is read at one go. */
  readonly claims: string;
  readonly adjudications: string;
  readonly placements: string;
  readonly steps: string;
  readonly findings: string;
  readonly closings: string;
  readonly items: string;
}

type ClaimRow = readonly [
  person: number,
  since: number,
  until: number,
  slot: string,
  row: number,
  rows: number,
  content: Content,
];

async function readPage(
  tx: Tx,
  county: RegionCode,
  people: string,
  whole: boolean,
  fresh: boolean,
): Promise<PageTexts> {
  const where = whole
    ? 'county = $1 and person_no between $2 and $3'
    : 'county = $1 and person_no = any($2::bigint[])';
  const params = [county, ...(whole ? people.split(',') : [`{${people}}`])];
  const text = (table: string, fields: string, more = ''): string =>
    `coalesce((select string_agg(concat_ws(E'${FIELD}', person_no, ${fields}), E'${RECORD}') from ${table} where ${where} ${more}), '')`;
  const [row] = await tx.query<PageTexts>(
    `select ${text('person', 'birth, region, name')} as people,
       coalesce((select '[' || string_agg(concat('[', person_no, ',', since, ',', coalesce(until, 0), ',', to_json(slot), ',', row_no, ',',
         row_count, ',', content, ']'), ',') || ']' from claim where ${where}), '[]') as claims,
       ${text(
         'adjudication',
         `adjudication, coalesce(column_no, 0), coalesce(village, ''), from_day, to_day, translate(reason, E'${FIELD}${RECORD}', '')`,
         'and undone_at is null',
       )} as adjudications,
       ${fresh ? "''" : text('address_placement', `application, rule, village, translate(address, E'${FIELD}${RECORD}', ''), translate(household, E'${FIELD}${RECORD}', ''), from_day, to_day`, 'and undone_at is null')} as placements,
       ${fresh ? "''" : text('step', 'from_day, to_day, region, class, delivery, row_no, group_no')} as steps,
       ${fresh ? "''" : text('finding', 'kind, from_day, to_day, region')} as findings,
       ${fresh ? "''" : text('ledger_closing', 'closing, kind, subject, from_day', 'and undone_at is null')} as closings,
       ${fresh ? "''" : text('ledger_item', 'kind, subject, from_day, to_day, region, state, why, tags')} as items`,
    params,
  );
  return row as PageTexts;
}

function peopleOf(texts: PageTexts, deliveries: ReadonlyMap<number, DeliveryRef>): StoredPerson[] {
  const delivery = (number: number): DeliveryRef => {
    const found = deliveries.get(number);
    if (found === undefined) throw new Error(`claim of unknown delivery ${number}`);
    return found;
  };
  const people = new Map<number, StoredPerson>();
  for (const [number, birth, region, name] of records(texts.people)) {
    people.set(Number(number), {
      personNo: Number(number),
      birth: birth as string,
      region: region as string,
      name: name as string,
      claims: [],
      adjudications: [],
      placements: [],
      closings: [],
      oldSteps: [],
      oldFindings: [],
      oldItems: [],
    });
  }
  for (const [number, since, until, slot, row, rows, content] of JSON.parse(texts.claims) as ClaimRow[]) {
    people.get(number)?.claims.push({
      since: delivery(since),
      until: until === 0 ? undefined : delivery(until),
      slot,
      row,
      rows,
      content,
    });
  }
  for (const [number, id, column, village, from, to, reason] of records(texts.adjudications)) {
    people.get(Number(number))?.adjudications.push({
      id: Number(id),
      column: column === '0' ? undefined : Number(column),
      ...(village === '' ? {} : { region: village as string }),
      from: from as string,
      to: to as string,
      reason: reason as string,
    });
  }
  for (const [number, application, rule, village, address, household, from, to] of records(
    texts.placements,
  )) {
    people.get(Number(number))?.placements.push({
      application: Number(application),
      rule: Number(rule),
      village: village as string,
      address: address as string,
      household: household as string,
      from: from as string,
      to: to as string,
    });
  }
  for (const [number, id, kind, subject, from] of records(texts.closings)) {
    people.get(Number(number))?.closings.push({
      id: Number(id),
      kind: kind as LedgerKindCode,
      subject: subject as string,
      from: from as string,
    });
  }
  for (const [number, line] of lines(texts.items)) people.get(Number(number))?.oldItems.push(line);
  for (const [number, line] of lines(texts.steps)) people.get(Number(number))?.oldSteps.push(line);
  for (const [number, line] of lines(texts.findings)) people.get(Number(number))?.oldFindings.push(line);
  return [...people.values()].sort((a, b) => a.personNo - b.personNo);
}

function* records(text: string): Generator<string[]> {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf(RECORD, at);
    const stop = end < 0 ? text.length : end;
    yield text.slice(at, stop).split(FIELD);
    at = stop + 1;
  }
}

/** Number and the rest as one line with commas. */
function lines(text: string): [string, string][] {
  if (text === '') return [];
  return text.split(RECORD).map((record) => {
    const at = record.indexOf(FIELD);
    return [record.slice(0, at), record.slice(at + 1).replaceAll(FIELD, ',')];
  });
}

interface DeliveryRow {
  delivery: number;
  source: string;
  sender: string;
  region: string;
  as_of: string;
  mode: 'full' | 'delta';
}

export async function loadDeliveryRefs(
  tx: Tx,
  county: RegionCode,
): Promise<ReadonlyMap<number, DeliveryRef>> {
  return tx.remember('deliveries', () => readDeliveryRefs(tx, county));
}

async function readDeliveryRefs(tx: Tx, county: RegionCode): Promise<Map<number, DeliveryRef>> {
  const rows = await tx.query<DeliveryRow>(
    'select delivery, source, sender, region, as_of, mode from delivery where county = $1',
    [county],
  );
  return new Map(
    rows.map((row) => [
      row.delivery,
      {
        id: row.delivery,
        source: row.source,
        group: `${row.source}\n${row.sender}`,
        series: `${row.source}\n${row.sender}\n${row.region}`,
        region: row.region,
        asOf: row.as_of,
        mode: row.mode,
      },
    ]),
  );
}
