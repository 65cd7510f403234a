import { type RuleDraft, ruleWords } from '@quanbao/domain/addresses/rules';
import type { Evidence } from '@quanbao/domain/coverage/evidence';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import type { Scope, Tx } from '../../db/port.ts';

/** The rule for addresses (地址分村) that a person's village goes back to. */
export interface RuledVillage {
  rule: number;
  application: number;
  /** What the rule says. */
  words: string;
  from: PlainDate;
}

interface Row extends RuleDraft {
  readonly rule: number;
  readonly application: number;
  readonly placed: PlainDate;
  readonly address: string;
  readonly household: string;
}

/** Null where a list or a decision names the village, or none is known. */
export async function ruledVillage(
  tx: Tx,
  scope: Scope,
  tree: RegionTree,
  {
    evidence,
    personNo,
    region,
    day,
  }: { evidence: readonly Evidence[]; personNo: number; region: string; day: PlainDate },
): Promise<RuledVillage | null> {
  if (region.length < 12) return null;
  const active = evidence.filter((e) => e.from <= day && day < e.to);
  if (active.some((e) => (e.claim.content.g?.length ?? 0) >= 12)) return null;
  const rows = await tx.query<Row>(
    `select p.rule, p.application, p.from_day as placed, p.address, p.household, r.kind, p.village, r.texts, r.without, r.parity,
       r.first_house as first, r.last_house as last, r.from_day as "from", r.to_day as "to", r.note
     from address_placement p join address_rule r on r.county = p.county and r.rule = p.rule
     where p.county = $1 and p.person_no = $2 and p.undone_at is null and p.from_day <= $3 and p.to_day > $3
     order by p.application desc`,
    [scope.county, personNo, day],
  );
  const found = rows.find(
    (row) =>
      tree.current(row.village, day) === region.slice(0, 12) &&
      active.some(({ claim: { content } }) =>
        row.address === '' ? content.h === row.household : content.a === row.address,
      ),
  );
  if (found === undefined) return null;
  const words = ruleWords({ ...found, first: found.first ?? undefined, last: found.last ?? undefined });
  return { rule: found.rule, application: found.application, words, from: found.placed };
}
