import { indicators } from '@quanbao/contract/reports';
import { Button, Input, Select } from 'antd';
import { useRead } from '../../api/queries.ts';
import type { OwnForm } from './contract.ts';
import { FIRST, moveColumn, type Op, type OwnColumn, removeColumn, setColumn } from './draft.ts';

export interface Editing {
  readonly draft: OwnForm;
  readonly onChange: (draft: OwnForm) => void;
}

const OPS: readonly { value: 'indicator' | Op; label: string }[] = [
  { value: 'indicator', label: '指标' },
  { value: 'sum', label: '各栏相加' },
  { value: 'difference', label: '两栏相减' },
  { value: 'ratio', label: '两栏相除（率）' },
];
const MOST = 30;

/** What each column prints: an indicator, or a formula over other columns. */
export function Columns({ draft, onChange }: Editing) {
  const { data } = useRead(indicators, {});
  const choices = (['count', 'rate'] as const).map((kind) => ({
    label: kind === 'count' ? '人数' : '率',
    options: (data?.items ?? [])
      .filter((one) => one.kind === kind)
      .map((one) => ({ value: one.code, label: one.name, title: one.definition })),
  }));
  const nameOf = (code: string) => data?.items.find((one) => one.code === code)?.name ?? '';
  return (
    <section className="card" aria-labelledby="columns">
      <h2 id="columns">栏目</h2>
      <p className="muted">
        第 1 栏行政代码、第 2 栏行政区划是固定的。相邻几栏的上级栏名相同时，合并成一个表头。
      </p>
      <div className="scroll-x">
        <table className="editor">
          <thead>
            <tr>
              <th scope="col">栏次</th>
              <th scope="col">栏名</th>
              <th scope="col">上级栏名</th>
              <th scope="col">取数</th>
              <th scope="col">指标或栏次</th>
              <th scope="col">顺序</th>
            </tr>
          </thead>
          <tbody>
            {draft.columns.map((column, index) => {
              const number = FIRST + index;
              const set = (changes: Partial<OwnColumn>) => onChange(setColumn(draft, index, changes));
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place, its fields hold no state
                <tr key={index}>
                  <td>{number}</td>
                  <td>
                    <Input
                      aria-label={`第${number}栏栏名`}
                      value={column.title}
                      maxLength={60}
                      onChange={(event) => set({ title: event.target.value })}
                    />
                  </td>
                  <td>
                    <Input
                      aria-label={`第${number}栏上级栏名`}
                      value={column.group}
                      maxLength={60}
                      onChange={(event) => set({ group: event.target.value })}
                    />
                  </td>
                  <td>
                    <Select
                      aria-label={`第${number}栏取数`}
                      value={column.formula?.op ?? 'indicator'}
                      options={[...OPS]}
                      onChange={(op: 'indicator' | Op) =>
                        set(
                          op === 'indicator'
                            ? { formula: undefined }
                            : { indicator: undefined, formula: { op, of: column.formula?.of ?? [] } },
                        )
                      }
                    />
                  </td>
                  <td>
                    {column.formula ? (
                      <ColumnNumbers
                        label={`第${number}栏的算式`}
                        draft={draft}
                        except={number}
                        value={column.formula.of}
                        onChange={(of) => set({ formula: { op: column.formula?.op ?? 'sum', of } })}
                      />
                    ) : (
                      <Select
                        aria-label={`第${number}栏的指标`}
                        showSearch
                        optionFilterProp="label"
                        placeholder="选一个指标"
                        value={column.indicator ?? null}
                        options={choices}
                        onChange={(indicator: string | null) =>
                          indicator && set({ indicator, title: column.title || nameOf(indicator) })
                        }
                      />
                    )}
                  </td>
                  <td className="row-actions">
                    <Button
                      size="small"
                      disabled={index === 0}
                      onClick={() => onChange(moveColumn(draft, index, -1))}
                    >
                      上移
                    </Button>
                    <Button
                      size="small"
                      disabled={index === draft.columns.length - 1}
                      onClick={() => onChange(moveColumn(draft, index, 1))}
                    >
                      下移
                    </Button>
                    <Button
                      size="small"
                      danger
                      disabled={draft.columns.length === 1}
                      onClick={() => onChange(removeColumn(draft, index))}
                    >
                      删除
                    </Button>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <Button
        disabled={draft.columns.length >= MOST}
        onClick={() => onChange({ ...draft, columns: [...draft.columns, { title: '' }] })}
      >
        加一栏
      </Button>
    </section>
  );
}

interface NumbersProps {
  readonly label: string;
  readonly draft: OwnForm;
  readonly except?: number;
  readonly value: readonly number[];
  readonly onChange: (numbers: number[]) => void;
}

/** Columns by number, in the order they are chosen: 3 − 4 is not 4 − 3. */
export function ColumnNumbers({ label, draft, except, value, onChange }: NumbersProps) {
  const options = draft.columns
    .map((column, index) => ({ value: FIRST + index, label: `${FIRST + index} ${column.title}` }))
    .filter((option) => option.value !== except);
  return (
    <Select
      mode="multiple"
      aria-label={label}
      placeholder="依次选栏次"
      value={[...value]}
      options={options}
      optionFilterProp="label"
      onChange={onChange}
    />
  );
}
