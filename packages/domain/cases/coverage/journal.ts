import type { Claim, Content, DeliveryRef } from '../../src/coverage/claim.ts';
import { orderOf } from '../../src/coverage/evidence.ts';
import { findSource } from '../../src/sources/catalogue.ts';

/** What one delivery says about one person: its rows by slot, merged; none when it does not name him. */
export interface Spoken {
  readonly source: string;
  readonly asOf: string;
  readonly mode: 'full' | 'delta';
  readonly sender?: string;
  readonly region?: string;
  readonly rows: readonly { readonly slot: string; readonly content: Content }[];
  /** 缴费年度 a full payments list contains beyond the person's own. */
  readonly years?: readonly string[];
}

const COUNTY = '430981';

interface OpenClaim {
  since: DeliveryRef;
  until: DeliveryRef | undefined;
  slot: string;
  row: number;
  content: Content;
}

/**
 * One person's claims after deliveries were received in the order given: what the store keeps as a stack, done plainly.
 * Each series is replayed by as-of day, then receipt.
 */
export function claimsOf(spoken: readonly Spoken[]): Claim[] {
  const received = spoken.map((said, i) => ({ said, ref: refOf(said, i + 1) }));
  const inForce = received.filter(
    ({ ref }) =>
      ref.mode !== 'full' ||
      !received.some(
        ({ ref: later }) =>
          later.mode === 'full' &&
          later.id > ref.id &&
          later.series === ref.series &&
          later.asOf === ref.asOf,
      ),
  );
  inForce.sort((a, b) => orderOf(a.ref, b.ref));
  const claims: OpenClaim[] = [];
  for (const { said, ref } of inForce) push(claims, said, ref);
  return claims;
}

function push(claims: OpenClaim[], said: Spoken, ref: DeliveryRef): void {
  const open = claims.filter((c) => c.until === undefined && c.since.group === ref.group);
  const own = open.filter((c) => c.since.series === ref.series);
  const payments = said.source === 'residents-payments';
  const says = (c: OpenClaim) =>
    said.rows.find((row) => row.slot === c.slot && sameContent(row.content, c.content)) !== undefined;
  if (ref.mode === 'full') {
    const years = new Set([...(said.years ?? []), ...said.rows.map((row) => row.slot)]);
    for (const claim of open) {
      if (!claim.since.region.startsWith(ref.region)) continue;
      if (payments && !years.has(claim.slot)) continue;
      if (
        own.includes(claim) &&
        says(claim) &&
        !(payments && own.filter((c) => c.slot === claim.slot).length > 1)
      )
        continue;
      claim.until = ref;
    }
  } else if (!payments) {
    for (const claim of own) {
      const row = said.rows.find(({ slot }) => slot === claim.slot);
      if (row !== undefined && !sameContent(row.content, claim.content)) claim.until = ref;
    }
  }
  said.rows.forEach(({ slot, content }, i) => {
    const known = own.some((c) => c.until === undefined && c.slot === slot);
    if (payments && ref.mode === 'delta' ? true : !known)
      claims.push({ since: ref, until: undefined, slot, row: i + 1, content });
  });
}

function sameContent(a: Content, b: Content): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function refOf(said: Spoken, id: number): DeliveryRef {
  const region = said.region ?? COUNTY;
  const group = `${said.source}\n${said.sender ?? findSource(said.source)?.office ?? ''}`;
  return {
    id,
    source: said.source,
    group,
    series: `${group}\n${region}`,
    region,
    asOf: said.asOf,
    mode: said.mode,
  };
}
