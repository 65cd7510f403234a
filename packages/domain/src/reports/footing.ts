import { applyFormula, type CellValue, type FormColumn, type FormDefinition, type FormRow } from './forms.ts';

/** Why a table may not be submitted. */
export interface FootingFailure {
  /** Names the rule: `annex4.3=4+5`. */
  readonly check: string;
  readonly code: string;
  readonly name: string;
  readonly message: string;
}

interface Rule {
  readonly check: string;
  readonly words: string;
  /** Needs counts that no column prints. */
  readonly beside?: true;
  readonly holds: (n: (column: number) => number, extra: (indicator: string) => number) => boolean;
}

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  annex4: [
    { check: '3=4+5', words: '第3栏应等于第4栏与第5栏之和', holds: (n) => n(3) === n(4) + n(5) },
    {
      check: '4=registered+17+18+not-asked',
      beside: true,
      words: '第4栏应等于已参保登记、第17栏、第18栏与尚未摸底人数之和',
      holds: (n, extra) => n(4) === extra('registered') + n(17) + n(18) + extra('not-asked'),
    },
  ],
  annex5: [
    { check: '5<=4', words: '第5栏不得大于第4栏', holds: (n) => n(5) <= n(4) },
    { check: '4<=3', words: '第4栏不得大于第3栏', holds: (n) => n(4) <= n(3) },
    {
      check: 'due-paid<=due-payers<=4',
      beside: true,
      words: '应缴人员中已缴费人数不得大于应缴人员，应缴人员不得大于第4栏',
      holds: (n, extra) => extra('due-paid') <= extra('due-payers') && extra('due-payers') <= n(4),
    },
    {
      check: 'due-paid<=5',
      beside: true,
      words: '应缴人员中已缴费人数不得大于第5栏',
      holds: (n, extra) => extra('due-paid') <= n(5),
    },
  ],
};

function ownRules(form: FormDefinition): Rule[] {
  return (form.checks ?? []).map(({ left, right, message }) => ({
    check: `${left.join('+')}=${right.join('+')}`,
    words: message,
    holds: (n) => left.reduce((a, c) => a + n(c), 0) === right.reduce((a, c) => a + n(c), 0),
  }));
}

function formulaText({ number, formula }: FormColumn): string {
  const sign = { sum: '+', difference: '-', ratio: '/' };
  return formula ? `${number}=${formula.of.join(sign[formula.op])}` : '';
}

function isCount(value: CellValue | undefined): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Every rule each row and the 合计 must keep; an empty list means the table foots. */
export function checkForm(form: FormDefinition, rows: readonly FormRow[], total: FormRow): FootingFailure[] {
  const failures: FootingFailure[] = [];
  for (const row of [...rows, total]) {
    const report = (check: string, message: string): void => {
      failures.push({
        check: `${form.code}.${check}`,
        code: row.code,
        name: row.name,
        message: `${row.name}：${message}`,
      });
    };
    for (const column of form.columns) {
      const value = row.cells[column.number];
      if (column.kind === 'count' && !isCount(value))
        report(`${column.number}>=0`, `第${column.number}栏应为不小于0的整数`);
      if (!column.formula) continue;
      const expected = applyFormula(column.formula, row.cells);
      if (value !== expected)
        report(formulaText(column), `第${column.number}栏应为 ${expected ?? '—'}，表中为 ${value ?? '—'}`);
    }
    // Without the counts beside the cells (a form read back from a file) only the printed columns are checked.
    const extra = row.extra;
    for (const rule of [...(RULES[form.code] ?? []), ...ownRules(form)]) {
      if (!extra && rule.beside) continue;
      if (
        !rule.holds(
          (c) => Number(row.cells[c] ?? 0),
          (i) => extra?.[i] ?? 0,
        )
      )
        report(rule.check, rule.words);
    }
  }
  const addUp = (name: string, check: string, of: (row: FormRow) => number): void => {
    const expected = rows.reduce((a, row) => a + of(row), 0);
    if (of(total) === expected) return;
    const message = `合计：${name}各行相加为 ${expected}，合计为 ${of(total)}`;
    failures.push({ check: `${form.code}.total.${check}`, code: total.code, name: total.name, message });
  };
  for (const { kind, number } of form.columns) {
    if (kind === 'count') addUp(`第${number}栏`, String(number), (row) => Number(row.cells[number] ?? 0));
  }
  if (total.extra) for (const code of form.extras) addUp(code, code, (row) => row.extra?.[code] ?? 0);
  return failures;
}

type Rows = { readonly rows: readonly FormRow[]; readonly total: FormRow };

/** 附件4 and 附件5 of the same region and day say the same of everybody in scope. */
export function checkTogether(annex4: Rows, annex5: Rows): FootingFailure[] {
  const failures: FootingFailure[] = [];
  const key = (row: FormRow): string => `${row.code} ${row.name}`;
  const others = new Map([...annex5.rows, annex5.total].map((row) => [key(row), row]));
  for (const row of [...annex4.rows, annex4.total]) {
    const other = others.get(key(row));
    const fail = (check: string, message: string): void => {
      failures.push({
        check: `annex4.${check}`,
        code: row.code,
        name: row.name,
        message: `${row.name}：${message}`,
      });
    };
    if (other === undefined) {
      fail('annex5', '附件5没有这一行');
      continue;
    }
    const n = (of: FormRow, column: number): number => Number(of.cells[column] ?? 0);
    if (n(row, 4) !== n(other, 3))
      fail('4=annex5.3', `附件4第4栏 ${n(row, 4)} 应等于附件5第3栏 ${n(other, 3)}`);
    if (!row.extra) continue;
    if (row.extra.registered !== n(other, 4))
      fail('registered=annex5.4', `附件4已参保登记 ${row.extra.registered} 应等于附件5第4栏 ${n(other, 4)}`);
    const waiting = n(row, 17) + n(row, 18) + (row.extra['not-asked'] ?? 0);
    if (waiting !== n(other, 7))
      fail(
        '17+18+not-asked=annex5.7',
        `附件4第17、18栏与尚未摸底共 ${waiting} 应等于附件5第7栏 ${n(other, 7)}`,
      );
  }
  return failures;
}

/** What a town's own form adds up to is what the county's form says of the town. */
export function checkAgainstParent(
  form: FormDefinition,
  parentRow: FormRow,
  total: FormRow,
): FootingFailure[] {
  return form.columns
    .filter(({ kind, number }) => kind === 'count' && total.cells[number] !== parentRow.cells[number])
    .map(({ number }) => ({
      check: `${form.code}.parent.${number}`,
      code: parentRow.code,
      name: parentRow.name,
      message: `${parentRow.name}：第${number}栏本级表合计为 ${total.cells[number]}，上级表为 ${parentRow.cells[number]}`,
    }));
}
