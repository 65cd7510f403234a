import { splitGroup } from '@quanbao/domain/addresses/groups';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type RegionCode, regionRange } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { behindPlace, type Meaning, prefixRange } from '@quanbao/domain/register/search';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import type { Standing, Wanted } from '../reports/index.ts';

/** Who was found, and where the page goes on: by where he stands now. */
interface Found extends Standing {
  readonly at: RegionCode;
}

export interface SearchQuestion {
  readonly region: RegionCode;
  readonly day: PlainDate;
  readonly wanted: Wanted | undefined;
  /** Only who stands directly in the region. */
  readonly alone?: boolean | undefined;
  readonly after?: { readonly at: RegionCode; readonly personNo: number } | undefined;
  readonly limit: number;
  /** So many may be read where they are found first: whoever sees few is told how many. */
  readonly counted?: number | undefined;
}

export interface Answer {
  readonly rows: Found[];
  /** There are no more of them. */
  readonly whole: boolean;
}

const NOBODY: Answer = { rows: [], whole: true };

/** Up to so many names with the typed part their people are looked up one name after the other. */
const FEW_NAMES = 2_000;
/** Up to so many people are found first and sorted then; of more, a walk in order soon meets a page. */
const FEW_PEOPLE = 4_000;
/** So many of many names show whether they have many people: a thousand looked up in vain took longer than the walk. */
const SAMPLE = 50;
/** Of more names than these a village is walked through: it has fewer people than looking them up costs. */
const NAMES_OF_A_VILLAGE = 50;

/**
 * Who may be meant, in order of place and person. Only ranges and equality of texts collated "C" reach an index
 * behind a row policy, so a part of a name is looked up among the names there are; a name so common that a walk soon
 * meets enough of its people is walked for.
 */
export async function searchPeople(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  tree: RegionTree,
  meaning: Meaning,
  question: SearchQuestion,
): Promise<Answer> {
  const found = async (where: string, params: readonly unknown[], few = true, table = 'person_search') =>
    (await readFound(tx, scope, question, { table, where, params, few })) as Answer;
  switch (meaning.kind) {
    case 'id':
      return found('ps.id_hash = $?::uuid', [instance.cipher.blindIndex(meaning.id)], true, 'person');
    case 'phone': {
      const hash = instance.cipher.phoneKey(meaning.phone);
      return found(
        `ps.person_no in (
           select person_no from person_search where county = $1 and phone = $? and phone <> ''
           union select person_no from person_search where county = $1 and other_phone = $? and other_phone <> '')`,
        [hash, hash],
      );
    }
    case 'household':
      return found("ps.household = $? and ps.household <> ''", [meaning.household]);
    case 'address': {
      const place = tree.fromAddress(meaning.text);
      if (place === undefined) return NOBODY;
      const names = [scope.county, place.slice(0, 9), place.slice(0, 12)].map(
        (code) => tree.get(code)?.name ?? '',
      );
      const rest = behindPlace(meaning.text, names);
      const { lo, hi } = regionRange(place);
      const within = 'ps.region >= $? and ps.region < $?';
      // 3组 is not the end of 13组
      return rest === ''
        ? found(within, [lo, hi], false)
        : found(`${within} and ps.address ~ $?`, [lo, hi, `(^|[^0-9])${escapeRegex(rest)}`], false);
    }
    case 'name':
    case 'pinyin': {
      const start = meaning.kind === 'name' ? meaning.part : meaning.start;
      const names = await namesWith(tx, scope.county, start);
      if (names?.length === 0) return NOBODY;
      const most = question.region.length >= 12 ? NAMES_OF_A_VILLAGE : FEW_NAMES;
      if (
        names !== undefined &&
        names.length <= most &&
        !(await haveMany(tx, scope, question.region, names))
      ) {
        const answer = await readFound(tx, scope, question, {
          table: 'person_search',
          where: 'ps.name = any($?::text[])',
          params: [names],
          few: true,
          most: FEW_PEOPLE,
        });
        if (answer !== undefined) return answer;
      }
      return meaning.kind === 'name'
        ? found('strpos(ps.name, $?) > 0', [start], false)
        : found('strpos(ps.reading, $?) > 0', [`|${start}`], false);
    }
  }
}

/** @returns undefined of more than `FEW_NAMES`; as one text, since thousands of rows keep the loop busy for longer */
async function namesWith(tx: Tx, county: RegionCode, start: string): Promise<string[] | undefined> {
  const { lo, hi } = prefixRange(start);
  const [row] = await tx.query<{ n: number; names: string | null }>(
    `select count(*)::int as n, case when count(*) <= ${FEW_NAMES} then string_agg(name, E'\\n') end as names
     from (select name from name_key where county = $1 and key >= $2 and key < $3 limit ${FEW_NAMES + 1}) k`,
    [county, lo, hi],
  );
  if (Number(row?.n) > FEW_NAMES) return undefined;
  return [...new Set(row?.names?.split('\n') ?? [])];
}

