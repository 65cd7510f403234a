import { Button, Input } from 'antd';
import { ColumnNumbers, type Editing } from './columns.tsx';
import type { OwnForm } from './contract.ts';

const MOST = 20;

/** What must hold in every row before the form may be submitted. */
export function Checks({ draft, onChange }: Editing) {
  const set = (index: number, changes: Partial<OwnForm['checks'][number]>): void => {
    const check = draft.checks[index];
    if (check) onChange({ ...draft, checks: draft.checks.with(index, { ...check, ...changes }) });
  };
  return (
    <section className="card" aria-labelledby="checks">
      <h2 id="checks">核对关系</h2>
      {draft.checks.length === 0 && <p className="muted">还没有。例如：第 3 栏应等于第 4、5 栏之和。</p>}
      {draft.checks.map((check, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a check is its place, its fields hold no state
        <div key={index} className="check">
          <ColumnNumbers
            label={`核对 ${index + 1} 左边`}
            draft={draft}
            value={check.left}
            onChange={(left) => set(index, { left })}
          />
          <span>之和 = </span>
          <ColumnNumbers
            label={`核对 ${index + 1} 右边`}
            draft={draft}
            value={check.right}
            onChange={(right) => set(index, { right })}
          />
          <span>之和</span>
          <Input
            aria-label={`核对 ${index + 1} 不符时的说明`}
            placeholder="不符时怎么说"
            maxLength={120}
            value={check.message}
            onChange={(event) => set(index, { message: event.target.value })}
          />
          <Button danger onClick={() => onChange({ ...draft, checks: draft.checks.toSpliced(index, 1) })}>
            删除
          </Button>
        </div>
      ))}
      <Button
        disabled={draft.checks.length >= MOST}
        onClick={() =>
          onChange({ ...draft, checks: [...draft.checks, { left: [], right: [], message: '' }] })
        }
      >
        加一条核对
      </Button>
    </section>
  );
}
