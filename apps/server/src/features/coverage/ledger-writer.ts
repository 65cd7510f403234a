import { TAGS } from '@quanbao/domain/coverage/step-class';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { LedgerItem } from '@quanbao/domain/ledger/items';
import { tagBit } from '@quanbao/domain/ledger/kinds';
import { groupNotice } from '@quanbao/domain/ledger/notices';
import { CopyLines } from '../../db/copy-text.ts';
import type { Tx } from '../../db/port.ts';

const ITEM_COLUMNS = [
  'county',
  'person_no',
  'kind',
  'subject',
  'from_day',
  'to_day',
  'region',
  'state',
  'why',
  'tags',
];
const EVENT_COLUMNS = ['county', 'change', 'person_no', 'kind', 'subject', 'day', 'region', 'what', 'why'];

export function itemKey(item: LedgerItem): string {
  const { kind, subject, from, to, region, state, why, tags } = item;
  return `${kind},${subject},${from},${to},${region},${state},${why},${tags}`;
}

/** A stretch as it was stored. */
type Stretch = Pick<LedgerItem, 'kind' | 'subject' | 'from' | 'to' | 'region' | 'state' | 'why' | 'tags'>;

/** Digits of the place that notices are for. */
const VILLAGE = 12;

/** Items of one kind that came to a village or left it; of a group, people. */
interface Passage {
  readonly village: RegionCode;
  readonly kind: string;
  opened: number;
  closed: number;
}

/** Collects what changes in the ledger while people go by, and writes it in bulk: stretches, their counts, events. */
export class LedgerWriter {
  readonly #tx: Tx;
  readonly #county: RegionCode;
  readonly #change: number;
  /** Nobody had items: what is written is its own first event. */
  readonly #fresh: boolean;
  /** Villages are told of what is so by this day; nobody had lists, and nobody is told, where there is none. */
  readonly #newest: PlainDate | undefined;
  readonly #count: (item: Stretch, sign: 1 | -1) => void;
  #gone: { personNo: number; kind: string; subject: string; from: string }[] = [];
  readonly #items = new CopyLines();
  readonly #events = new CopyLines();
  /** By village and kind. */
  readonly #passages = new Map<string, Passage>();
  /** What the events of the person at hand tell. */
  #told = new Set<string>();

  constructor(
    tx: Tx,
    county: RegionCode,
    change: number,
    fresh: boolean,
    newest: PlainDate | undefined,
    count: (item: Stretch, sign: 1 | -1) => void,
  ) {
    this.#tx = tx;
    this.#county = county;
    this.#change = change;
    this.#fresh = fresh;
    this.#newest = newest;
    this.#count = count;
  }

  write(personNo: number, items: readonly LedgerItem[], before: readonly string[]): void {
    if (items.length === 0 && before.length === 0) return;
    this.#told.clear();
    const stale = new Set(before);
    const olds = before.map(stretchOf);
    let previous: LedgerItem | undefined;
    for (const item of items) {
      const follows = previous?.kind === item.kind && previous.subject === item.subject;
      const known = stale.size > 0 && stale.delete(itemKey(item));
      if (!known) this.#add(personNo, item, follows ? previous : undefined, olds);
      previous = item;
    }
    for (const key of stale) {
      const old = stretchOf(key);
      this.#count(old, -1);
      this.#gone.push({ personNo, kind: old.kind, subject: old.subject, from: old.from });
      this.#noteTakenBack(personNo, old, items);
    }
    if (this.#fresh) return;
    this.#noteWithdrawn(personNo, items, olds);
    this.#notePassages(items, olds);
    this.#noteGroups(items, olds);
  }

  #add(personNo: number, item: LedgerItem, previous: LedgerItem | undefined, olds: readonly Stretch[]): void {
    this.#count(item, 1);
    const { kind, subject, from, to, region, state, why, tags } = item;
    this.#items
      .start(this.#county)
      .number(personNo)
      .text(kind)
      .text(subject)
      .text(from)
      .text(to)
      .text(region)
      .text(state)
      .text(why)
      .number(tags)
      .end();
    if (this.#fresh) return;
    const known = olds.find((o) => o.kind === kind && o.subject === subject && o.from <= from && from < o.to);
    if (known?.state === state && known.why === why && known.region === region) return;
    this.#event(personNo, item, whatOf(item, previous));
  }

  /** What turned on that day turns no more: the delivery that said so was taken back. */
  #noteTakenBack(personNo: number, old: Stretch, items: readonly LedgerItem[]): void {
    if (this.#fresh) return;
    const now = items.find(
      (i) => i.kind === old.kind && i.subject === old.subject && i.from < old.from && old.from < i.to,
    );
    if (now === undefined || now.state === old.state) return;
    this.#event(personNo, { ...now, from: old.from, why: 'evidence-gone' }, whatOf(now, old));
  }

  /** Items of which nothing is left: the evidence that opened them was taken back. */
  #noteWithdrawn(personNo: number, items: readonly LedgerItem[], olds: readonly Stretch[]): void {
    const told = new Set<string>();
    for (const old of olds) {
      const name = `${old.kind} ${old.subject}`;
      if (told.has(name)) continue;
      told.add(name);
      if (items.some((item) => item.kind === old.kind && item.subject === old.subject)) continue;
      this.#event(personNo, { ...old, why: 'evidence-gone' }, 'withdrawn');
    }
  }

  /**
   * What is open in one village and was in another: a turn of no life, but both villages are to know, unless an event
   * tells them already.
   */
  #notePassages(items: readonly LedgerItem[], olds: readonly Stretch[]): void {
    const newest = this.#newest;
    if (newest === undefined) return;
    const isNow = ({ from, to }: Stretch): boolean => from <= newest && newest < to;
    for (const old of olds) {
      if (old.state === 'closed' || !isNow(old)) continue;
      const now = items.find((i) => i.kind === old.kind && i.subject === old.subject && isNow(i));
      if (now === undefined || villageOf(now) === villageOf(old)) continue;
      if (!this.#told.has(toldKey(old, 'closed'))) this.#passage(old).closed++;
      if (now.state !== 'closed' && !this.#told.has(toldKey(now, 'opened'))) this.#passage(now).opened++;
    }
  }

  /** Somebody with something open in the same village as before, in other groups: no event tells of these. */
  #noteGroups(items: readonly LedgerItem[], olds: readonly Stretch[]): void {
    const newest = this.#newest;
    if (newest === undefined) return;
    const isOpen = ({ from, to, state }: Stretch): boolean =>
      state !== 'closed' && from <= newest && newest < to;
    const before = olds.find(isOpen);
    const now = items.find(isOpen);
    if (before === undefined || now === undefined || villageOf(before) !== villageOf(now)) return;
    if (before.tags === now.tags) return;
    for (const tag of TAGS) {
      const bit = tagBit(tag);
      if (((before.tags ^ now.tags) & bit) === 0) continue;
      const passage = this.#passage(now, groupNotice(tag));
      if ((now.tags & bit) === 0) passage.closed++;
      else passage.opened++;
    }
  }

  #passage(item: Stretch, kind: string = item.kind): Passage {
    const village = villageOf(item);
    const key = `${village} ${kind}`;
    const known = this.#passages.get(key);
    if (known !== undefined) return known;
    const passage = { village, kind, opened: 0, closed: 0 };
    this.#passages.set(key, passage);
    return passage;
  }

