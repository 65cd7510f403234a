import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { LedgerItem } from '@quanbao/domain/ledger/items';
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
type Stretch = Pick<LedgerItem, 'kind' | 'subject' | 'from' | 'to' | 'region' | 'state' | 'why'>;

/** Collects what changes in the ledger while people go by, and writes it in bulk: stretches, their counts, events. */
export class LedgerWriter {
  readonly #tx: Tx;
  readonly #county: RegionCode;
  readonly #change: number;
  /** Nobody had items: what is written is its own first event. */
  readonly #fresh: boolean;
  readonly #count: (item: Stretch, sign: 1 | -1) => void;
  #gone: { personNo: number; kind: string; subject: string; from: string }[] = [];
  #items: string[] = [];
  #events: string[] = [];

  constructor(
    tx: Tx,
    county: RegionCode,
    change: number,
    fresh: boolean,
    count: (item: Stretch, sign: 1 | -1) => void,
  ) {
    this.#tx = tx;
    this.#county = county;
    this.#change = change;
    this.#fresh = fresh;
    this.#count = count;
  }

  write(personNo: number, items: readonly LedgerItem[], before: readonly string[]): void {
    if (items.length === 0 && before.length === 0) return;
    const stale = new Set(before);
    const olds = before.map(stretchOf);
    let previous: LedgerItem | undefined;
    for (const item of items) {
      const follows = previous?.kind === item.kind && previous.subject === item.subject;
      if (!stale.delete(itemKey(item))) this.#add(personNo, item, follows ? previous : undefined, olds);
      previous = item;
    }
    for (const key of stale) {
      const old = stretchOf(key);
      this.#count(old, -1);
      this.#gone.push({ personNo, kind: old.kind, subject: old.subject, from: old.from });
      this.#noteTakenBack(personNo, old, items);
    }
    if (!this.#fresh) this.#noteWithdrawn(personNo, items, olds);
  }

  #add(personNo: number, item: LedgerItem, previous: LedgerItem | undefined, olds: readonly Stretch[]): void {
    this.#count(item, 1);
    const { kind, subject, from, to, region, state, why, tags } = item;
    this.#items.push(
      `${this.#county}\t${personNo}\t${kind}\t${subject}\t${from}\t${to}\t${region}\t${state}\t${why}\t${tags}\n`,
    );
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

  #event(personNo: number, { kind, subject, from, region, why }: Stretch, what: string): void {
    this.#events.push(
      `${this.#county}\t${this.#change}\t${personNo}\t${kind}\t${subject}\t${from}\t${region}\t${what}\t${why}\n`,
    );
  }

  async flush(): Promise<void> {
    const gone = this.#gone;
    const items = this.#items;
    const events = this.#events;
    this.#gone = [];
    this.#items = [];
    this.#events = [];
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
    if (items.length > 0) await this.#tx.copyIn('ledger_item', ITEM_COLUMNS, [items.join('')]);
    if (events.length > 0) await this.#tx.copyIn('ledger_event', EVENT_COLUMNS, [events.join('')]);
  }

  /** Tells each village once what the commit changed for it, up to the newest day that is known. */
  async finish(): Promise<void> {
    if (this.#fresh) return;
    await this.#tx.query(
      `insert into notice (county, change, region, kind, opened, closed, cause)
       select $1, $2, left(e.region, 12), e.kind,
         count(*) filter (where what in ('opened', 'reopened', 'unsettled')),
         count(*) filter (where what in ('closed', 'withdrawn', 'settled')), ''
       from ledger_event e join county c on c.county = e.county
       where e.county = $1 and e.change = $2 and e.what <> 'moved' and e.day <= coalesce(c.latest_day, e.day)
       group by left(e.region, 12), e.kind
       on conflict (county, region, change, kind) do update set opened = excluded.opened, closed = excluded.closed`,
      [this.#county, this.#change],
    );
  }
}

function whatOf(item: Stretch, before: Stretch | undefined): string {
  if (before === undefined) return item.state === 'closed' ? 'closed' : 'opened';
  if (before.state === item.state) return 'moved';
  if (item.state === 'closed') return 'closed';
  if (before.state === 'closed') return 'reopened';
  return item.state === 'settled' ? 'settled' : 'unsettled';
}

function stretchOf(key: string): Stretch {
  const [kind, subject, from, to, region, state, why] = key.split(',');
  return { kind, subject, from, to, region, state, why } as Stretch;
}
