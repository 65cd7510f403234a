import { groupInAddress, NO_GROUP, splitGroup } from '../addresses/groups.ts';
import type { RegionCode } from '../kernel/region.ts';
import { REGISTER_ORDER } from './content.ts';
import type { CoverageContext } from './context.ts';
import type { Day } from './day.ts';
import type { Evidence } from './evidence.ts';

/**
 * 裁定 > survey's 12-digit code > register's code or address > the province list's address > the scheme's region > the
 * county's rules for addresses: first a village of any of them, then the deepest region known (counted under 未分村社区).
 */
export function regionOn(context: CoverageContext, day: Day): RegionCode {
  let deepest: RegionCode = context.county;
  const isVillage = (code: RegionCode | undefined): boolean => {
    const now = code === undefined ? undefined : context.regionOn(code, day.on);
    if (now !== undefined && now.length > deepest.length) deepest = now;
    return deepest.length >= 12;
  };
  if (isVillage(day.placement?.region)) return deepest;
  if (isVillage(day.answers.village?.claim.content.g)) return deepest;
  for (const wanted of PLACED_BY) {
    // newest delivery first
    for (let i = day.active.length - 1; i >= 0; i--) {
      const e = day.active[i] as Evidence;
      if (placedBy(e) === wanted && isVillage(e.claim.content.g)) return deepest;
    }
  }
  const sender = day.answers.latest?.claim.since.region;
  if (sender?.startsWith(deepest) && isVillage(sender)) return deepest;
  if (deepest === context.county) {
    for (const e of day.active) if (isVillage(e.claim.since.region)) return deepest;
  }
  for (const { village } of day.ruled) {
    // A rule finds the village inside what is known, never against it.
    if (context.regionOn(village, day.on)?.startsWith(deepest) && isVillage(village)) return deepest;
  }
  return deepest;
}

/**
 * The group of the village somebody stands in: the survey's, the register's, the province list's, of the first that names
 * one and no other village. What was 3组 of a village that is gone says nothing of its successor.
 */
export function groupOn(day: Day, region: RegionCode): number {
  const { group: inCode } = splitGroup(region);
  if (inCode !== undefined) return inCode;
  if (region.length < 12) return NO_GROUP;
  const answer = day.answers.group;
  if (answer !== undefined && speaksOf(answer, region)) return answer.claim.content.gr as number;
  for (const wanted of GROUPED_BY) {
    for (let i = day.active.length - 1; i >= 0; i--) {
      const e = day.active[i] as Evidence;
      if (placedBy(e) !== wanted || !speaksOf(e, region)) continue;
      const { gr, a } = e.claim.content;
      const group = gr ?? (a === undefined ? undefined : groupInAddress(a)?.group);
      if (group !== undefined) return group;
    }
  }
  return NO_GROUP;
}

function speaksOf({ claim }: Evidence, village: RegionCode): boolean {
  return village.startsWith((claim.content.g ?? claim.since.region).slice(0, 12));
}

const GROUPED_BY = ['register', 'left-register', 'province-list'] as const;
const PLACED_BY = ['register', 'left-register', 'province-list', 'scheme'] as const;

function placedBy(e: Evidence): (typeof PLACED_BY)[number] | undefined {
  if (e.fact === 'in-register')
    return REGISTER_ORDER[e.claim.content.st ?? 'living'] < REGISTER_ORDER.moved
      ? 'register'
      : 'left-register';
  if (e.fact === 'on-province-list') return 'province-list';
  return e.fact === 'scheme' ? 'scheme' : undefined;
}
