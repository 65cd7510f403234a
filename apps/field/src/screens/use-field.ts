import { chinaDay, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { createContext, useContext, useMemo } from 'react';
import type { Field, View } from '../app/field.ts';
import { dayAt, type Row, rowsOf } from '../survey/list.ts';

export const FieldContext = createContext<{ field: Field; view: View } | undefined>(undefined);

export function useField(): { field: Field; view: View } {
  const value = useContext(FieldContext);
  if (value === undefined) throw new Error('useField outside the app');
  return value;
}

/** The county's day, by the phone's clock; of a phone without a list, the calendar's. */
export function useToday(): PlainDate {
  const [pack] = useField().view.packs;
  const now = new Date();
  return pack === undefined ? chinaDay(now) : dayAt(pack, now);
}

export function useRows(): readonly Row[] {
  const {
    view: { packs, entries },
  } = useField();
  const today = useToday();
  return useMemo(() => rowsOf(packs, entries, today), [packs, entries, today]);
}
