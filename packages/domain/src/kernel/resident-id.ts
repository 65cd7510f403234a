import { type PlainDate, plainDate } from './plain-date.ts';

/** Why a value cannot be an 18-digit citizen number (公民身份号码, GB 11643). */
export type IdProblem =
  | 'id.blank'
  | 'id.length'
  | 'id.characters'
  | 'id.check-digit'
  | 'id.date'
  | 'id.number-cell'
  | 'id.scientific';

export interface ResidentId {
  /** 18 characters, upper-case X. */
  readonly id: string;
  readonly birth: PlainDate;
  readonly sex: 'male' | 'female';
  /** What had to be done to the written value; `none` for one that was right as written. */
  readonly mark: 'none' | 'cleaned' | 'from-15' | 'from-certificate';
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK = '10X98765432';

/** The 18th character for the first 17 digits. */
export function checkDigit(first17: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (first17.charCodeAt(i) - 48) * (WEIGHTS[i] as number);
  return CHECK[sum % 11] as string;
}

/** Strips what is never part of a number: spaces (also full-width), quotes, tabs, zero-width characters. */
export function cleanIdText(raw: string): string {
  let text = raw;
  if (!/^[0-9X]*$/.test(text)) {
    text = text
      .replace(/[\s\u00a0\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff'"`‘’“”＇＂]/g, '')
      .replace(/[０-９ｘＸ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
      .toUpperCase();
  }
  return text;
}

/**
 * Reads a citizen number as offices write it; never guesses one.
 * @param raw the cell's text
 * @param numericCell the cell was a number: with 16 or more digits its last digits are already lost
 * @param on no one is born after this day
 */
export function parseResidentId(raw: string, on: PlainDate, numericCell = false): ResidentId | IdProblem {
  const text = cleanIdText(raw);
  if (text === '') return 'id.blank';
  if (/^\d(\.\d+)?E\+?\d+$/.test(text)) return 'id.scientific';
  if (numericCell && text.replace(/\D/g, '').length >= 16) return 'id.number-cell';
  let id = text;
  let mark: ResidentId['mark'] = text === raw ? 'none' : 'cleaned';
  if (id.length === 15) {
    if (!/^\d{15}$/.test(id)) return 'id.characters';
    id = upgrade15(id);
    mark = 'from-15';
  } else if (id.length === 20) {
    id = id.slice(0, 18);
    mark = 'from-certificate';
  }
  if (id.length !== 18) return 'id.length';
  if (!/^\d{17}[\dX]$/.test(id)) return 'id.characters';
  const birth = plainDate(Number(id.slice(6, 10)), Number(id.slice(10, 12)), Number(id.slice(12, 14)));
  if (birth === undefined || birth > on || birth < '1850-01-01') return 'id.date';
  if (checkDigit(id) !== id[17]) return 'id.check-digit';
  return { id, birth, sex: (id.charCodeAt(16) - 48) % 2 === 1 ? 'male' : 'female', mark };
}

/** First-generation number to 18 digits; sequences 996–999 were kept for people born in the 1800s. */
function upgrade15(id15: string): string {
  const century = Number(id15.slice(12)) >= 996 ? '18' : '19';
  const first17 = id15.slice(0, 6) + century + id15.slice(6);
  return first17 + checkDigit(first17);
}

/** Six, eight stars, four: enough to recognise, not enough to use. */
export function maskId(value: string): string {
  const text = cleanIdText(value);
  if (text.length <= 4) return '*'.repeat(text.length);
  if (text.length < 12) return text.slice(0, 2) + '*'.repeat(text.length - 2);
  return text.slice(0, 6) + '*'.repeat(text.length - 10) + text.slice(-4);
}

/** A text as it may be repeated: fifteen digits or more in it, also with spaces or dashes between, are masked. */
export function maskIdsIn(text: string): string {
  return text.replace(/[\d０-９](?:[\s\-－]*[\d０-９]){14,}[xXｘＸ]?/g, (number) => maskId(number));
}

/** 138****5678 */
export function maskPhone(value: string): string {
  return value.length < 7 ? '*'.repeat(value.length) : `${value.slice(0, 3)}****${value.slice(-4)}`;
}