  #event(personNo: number, item: Stretch, what: string): void {
    const { kind, subject, from, region, why } = item;
    if (this.#newest !== undefined && from <= this.#newest) {
      if (OPENED.includes(what)) this.#told.add(toldKey(item, 'opened'));
      if (LEFT.includes(what)) this.#told.add(toldKey(item, 'closed'));
    }
    this.#events
      .start(this.#county)
      .number(this.#change)
      .number(personNo)
      .text(kind)
      .text(subject)
      .text(from)
      .text(region)
      .text(what)
      .text(why)
      .end();
  }

  async flush(): Promise<void> {
    const gone = this.#gone;
    const items = this.#items.take();
    const events = this.#events.take();
    this.#gone = [];
    if (gone.length > 0) {
      await this.#tx.query(
        `delete from ledger_item i using unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) as u (person_no, kind, subject, from_day)
         where i.county = $1 and i.person_no = u.person_no and i.kind = u.kind and i.subject = u.subject and i.from_day = u.from_day`,
        [
          this.#county,
          gone.map((g) => g.personNo),
          gone.map((g) => g.kind),
          gone.map((g) => g.subject),
          gone.map((g) => g.from),
        ],
      );
    }
    if (items.length > 0) await this.#tx.copyIn('ledger_item', ITEM_COLUMNS, [items]);
    if (events.length > 0) await this.#tx.copyIn('ledger_event', EVENT_COLUMNS, [events]);
  }

  /** Tells each village once what the commit changed for it, up to the newest day that is known. */
  async finish(): Promise<void> {
    if (this.#fresh || this.#newest === undefined) return;
    const passages = [...this.#passages.values()];
    await this.#tx.query(
      `insert into notice (county, change, region, kind, opened, closed, cause)
       select $1, $2, village, kind, sum(opened), sum(closed), '' from (
         select left(e.region, ${VILLAGE}) as village, e.kind,
           case when what = any($4::text[]) then 1 else 0 end as opened,
           case when what = any($5::text[]) then 1 else 0 end as closed
         from ledger_event e
         where e.county = $1 and e.change = $2 and e.what <> 'moved' and e.day <= $3
         union all select * from unnest($6::text[], $7::text[], $8::int[], $9::int[])) n
       group by village, kind
       on conflict (county, region, change, kind) do update set opened = excluded.opened, closed = excluded.closed`,
      [
        this.#county,
        this.#change,
        this.#newest,
        OPENED,
        CLOSED,
        passages.map((one) => one.village),
        passages.map((one) => one.kind),
        passages.map((one) => one.opened),
        passages.map((one) => one.closed),
      ],
    );
  }
}

const OPENED: readonly string[] = ['opened', 'reopened', 'unsettled'];
/** After which the village has the item no more. */
const LEFT: readonly string[] = ['closed', 'withdrawn'];
const CLOSED: readonly string[] = [...LEFT, 'settled'];

function villageOf({ region }: Stretch): RegionCode {
  return region.slice(0, VILLAGE);
}

function toldKey(item: Stretch, how: 'opened' | 'closed'): string {
  return `${item.kind} ${item.subject} ${villageOf(item)} ${how}`;
}

function whatOf(item: Stretch, before: Stretch | undefined): string {
  if (before === undefined) return item.state === 'closed' ? 'closed' : 'opened';
  if (before.state === item.state) return 'moved';
  if (item.state === 'closed') return 'closed';
  if (before.state === 'closed') return 'reopened';
  return item.state === 'settled' ? 'settled' : 'unsettled';
}

function stretchOf(key: string): Stretch {
  const [kind, subject, from, to, region, state, why, tags] = key.split(',');
  return { kind, subject, from, to, region, state, why, tags: Number(tags) } as Stretch;
}
