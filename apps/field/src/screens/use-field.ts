import { createContext, useContext, useMemo } from 'react';
import type { Field, View } from '../app/field.ts';
import { type Row, rowsOf } from '../survey/list.ts';

export const FieldContext = createContext<{ field: Field; view: View } | undefined>(undefined);

export function useField(): { field: Field; view: View } {
  const value = useContext(FieldContext);
  if (value === undefined) throw new Error('useField outside the app');
  return value;
}

export function useRows(): readonly Row[] {
  const {
    view: { packs, entries },
  } = useField();
  return useMemo(() => rowsOf(packs, entries), [packs, entries]);
}
