import type { OwnForm } from './contract.ts';

export type OwnColumn = OwnForm['columns'][number];
export type Op = NonNullable<OwnColumn['formula']>['op'];

/** Columns 1 and 2 are code and division. */
export const FIRST = 3;

export function newDraft(): OwnForm {
  return {
    code: `own-${Date.now().toString(36)}`,
    name: '',
    title: '{county}',
    columns: [{ title: '', indicator: undefined }],
    checks: [],
  };
}

/** Columns in their new order, with every formula and check still meaning the columns it meant. */
function renumbered(
  draft: OwnForm,
  columns: readonly OwnColumn[],
  toNew: (number: number) => number | undefined,
): OwnForm {
  const follow = (of: readonly number[]) => of.map(toNew).filter((n) => n !== undefined);
  return {
    ...draft,
    columns: columns.map((column) =>
      column.formula ? { ...column, formula: { ...column.formula, of: follow(column.formula.of) } } : column,
    ),
    checks: draft.checks.map((check) => ({ ...check, left: follow(check.left), right: follow(check.right) })),
  };
}

export function removeColumn(draft: OwnForm, index: number): OwnForm {
  const gone = FIRST + index;
  return renumbered(draft, draft.columns.toSpliced(index, 1), (n) =>
    n === gone ? undefined : n > gone ? n - 1 : n,
  );
}

/** Changes places with the column above (−1) or below (+1). */
export function moveColumn(draft: OwnForm, index: number, by: -1 | 1): OwnForm {
  const other = index + by;
  const [here, there] = [draft.columns[index], draft.columns[other]];
  if (!here || !there) return draft;
  return renumbered(draft, draft.columns.with(index, there).with(other, here), (n) => {
    if (n === FIRST + index) return FIRST + other;
    return n === FIRST + other ? FIRST + index : n;
  });
}

export function setColumn(draft: OwnForm, index: number, changes: Partial<OwnColumn>): OwnForm {
  const column = draft.columns[index];
  return column ? { ...draft, columns: draft.columns.with(index, { ...column, ...changes }) } : draft;
}

/** Without what was left blank, as it is sent and kept. */
export function tidy(draft: OwnForm): OwnForm {
  return {
    ...draft,
    name: draft.name.trim(),
    title: draft.title.trim(),
    columns: draft.columns.map(({ title, group, indicator, formula }) => ({
      title: title.trim(),
      ...(group?.trim() ? { group: group.trim() } : {}),
      ...(formula ? { formula } : indicator ? { indicator } : {}),
    })),
  };
}
