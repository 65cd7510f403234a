import { findingKind } from '../coverage/finding.ts';
import type { Tag } from '../coverage/step-class.ts';
import type { RegionLevel } from '../kernel/region.ts';
import { findSource } from './catalogue.ts';

/** The rule 未满16周岁 needs no list. */
const UNDER_AGE = 13;

/** Whether an office of the level may read what the list says; none is a decision, or a list that it cannot see. */
export function seesSource(level: RegionLevel, source: string | undefined): boolean {
  return level === 'county' || (source !== undefined && (findSource(source)?.sight.includes(level) ?? false));
}

/** Whether it may see why a person is not in scope: a village must not read who of its people is in prison. */
export function seesVerdict(
  level: RegionLevel,
  facts: { readonly column: number; readonly rank: number },
  source: string | undefined,
): boolean {
  return facts.column === 7 || facts.rank === UNDER_AGE || seesSource(level, source);
}

/** Whether a conflict can be shown without telling what a list says that the level may not read. */
export function seesFinding(level: RegionLevel, kind: string): boolean {
  return (findingKind(kind).tells ?? []).every((source) => seesSource(level, source));
}

/** Which list proves a tag. */
const TAG_SOURCE: Readonly<Record<Tag, string>> = {
  'low-income': 'low-income',
  'extreme-poverty': 'extreme-poverty',
  'severe-disability': 'disability',
  disability: 'disability',
  'poverty-registered': 'poverty-registered',
  'land-expropriated': 'land-expropriated',
};

/** Whether it may know that somebody is on the list that proves the tag. */
export function seesTag(level: RegionLevel, tag: Tag): boolean {
  return seesSource(level, TAG_SOURCE[tag]);
}
