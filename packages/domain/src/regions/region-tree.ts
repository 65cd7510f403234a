import { groupName } from '../addresses/groups.ts';
import { addDays, FOREVER, type PlainDate, toHalfWidth } from '../kernel/plain-date.ts';
import { isWithin, type RegionCode, regionLevel } from '../kernel/region.ts';
import { cleanPlace, endsLikeBareName, type Place, TownNames, VillageNames } from './place-names.ts';
import type { RegionRow, SchemeCode } from './region-row.ts';

export { isProvinceOf, provinceOf } from './provinces.ts';
export type { RegionRow, SchemeCode } from './region-row.ts';
export { parseRegionsCsv, parseSchemeCodesCsv } from './regions-csv.ts';

const START: PlainDate = '0001-01-01';
const NONE: PlainDate[] = [];
const MEMO_LIMIT = 2_000;
const LONGEST_CHAIN = 64;
const ELSEWHERE = /[省市县区旗盟]/;

interface Node {
  readonly row: RegionRow;
  /** In force from the later of its own and its parent's first day, to the earlier of their ends. */
  readonly from: PlainDate;
  readonly to: PlainDate;
}

interface Names {
  readonly towns: TownNames;
  readonly villages: ReadonlyMap<RegionCode, VillageNames>;
  readonly allVillages: VillageNames;
}

/** A county's divisions through time, and every way a list can name one of them. */
export class RegionTree {
  readonly county: RegionCode;
  readonly #nodes = new Map<RegionCode, Node>();
  readonly #children = new Map<RegionCode, RegionRow[]>();
  readonly #predecessors = new Map<RegionCode, Node[]>();
  readonly #schemeCodes = new Map<string, SchemeCode[]>();
  readonly #days: readonly PlainDate[];
  readonly #turns = new Map<RegionCode, PlainDate[]>();
  #read: Names | undefined;
  readonly #countyNames: readonly string[];
  readonly #countyStem: string;
  readonly #namesAbove: readonly string[];
  readonly #addresses = new Map<string, RegionCode | undefined>();