/** Whether names have clearly more people than can be found first, as some of them tell; of few names it is not asked. */
async function haveMany(
  tx: Tx,
  scope: Scope,
  region: RegionCode,
  names: readonly string[],
): Promise<boolean> {
  if (names.length < 4 * SAMPLE) return false;
  const sample = Array.from({ length: SAMPLE }, (_, i) => names[Math.floor((i * names.length) / SAMPLE)]);
  const many = Math.ceil((2 * FEW_PEOPLE * SAMPLE) / names.length);
  const { lo, hi } = regionRange(splitGroup(region).region);
  const here = region === scope.county ? '' : 'and region >= $3 and region < $4';
  const [row] = await tx.query<{ n: number }>(
    `select count(*)::int as n from (
       select 1 from person_search where county = $1 and name = any($2::text[]) ${here} limit ${many}) p`,
    here === '' ? [scope.county, sample] : [scope.county, sample, lo, hi],
  );
  return Number(row?.n) === many;
}

function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

interface Where {
  readonly table: string;
  /** A condition on `ps`, with `$?` for each of `params` in their order. */
  readonly where: string;
  readonly params: readonly unknown[];
  /** It finds few: they are found first and sorted then. Otherwise people are walked through in order until there are enough. */
  readonly few: boolean;
  /** Of more than these it is no use to be found first. */
  readonly most?: number;
}

/** @returns undefined of more people than `most` */
async function readFound(
  tx: Tx,
  scope: Scope,
  { region, day, wanted, alone, after, limit, counted = limit }: SearchQuestion,
  { table, where, params, few, most }: Where,
): Promise<Answer | undefined> {
  const { region: division, group } = splitGroup(region);
  const { lo, hi } = alone ? { lo: division, hi: `${division}!` } : regionRange(division);
  const asked = few ? Math.max(limit, counted) : limit;
  const all: unknown[] = [scope.county, day, lo, hi, after?.at ?? '', after?.personNo ?? 0, asked];
  const condition = where.replaceAll('$?', () => `$${all.push(params[all.length - 7])}`);
  let more = '';
  if (wanted !== undefined) {
    const { classes, bySeen, delivery } = wanted;
    const open = `s.class = any($${all.push([...classes])}::int[])`;
    more +=
      bySeen === undefined
        ? ` and ${open}`
        : ` and (${open} or s.class = any($${all.push([...bySeen.classes])}::int[])
            and s.delivery = any($${all.push(bySeen.deliveries)}::int[]))`;
    if (delivery !== undefined) more += ` and s.delivery = $${all.push(delivery)}`;
  }
  if (group !== undefined) more += ` and s.group_no = $${all.push(group)}`;
  // One scope's range on both: where he stands now keeps the walk short, where he stood that day is the answer.
  const here = region === scope.county ? '' : 'and ps.region >= $3 and ps.region < $4';
  const people = `select ps.region, ps.person_no from ${table} ps
    where ps.county = $1 and ${condition} ${here} and (ps.region, ps.person_no) > ($5, $6::bigint)`;
  const pageOf = (source: string): string =>
    `select ps.region as at, ps.person_no as "personNo", s.region, s."group", s.class, s.delivery, s.row
     from (${source}) ps
     cross join lateral (
       select s.region, s.group_no as "group", s.class, s.delivery, s.row_no as row from step s
       where s.county = $1 and s.person_no = ps.person_no and s.from_day <= $2 and s.to_day > $2
         and s.region >= $3 and s.region < $4${more} limit 1) s
     order by ps.region, ps.person_no limit $7`;
  const sorted = (source: string): string => `${source} order by region, person_no offset 0`;
  if (most === undefined) {
    const rows = await tx.query<Found>(pageOf(few ? sorted(people) : people), all);
    return { rows, whole: rows.length < asked };
  }
  // How many there are comes with them: looking a thousand names up twice takes as long as everything else.
  const rows = await tx.query<Found & { readonly n: number }>(
    `with p as materialized (${people} limit ${most + 1})
     select c.n, f.* from (select count(*)::int as n from p) c
     left join lateral (${pageOf(sorted('select region, person_no from p'))}) f on c.n <= ${most}
     order by f.at, f."personNo"`,
    all,
  );
  if (Number(rows[0]?.n) > most) return undefined;
  const found = rows.filter(({ personNo }) => personNo !== null);
  return { rows: found, whole: found.length < asked };
}
