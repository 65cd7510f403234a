import { Refusal } from '@quanbao/domain/kernel/problem';

/** Numbers of lists are kept in four bytes. */
export const MOST = 2_147_483_647;

/** A cursor that is a number, such as the last one seen. @throws Refusal for one made up */
export function cursorNumber(cursor: string | undefined, most = MOST): number | undefined {
  if (cursor === undefined) return undefined;
  return wholeNumber(Number(cursor), most);
}

/** @throws Refusal for a part of a cursor that is none */
export function wholeNumber(part: string | number | undefined, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof part !== 'number' || !Number.isSafeInteger(part) || part < 0 || part > most) throw wrongCursor();
  return part;
}

/** A cursor of several texts, as base64url of their JSON. */
export function cursorOf(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws Refusal for one that this question did not give out */
export function cursorParts(cursor: string | undefined, length: number): (string | number)[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(parts) &&
      parts.length === length &&
      parts.every((p) => typeof p === 'number' || (typeof p === 'string' && !p.includes('\u0000')))
    ) {
      return parts as (string | number)[];
    }
  } catch {
    // falls through to the refusal
  }
  throw wrongCursor();
}

function wrongCursor(): Refusal {
  return new Refusal('request.cursor', '翻页的位置不对；请从第一页重新查。');
}
