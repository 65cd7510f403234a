import type { Grade, Scheme } from '@quanbao/domain/assessment/scheme';
import { Checkbox, InputNumber } from 'antd';

interface Props {
  readonly scheme: Scheme;
  readonly set: (changes: Partial<Scheme>) => void;
  readonly write: boolean;
}

/** From which score, and for how many at most. */
export function Grades({ scheme, set, write }: Props) {
  const change = (at: number, changes: Partial<Grade>): void =>
    set({ grades: scheme.grades.map((grade, i) => (i === at ? { ...grade, ...changes } : grade)) });
  return (
    <section className="card" aria-labelledby="assess-grades">
      <h2 id="assess-grades">等次</h2>
      <table className="data" aria-label="等次">
        <thead>
          <tr>
            <th scope="col">等次</th>
            <th scope="col">得分率起（%）</th>
            <th scope="col">最多占（%）</th>
            <th scope="col">验收</th>
          </tr>
        </thead>
        <tbody>
          {scheme.grades.map((grade, i) => (
            <tr key={grade.code}>
              <td>{grade.title}</td>
              <td>
                <InputNumber
                  aria-label={`${grade.title}起分`}
                  min={0}
                  readOnly={!write}
                  value={grade.from}
                  onChange={(from) => change(i, { from: from ?? 0 })}
                />
              </td>
              <td>
                <InputNumber
                  aria-label={`${grade.title}比例`}
                  min={0}
                  max={100}
                  placeholder="不限"
                  readOnly={!write}
                  value={grade.share ?? null}
                  onChange={(share) => {
                    const { share: _, ...rest } = grade;
                    set({
                      grades: scheme.grades.with(i, share === null ? rest : { ...rest, share }),
                    });
                  }}
                />
              </td>
              <td>
                <Checkbox
                  disabled={!write}
                  checked={grade.passes}
                  onChange={(event) => change(i, { passes: event.target.checked })}
                >
                  合格
                </Checkbox>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted">
        超出比例的按得分率从高到低取，同分的同去同留；占比按能计分的单位数计算，不足一个的舍去。
      </p>
    </section>
  );
}
