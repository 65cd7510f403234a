import type { Adjudication, Claim, Content, DeliveryRef } from '@quanbao/domain/coverage/claim';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Tx } from '../../db/port.ts';

/** Everything stored about one person that the rules need, plus what they said last time. */
export interface StoredPerson {
  readonly personNo: number;
  readonly birth: string;
  readonly region: RegionCode;
  readonly name: string;
  readonly claims: Claim[];
  readonly adjudications: Adjudication[];
  /** `from,to,region,class,delivery,row` per step, as last written. */
  readonly oldSteps: string[];
  /** `kind,from,to,region` per finding, as last written. */
  readonly oldFindings: string[];
}

const FIELD = '\x1f';
const RECORD = '\x1e';
/** People read at a time. */
const PAGE = 10_000;

/**
 * Streams people with all their claims, in person order, a page at a time; the next page is being read while one is
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
  const numbers = await tx.query<{ person_no: number }>(
    change === undefined
      ? 'select person_no from person where county = $1 order by person_no'
      : 'select person_no from touched where county = $1 and change = $2 order by person_no',
    change === undefined ? [county] : [county, change],
  );
  const read = (at: number): Promise<PageTexts> | undefined => {
    if (at >= numbers.length) return undefined;
    const page = numbers.slice(at, at + PAGE).map((row) => Number(row.person_no));
    const reading = readPage(tx, county, page, change === undefined, fresh);
    // Whoever stops early never asks for it.
    reading.catch(() => undefined);
    return reading;
  };
  let next = read(0);
  for (let at = PAGE; next !== undefined; at += PAGE) {
    const texts = await next;
    next = read(at);
    yield peopleOf(texts, deliveries);
  }
}

interface PageTexts {
  readonly people: string;
  readonly claims: string;
  readonly adjudications: string;
  readonly steps: string;
  readonly findings: string;
}

async function readPage(
  tx: Tx,
  county: RegionCode,
  numbers: readonly number[],
  whole: boolean,
  fresh: boolean,
): Promise<PageTexts> {
  const where = whole
    ? 'county = $1 and person_no between $2 and $3'
    : 'county = $1 and person_no = any($2::bigint[])';
  const params = whole ? [county, numbers[0], numbers[numbers.length - 1]] : [county, [...numbers]];
  const text = async (table: string, fields: string, more = ''): Promise<string> => {
    const [row] = await tx.query<{ list: string | null }>(
      `select string_agg(concat_ws(E'${FIELD}', person_no, ${fields}), E'${RECORD}') as list from ${table} where ${where} ${more}`,
      params,
    );
    return row?.list ?? '';
  };
  return {
    people: await text('person', 'birth, region, name'),
    claims: await text('claim', 'since, coalesce(until, 0), slot, row_no, content'),
    adjudications: await text(
      'adjudication',
      `adjudication, coalesce(column_no, 0), coalesce(village, ''), from_day, to_day, translate(reason, E'${FIELD}${RECORD}', '')`,
      'and undone_at is null',
    ),
    steps: fresh ? '' : await text('step', 'from_day, to_day, region, class, delivery, row_no'),
    findings: fresh ? '' : await text('finding', 'kind, from_day, to_day, region'),
  };
}

function peopleOf(texts: PageTexts, deliveries: ReadonlyMap<number, DeliveryRef>): StoredPerson[] {
  const known = new Map([...deliveries].map(([number, ref]) => [String(number), ref]));
  const delivery = (number: string): DeliveryRef => {
    const found = known.get(number);
    if (found === undefined) throw new Error(`claim of unknown delivery ${number}`);
    return found;
  };
  const people = new Map<string, StoredPerson>();
  for (const [number, birth, region, name] of records(texts.people)) {
    people.set(number as string, {
      personNo: Number(number),
      birth: birth as string,
      region: region as string,
      name: name as string,
      claims: [],
      adjudications: [],
      oldSteps: [],
      oldFindings: [],
    });
  }
  for (const [number, since, until, slot, row, content] of records(texts.claims)) {
    people.get(number as string)?.claims.push({
      since: delivery(since as string),
      until: until === '0' ? undefined : delivery(until as string),
      slot: slot as string,
      row: Number(row),
      content: JSON.parse(content as string) as Content,
    });
  }
  for (const [number, id, column, village, from, to, reason] of records(texts.adjudications)) {
    people.get(number as string)?.adjudications.push({
      id: Number(id),
      column: column === '0' ? undefined : Number(column),
      ...(village === '' ? {} : { region: village as string }),
      from: from as string,
      to: to as string,
      reason: reason as string,
    });
  }
  for (const [number, line] of lines(texts.steps)) people.get(number)?.oldSteps.push(line);
  for (const [number, line] of lines(texts.findings)) people.get(number)?.oldFindings.push(line);
  return [...people.values()].sort((a, b) => a.personNo - b.personNo);
}

function records(text: string): string[][] {
  return text === '' ? [] : text.split(RECORD).map((record) => record.split(FIELD));
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

export async function loadDeliveryRefs(tx: Tx, county: RegionCode): Promise<Map<number, DeliveryRef>> {
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
