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
const FETCH = 10_000;

interface PersonRow {
  person_no: number | string;
  birth: string;
  region: string;
  name: string;
  claims: string | null;
  adjudications: string | null;
  steps: string | null;
  findings: string | null;
}

/**
 * Streams people with all their claims, in person order, a few thousand at a time.
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
  const only =
    change === undefined
      ? ''
      : 'join touched t on t.county = x.county and t.person_no = x.person_no and t.change = $2';
  const params: unknown[] = change === undefined ? [county] : [county, change];
  const agg = (table: string, fields: string, where = ''): string =>
    `(select x.person_no, string_agg(concat_ws(E'\\x1f', ${fields}), E'\\x1e') as list
      from ${table} x ${only} where x.county = $1 ${where} group by x.person_no)`;
  const old = fresh
    ? { join: '', fields: 'null as steps, null as findings' }
    : {
        join: `left join ${agg('step', 'x.from_day, x.to_day, x.region, x.class, x.delivery, x.row_no')} s on s.person_no = x.person_no
               left join ${agg('finding', 'x.kind, x.from_day, x.to_day, x.region')} f on f.person_no = x.person_no`,
        fields: 's.list as steps, f.list as findings',
      };
  const name = 'people_cursor';
  await tx.query(
    `declare ${name} no scroll cursor for
     select x.person_no, x.birth, x.region, x.name, c.list as claims, a.list as adjudications, ${old.fields}
     from person x ${only}
     left join ${agg('claim', 'x.since, coalesce(x.until, 0), x.slot, x.row_no, x.content')} c on c.person_no = x.person_no
     left join ${agg('adjudication', 'x.adjudication, x.column_no, x.from_day, x.to_day, x.reason', 'and x.undone_at is null')} a on a.person_no = x.person_no
     ${old.join}
     where x.county = $1 order by x.person_no`,
    params,
  );
  for (;;) {
    const rows = await tx.query<PersonRow>(`fetch ${FETCH} from ${name}`);
    if (rows.length > 0) yield rows.map((row) => readPerson(row, deliveries));
    if (rows.length < FETCH) break;
  }
  await tx.query(`close ${name}`);
}

function readPerson(row: PersonRow, deliveries: ReadonlyMap<number, DeliveryRef>): StoredPerson {
  return {
    personNo: Number(row.person_no),
    birth: row.birth,
    region: row.region,
    name: row.name,
    claims: records(row.claims).map((fields) => readClaim(fields, deliveries)),
    adjudications: records(row.adjudications).map(([id, column, from, to, reason]) => ({
      id: Number(id),
      column: Number(column),
      from: from as string,
      to: to as string,
      reason: reason as string,
    })),
    oldSteps: split(row.steps),
    oldFindings: split(row.findings),
  };
}

function split(list: string | null): string[] {
  return list === null || list === ''
    ? []
    : list.split(RECORD).map((record) => record.replaceAll(FIELD, ','));
}

function records(list: string | null): string[][] {
  return list === null || list === '' ? [] : list.split(RECORD).map((record) => record.split(FIELD));
}

function readClaim(fields: string[], deliveries: ReadonlyMap<number, DeliveryRef>): Claim {
  const since = deliveries.get(Number(fields[0]));
  if (since === undefined) throw new Error(`claim of unknown delivery ${fields[0]}`);
  const until = fields[1] === '0' ? undefined : deliveries.get(Number(fields[1]));
  return {
    since,
    until,
    slot: fields[2] as string,
    row: Number(fields[3]),
    content: JSON.parse(fields[4] as string) as Content,
  };
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
