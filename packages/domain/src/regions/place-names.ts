import type { RegionCode } from '../kernel/region.ts';

type Kind = 'rural' | 'urban' | 'other';

/** A place that answers to a name; `last` is where its successors end. */
export interface Place {
  readonly code: RegionCode;
  readonly names: readonly string[];
  readonly retired: boolean;
  readonly last: RegionCode;
}

interface NamedPlace extends Place {
  readonly kind: Kind;
}

/** Longest first. */
const VILLAGE_SUFFIXES: readonly (readonly [suffix: string, kind: Kind])[] = [
  ['社区居民委员会', 'urban'],
  ['村村民委员会', 'rural'],
  ['居民委员会', 'urban'],
  ['村民委员会', 'rural'],
  ['社区居委会', 'urban'],
  ['村村委会', 'rural'],
  ['社区居委', 'urban'],
  ['居委会', 'urban'],
  ['村委会', 'rural'],
  ['居委', 'urban'],
  ['村委', 'rural'],
  ['社区', 'urban'],
  ['村', 'rural'],
];

/** 兆村 + 委会: the 村 of the name is written once. */
const SHARED_SUFFIXES = ['民委员会', '委会', '委'];

const TOWN_SUFFIXES = ['街道办事处', '街道办', '街道', '办事处', '镇', '乡'];
const TOWN_NAME = /^(.{2,}?)(?:(?:.{1,3}族)?乡|街道办事处|街道|镇)$/;
const DIRTY = /[\s！-～\u200b]/;
const BLANK = /[\s\u200b]/;

/** What may follow a name written without its 村 or 社区: the end, a mark, a group or house number. */
const AFTER_BARE =
  /(?:$|[,、.;(·-]|第?[0-9一二三四五六七八九十百零]+(?:村民)?小?[组队号屯片]|(?:村民)?小?组)/y;

/** What may stand before a village that does not follow its town at once. */
const BEFORE_VILLAGE = new Set('镇乡街道处场会区路号巷弄里院园苑楼栋室原)、,.;·-');

/** Half-width and without blanks. One pass by hand: every line of an import comes through here. */
export function cleanPlace(text: string): string {
  if (!DIRTY.test(text)) return text;
  let clean = '';
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at);
    const wide = c >= 0xff01 && c <= 0xff5e;
    if (!wide && (c > 0x20 || c < 0x09) && (c < 0x7f || (c >= 0x3001 && c !== 0xfeff))) continue;
    if (!wide && !BLANK.test(text[at] as string)) continue;
    clean += text.slice(start, at);
    if (wide) clean += String.fromCharCode(c - 0xfee0);
    start = at + 1;
  }
  return clean + text.slice(start);
}

export function endsLikeBareName(text: string, at: number): boolean {
  AFTER_BARE.lastIndex = at;
  return AFTER_BARE.test(text);
}

/** The one place meant: what is in force before what is retired (the reverse for （原）), never a guess. */
function choose(places: readonly Place[] | undefined, former: boolean): RegionCode | undefined {
  if (!places || places.length === 0) return undefined;
  const preferred = places.filter((place) => place.retired === former);
  const pool = preferred.length > 0 ? preferred : places;
  const only = pool[0] as Place;
  if (pool.every((place) => place.code === only.code)) return only.code;
  return pool.every((place) => place.last === only.last) ? only.last : undefined;
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (!list) map.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}

/** Keys by their first character, longest first: what one step of a scan has to compare. */
function byFirstCharacter(keys: Iterable<string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const key of [...keys].sort((a, b) => b.length - a.length)) push(found, key[0] as string, key);
  return found;
}

export interface Match {
  /** undefined when the name stands for several places. */
  readonly code: RegionCode | undefined;
  readonly end: number;
}

/** Town names: as written, by alias, and by their stem with any town suffix. */
export class TownNames {
  readonly #written = new Map<string, Place[]>();
  readonly #stems = new Map<string, Place[]>();
  readonly #writtenByFirst: Map<string, string[]>;
  readonly #stemsByFirst: Map<string, string[]>;