  constructor(county: RegionCode, rows: readonly RegionRow[], schemeCodes: readonly SchemeCode[] = []) {
    this.county = county;
    const days = new Set<PlainDate>();
    for (const row of [...rows].sort((a, b) => (a.code < b.code ? -1 : 1))) {
      const parent = this.#nodes.get(row.parent);
      const from = later(row.from ?? START, parent?.from ?? START);
      const to = earlier(row.to ?? FOREVER, parent?.to ?? FOREVER);
      this.#nodes.set(row.code, { row, from, to });
      if (from !== START) days.add(from);
      if (to !== FOREVER) days.add(to);
      append(this.#children, row.parent, row);
    }
    for (const node of this.#nodes.values()) {
      if (node.row.successor !== undefined) append(this.#predecessors, node.row.successor, node);
    }
    for (const code of schemeCodes) append(this.#schemeCodes, code.schemeCode, code);
    this.#days = [...days].sort();

    const countyRow = this.#nodes.get(county)?.row;
    this.#countyStem = (countyRow?.name ?? '').replace(/[县市区]$/, '');
    const written = countyRow ? [countyRow.name, ...countyRow.aliases] : [];
    this.#countyNames = [...new Set(written)].sort((a, b) => b.length - a.length);
    this.#namesAbove = [county.slice(0, 2), county.slice(0, 4)]
      .flatMap((code) => this.#nodes.get(code)?.row ?? [])
      .flatMap((row) => [row.name, ...row.aliases])
      .sort((a, b) => b.length - a.length);
  }

  get(code: RegionCode): RegionRow | undefined {
    return this.#nodes.get(code)?.row;
  }

  /** Prepared when the first name is looked up: a form needs none, and they are most of what a tree costs. */
  get #names(): Names {
    this.#read ??= this.#readNames();
    return this.#read;
  }

  #readNames(): Names {
    const inside = [...this.#nodes.values()].filter(({ row }) => isWithin(row.code, this.county));
    const towns = inside.filter(({ row }) => row.level === 'town');
    const villages = inside.filter(({ row }) => row.level === 'village');
    const ofTown = new Map<RegionCode, VillageNames>();
    for (const { row } of towns) {
      const merged = this.#mergedInto(row.code);
      const own = villages.filter((village) => merged.has(village.row.parent));
      ofTown.set(row.code, new VillageNames(this.#places(own)));
    }
    return {
      towns: new TownNames(this.#places(towns)),
      villages: ofTown,
      allVillages: new VillageNames(this.#places(villages)),
    };
  }

  /** In force on the day, in code order. */
  children(code: RegionCode, day: PlainDate): RegionRow[] {
    return (this.#children.get(code) ?? []).filter((row) => inForce(this.#nodes.get(row.code) as Node, day));
  }

  /**
   * Where people of `code` stand on the day: the code itself while in force; after its end its successor (or its
   * parent when it has none); before its start the only division it follows, else its parent.
   * @returns undefined for a code that this county does not know
   */
  current(code: RegionCode, day: PlainDate): RegionCode | undefined {
    return this.#current(code, day, LONGEST_CHAIN);
  }

  #current(code: RegionCode, day: PlainDate, steps: number): RegionCode | undefined {
    const node = this.#nodes.get(code);
    if (!node) return this.#currentGroup(code, day, steps);
    if (steps === 0 || !isWithin(code, this.county)) return undefined;
    if (inForce(node, day)) return code;
    if (day < node.from) {
      const before = this.#predecessors.get(code)?.filter((other) => inForce(other, day)) ?? [];
      const only = before.length === 1 ? before[0] : undefined;
      return only ? only.row.code : this.#current(node.row.parent, day, steps - 1);
    }
    const ended = node.row.to !== undefined && node.row.to <= day;
    const next = ended ? (node.row.successor ?? node.row.parent) : node.row.parent;
    return this.#current(next, day, steps - 1);
  }

  /** Groups need no rows: one stands as long as its village does. */
  #currentGroup(code: RegionCode, day: PlainDate, steps: number): RegionCode | undefined {
    if (steps === 0 || regionLevel(code) !== 'group') return undefined;
    const village = code.slice(0, 12);
    const now = this.#current(village, day, steps - 1);
    return now === village ? code : now;
  }

  /**
   * A written 统计用区划代码 of 12, 9 or 6 digits (430981114000 is the town), as it stands on the day.
   * @returns undefined for any other length and for every code this county does not know
   */
  fromCode(text: string, day: PlainDate): RegionCode | undefined {
    let code = text;
    if (!this.#nodes.has(code)) {
      code = toHalfWidth(text)
        .replace(/[\s'"]/g, '')
        .replace(/\.0+$/, '');
      if (code.length === 12 && code.endsWith('000')) code = code.slice(0, code.endsWith('000000') ? 6 : 9);
      else if (code.length === 9 && code.endsWith('000')) code = code.slice(0, 6);
    }
    return this.current(code, day);
  }

  /** What the residents' scheme's own code meant on the day; never by equal digits. */
  fromSchemeCode(code: string, day: PlainDate): RegionCode | undefined {
    const meant = this.#schemeCodes.get(code.trim())?.find((entry) => entry.from <= day && day < entry.to);
    return meant && this.current(meant.region, day);
  }

  /** May give a retired town: `current` says where it stands on a day. */
  townByName(name: string): RegionCode | undefined {
    const text = cleanPlace(name);
    if (text === '') return undefined;
    const asWritten = this.#names.towns.exact(text, false);
    if (asWritten !== undefined) return asWritten;
    const plain = text.slice(this.#afterCounty(text)?.end ?? 0);
    const former = /^\(?原\)?/.exec(plain)?.[0] ?? '';
    return this.#names.towns.exact(plain.slice(former.length), former !== '');
  }

  /** May give a retired village. Without a town only a name that one village of the county bears. */
  villageByName(town: RegionCode | undefined, name: string): RegionCode | undefined {
    const text = cleanPlace(name);
    if (text === '') return undefined;
    const names = town === undefined ? this.#names.allVillages : this.#names.villages.get(town);
    if (!names) return undefined;
    const former = /^\(?原\)?/.exec(text)?.[0] ?? '';
    const found = names.exact(text) ?? names.exact(text.slice(former.length), former !== '');
    if (found !== undefined) return found;
    const placed = this.fromAddress(text);
    if (placed !== undefined && placed.length === 12) {
      return town === undefined || placed.startsWith(town) ? placed : undefined;
    }
    return town === undefined ? undefined : names.find(text, 0);
  }

  /**
   * The village inside the town an address names, else the town. May give a retired one.
   * @returns undefined without a town of this county: blank, elsewhere, or a village name alone
   */
  fromAddress(address: string): RegionCode | undefined {
    const known = this.#addresses.get(address);
    if (known !== undefined || this.#addresses.has(address)) return known;
    const found = this.#readAddress(cleanPlace(address));
    if (this.#addresses.size >= MEMO_LIMIT) this.#addresses.clear();
    this.#addresses.set(address, found);
    return found;
  }

  #readAddress(text: string): RegionCode | undefined {
    const head = this.#afterCounty(text);
    if (!head) return undefined;
    for (let at = head.end; at < text.length; at++) {
      const former = at > 0 && (text[at - 1] === '原' || text.startsWith('(原)', at - 3));
      const match = this.#names.towns.writtenAt(text, at, former);
      if (!match) continue;
      if (!head.county && this.#isElsewhere(text, head.end, at)) return undefined;
      return match.code && (this.#names.villages.get(match.code)?.find(text, match.end) ?? match.code);
    }
    return this.#readBareTown(text, head);
  }

  /**
   * 沅江市草尾大福村: a town without its suffix counts only right after the county or before its village (新湾村 of
   * 新湾镇 names both, when no other town has one).
   */
  #readBareTown(text: string, head: { end: number; county: boolean }): RegionCode | undefined {
    const at = head.end;
    const match = this.#names.towns.stemAt(text, at);
    if (!match?.code) return undefined;
    const names = this.#names.villages.get(match.code);
    const village = names?.matchAt(text, match.end, true, false);
    if (village) return village.code ?? match.code;
    const alone = this.#names.allVillages.matchAt(text, at, false, false)?.code;
    if (alone !== undefined) return alone.startsWith(match.code) ? alone : undefined;
    return head.county && endsLikeBareName(text, match.end) ? match.code : undefined;
  }

  /** Where the names of province, city and county end; undefined when another county is named first. */
  #afterCounty(text: string): { end: number; county: boolean } | undefined {
    let at = 0;
    for (let i = 0; i < this.#namesAbove.length; i++) {
      const name = this.#namesAbove[i] as string;
      if (text.startsWith(name, at)) {
        at += name.length;
        i = -1;
      }
    }
    for (const name of this.#countyNames) {
      const found = text.indexOf(name, at);
      if (found < 0) continue;
      return this.#isElsewhere(text, at, found) ? undefined : { end: found + name.length, county: true };
    }
    const stem = this.#countyStem;
    if (stem !== '' && text.startsWith(stem, at) && !this.#names.towns.writtenAt(text, at)) {
      return { end: at + stem.length, county: true };
    }
    return { end: at, county: false };
  }

  /** Another city, county or district is named between the two places of the text. */
  #isElsewhere(text: string, from: number, to: number): boolean {
    if (!ELSEWHERE.test(text.slice(from, to))) return false;
    let between = text.slice(from, to);
    for (const name of this.#namesAbove) between = between.replace(name, '');
    return ELSEWHERE.test(between);
  }

  /** The days on which `current(code, ·)` changes. */
  turns(code: RegionCode): PlainDate[] {
    if (this.#days.length === 0) return NONE;
    let found = this.#turns.get(code);
    if (!found) {
      found = this.#days.filter((day) => this.current(code, day) !== this.current(code, addDays(day, -1)));
      if (this.current(code, FOREVER) !== undefined) this.#turns.set(code, found);
    }
    return found;
  }

  /** Names from the county down: 沅江市草尾镇大福村. Empty for an unknown code. */
  path(code: RegionCode): string {
    const row = this.#nodes.get(code)?.row;
    if (!row) {
      if (regionLevel(code) !== 'group' || !this.#nodes.has(code.slice(0, 12))) return '';
      return this.path(code.slice(0, 12)) + groupName(Number(code.slice(13)));
    }
    return code.length > this.county.length && isWithin(code, this.county)
      ? this.path(row.parent) + row.name
      : row.name;
  }

  #places(nodes: readonly Node[]): Place[] {
    return nodes.map(({ row, to }) => ({
      code: row.code,
      names: [row.name, ...row.aliases],
      retired: to !== FOREVER,
      last: this.current(row.code, FOREVER) ?? row.code,
    }));
  }

  /** The town and those that ended in it: addresses mix the new town with the villages of the old one. */
  #mergedInto(town: RegionCode): Set<RegionCode> {
    const found = new Set([town]);
    for (const code of found) for (const node of this.#predecessors.get(code) ?? []) found.add(node.row.code);
    return found;
  }
}

function inForce(node: Node, day: PlainDate): boolean {
  return node.from <= day && (day < node.to || node.to === FOREVER);
}

function earlier(a: PlainDate, b: PlainDate): PlainDate {
  return a < b ? a : b;
}

function later(a: PlainDate, b: PlainDate): PlainDate {
  return a > b ? a : b;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
