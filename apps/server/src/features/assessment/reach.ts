import { isOfficeNamed } from '@quanbao/domain/access/office';
import { isWithin } from '@quanbao/domain/kernel/region';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope } from '../../db/port.ts';

/** How far an account sees into an assessment. */
export interface Reach {
  /** For reading: its own rows, by the database's policies. */
  readonly scope: Scope;
  /** An office's account is answered by the county's journal, and by name: only its own unit. */
  readonly office: string | undefined;
  /** The county's, or one that reads the whole county: everybody's lines. */
  readonly whole: boolean;
}

export function reachOf(scope: Scope, actor: { readonly role: string; readonly office: string }): Reach {
  if (actor.role === 'office') return { scope: journalOf(scope), office: actor.office, whole: false };
  return { scope, office: undefined, whole: scope.region === scope.county };
}

/** The county office itself, at a desk or on the command line. */
export function countyReach(scope: Scope): Reach {
  return { scope, office: undefined, whole: true };
}

interface Unit {
  readonly unit: string;
  readonly region: string;
}

export function sees({ scope, office, whole }: Reach, unit: Unit): boolean {
  if (office !== undefined) return isOfficeNamed(unit.unit, office);
  return whole || isWithin(unit.region, scope.region);
}

/** Whether the account answers for the unit: the town itself, the office itself, the county for itself and its offices. */
export function answersFor(reach: Reach, unit: Unit): boolean {
  const { scope, office } = reach;
  if (office !== undefined) return isOfficeNamed(unit.unit, office);
  if (scope.duty === undefined && scope.region === scope.county) return true;
  return unit.unit === scope.region;
}