  constructor(towns: readonly Place[]) {
    const derived = new Map<string, Place[]>();
    for (const town of towns) {
      for (const name of town.names.map(cleanPlace)) {
        push(this.#written, name, town);
        const stem = TOWN_NAME.exec(name)?.[1];
        push(this.#stems, stem ?? name, town);
        if (stem === undefined) continue;
        for (const suffix of TOWN_SUFFIXES) push(derived, stem + suffix, town);
      }
    }
    for (const [key, places] of derived) if (!this.#written.has(key)) this.#written.set(key, places);
    this.#writtenByFirst = byFirstCharacter(this.#written.keys());
    this.#stemsByFirst = byFirstCharacter(this.#stems.keys());
  }

  exact(name: string, former: boolean): RegionCode | undefined {
    const plain = name.replace(/(?:人民)?政府$/, '');
    const stem = TOWN_NAME.exec(plain)?.[1] ?? plain;
    return choose(this.#written.get(plain), former) ?? choose(this.#stems.get(stem), former);
  }

  /** The longest town name at `at`, as written or with a town suffix. */
  writtenAt(text: string, at: number, former = false): Match | undefined {
    const key = this.#writtenByFirst.get(text[at] as string)?.find((name) => text.startsWith(name, at));
    return key === undefined
      ? undefined
      : { code: choose(this.#written.get(key), former), end: at + key.length };
  }

  stemAt(text: string, at: number): Match | undefined {
    const key = this.#stemsByFirst.get(text[at] as string)?.find((name) => text.startsWith(name, at));
    return key === undefined
      ? undefined
      : { code: choose(this.#stems.get(key), false), end: at + key.length };
  }
}

/** Village names of one town (or of the whole county), found by stem, then told apart by their suffix. */
export class VillageNames {
  readonly #stems = new Map<string, NamedPlace[]>();
  readonly #byFirst: Map<string, string[]>;

  constructor(villages: readonly Place[]) {
    for (const village of villages) {
      for (const name of village.names.map(cleanPlace)) {
        const [stem, kind] = splitVillage(name);
        push(this.#stems, stem, { ...village, kind });
      }
    }
    this.#byFirst = byFirstCharacter(this.#stems.keys());
  }

  exact(name: string, former = false): RegionCode | undefined {
    const match = this.matchAt(name, 0, true, former);
    return match?.end === name.length ? match.code : undefined;
  }

  /** The village an address names from `start` on; nothing once it has named a village that is not known. */
  find(text: string, start: number): RegionCode | undefined {
    let at = start;
    while (at < text.length && ',、.;·-'.includes(text[at] as string)) at++;
    const adjacent = this.matchAt(text, at, true, false);
    if (adjacent) return adjacent.code;
    for (at += 1; at < text.length; at++) {
      const before = text[at - 1] as string;
      if (before === '村' || (before === '区' && text[at - 2] === '社')) return undefined;
      if (!BEFORE_VILLAGE.has(before)) continue;
      const match = this.matchAt(text, at, false, before === '原' || text.startsWith('(原)', at - 3));
      if (match) return match.code;
    }
    return undefined;
  }

  matchAt(text: string, at: number, bare: boolean, former: boolean): Match | undefined {
    for (const stem of this.#byFirst.get(text[at] as string) ?? []) {
      if (!text.startsWith(stem, at)) continue;
      const places = this.#stems.get(stem) as NamedPlace[];
      const after = at + stem.length;
      for (const [suffix, kind] of VILLAGE_SUFFIXES) {
        if (!text.startsWith(suffix, after)) continue;
        const same = places.filter((place) => place.kind === kind);
        return { code: choose(same.length > 0 ? same : places, former), end: after + suffix.length };
      }
      const shared = stem.endsWith('村') && SHARED_SUFFIXES.find((suffix) => text.startsWith(suffix, after));
      if (shared) return { code: choose(places, former), end: after + shared.length };
      const complete = stem.length >= 4 && places.some((place) => place.kind === 'other');
      if (complete || (bare && endsLikeBareName(text, after))) {
        return { code: choose(places, former), end: after };
      }
    }
    return undefined;
  }
}

/** 七一村委会 is 七一, but 新村村委会 is 新村: a stem keeps at least two characters. */
function splitVillage(name: string): readonly [stem: string, kind: Kind] {
  for (const [suffix, kind] of VILLAGE_SUFFIXES) {
    if (name.length - suffix.length >= 2 && name.endsWith(suffix)) {
      return [name.slice(0, name.length - suffix.length), kind];
    }
  }
  return [name, 'other'];
}
