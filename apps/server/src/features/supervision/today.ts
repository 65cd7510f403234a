import { Refusal } from '@quanbao/domain/kernel/problem';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope } from '../../db/port.ts';
import { holdsIdNumber } from '../audit/index.ts';

/** An office is given no tables of places: what it may read of them is read for it. */
export function readScope(scope: Scope): Scope {
  return scope.duty === 'office' ? journalOf(scope) : scope;
}

/** @throws Refusal: what is printed and passed on holds no ID number */
export function withoutNumbers(code: string, ...texts: readonly string[]): void {
  if (texts.some(holdsIdNumber))
    throw new Refusal(code, '这里不能写身份证号码；请写姓名或人数，具体的人在名单里看。');
}
