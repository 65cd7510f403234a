import { holdsNumber } from '@quanbao/domain/register/search';

/** Holds a telephone or an ID number, whatever is typed beside it. */
export function isNumber(text: string): boolean {
  return holdsNumber(text);
}
