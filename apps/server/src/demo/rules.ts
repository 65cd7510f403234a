import { existsSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scope } from '../db/port.ts';
import { addRule, applyRules } from '../features/addresses/index.ts';
import type { Instance } from '../instance.ts';
import { day, iso } from './days.ts';
import { SHARED } from './offices.ts';
import type { Heard } from './truth.ts';

interface PlannedRule {
  readonly town: string;
  readonly street: string;
  readonly village: string;
}

const FILE = 'address-rules.json';
const FROM = day('2020-10-31');
/** Of the other streets nobody has said yet where they are: they are left to be tried out. */
const KNOWN: readonly string[] = ['农机厂宿舍', '沿河街', SHARED];

/** Rules of some towns for addresses that name a street and no village; whom they place the truth knows. */
export class AddressRules {
  readonly #rules = new Map<string, PlannedRule & { readonly area: number }>();
  readonly #placed: { readonly heard: Heard; readonly area: number }[] = [];

  consider(heard: Heard): void {
    const { street } = heard;
    if (street === undefined) return;
    const { town } = street.village;
    if (!KNOWN.includes(street.name)) return;
    // A town's 集体户 is counted to the village that its offices lie in.
    const { code, area } = (street.name === SHARED && town.villages[0]) || street.village;
    const key = `${town.code} ${street.name}`;
    const rule = this.#rules.get(key) ?? { town: town.code, street: street.name, village: code, area };
    this.#rules.set(key, rule);
    this.#placed.push({ heard, area: rule.area });
  }

  /** What they do to whom, one after the other. */
  tell(change: (heard: Heard, rule: NonNullable<Heard['ruled']>) => void): void {
    for (const { heard, area } of this.#placed) change(heard, { from: FROM, area });
  }

  /** Of a county so small that nobody stands in no village there are none. */
  write(dir: string): void {
    const rules = [...this.#rules.values()].map(({ town, street, village }) => ({ town, street, village }));
    if (rules.length > 0) writeFileSync(join(dir, FILE), JSON.stringify(rules));
  }
}

/** Gives the rules and applies them, town by town. @returns how many people they placed */
export async function placeByRules(instance: Instance, county: string, dir: string): Promise<number> {
  if (!existsSync(join(dir, FILE))) return 0;
  const office: Scope = { county, region: county, actor: 'county' };
  const rules = JSON.parse(await readFile(join(dir, FILE), 'utf8')) as PlannedRule[];
  for (const { town, street, village } of rules) {
    await addRule(instance, office, {
      kind: 'unit',
      texts: [street],
      village,
      owner: town,
      note: '镇（街道）提供的对照表',
    });
  }
  let placed = 0;
  for (const region of new Set(rules.map(({ town }) => town))) {
    placed += (await applyRules(instance, office, { region, from: iso(FROM) })).people;
  }
  return placed;
}
