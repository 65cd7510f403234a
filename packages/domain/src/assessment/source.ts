import type { PendingIndicator } from '../indicators/indicator.ts';
import { findIndicator, formatRate, indicator, pendingIndicator } from '../indicators/indicators.ts';
import { RECORD_WORDS, type Source } from './scheme.ts';

export interface SourceWords {
  readonly name: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  readonly definition: string;
  readonly pending: PendingIndicator | undefined;
}

/** @returns undefined for an indicator that there is not, or of which neither more nor less is better */
export function sourceWords(source: Source): SourceWords | undefined {
  if ('fact' in source) {
    const { name, unit, better, record } = source.fact;
    const definition = record === undefined ? '由县级登记，附依据' : RECORD_WORDS[record];
    return { name, unit, better, definition, pending: undefined };
  }
  const found = findIndicator(source.indicator) ?? pendingIndicator(source.indicator);
  if (found === undefined || found.better === 'none') return undefined;
  const { name, unit, better, definition } = found;
  return { name, unit, better, definition, pending: pendingIndicator(source.indicator) };
}

/** Whether a value of the source is a fraction that is printed in percent. */
export function isRate(source: Source): boolean {
  if ('fact' in source) return source.fact.unit === '%';
  const found = findIndicator(source.indicator);
  return found === undefined
    ? pendingIndicator(source.indicator)?.unit === '%'
    : indicator(source.indicator).kind === 'rate';
}

/** As it is printed, with its unit. */
export function valueWords(source: Source, value: number | null): string {
  if (value === null) return '—';
  if (isRate(source)) return formatRate(value);
  return `${plain(value)}${sourceWords(source)?.unit ?? ''}`;
}

/** A number without trailing zeros. */
export function plain(value: number): string {
  return String(Number(value.toFixed(4)));
}
