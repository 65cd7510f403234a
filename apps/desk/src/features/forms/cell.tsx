import { useHere } from '../../shell/here.ts';
import { PeopleLink } from '../../shell/people-link.tsx';
import { signed, signedPoints } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import type { Layout, Line } from './contract.ts';

interface Props {
  readonly column: Layout['columns'][number];
  readonly line: Line;
  readonly index: number;
  /** The form it stands in, to go down into a row's own region; none for 合计 and for a preview. */
  readonly opens?: string;
  /** The last table of numbers has regions of its own only when they have a level below. */
  readonly leaf: boolean;
}

export function Cell({ column, line, index, opens, leaf }: Props) {
  const { href } = useHere();
  const text = line.texts[index] ?? '';
  const value = line.values[index];
  if (column.kind === 'name' && opens && !leaf && !line.unplaced && text !== '') {
    return (
      <td className="left">
        <Go href={href(`/forms/${opens}`, { region: line.code })} title={`打开${line.name}的这张表`}>
          {text}
        </Go>
      </td>
    );
  }
  if (column.kind !== 'count' && column.kind !== 'rate') {
    return (
      <td className={column.kind === 'remark' || column.kind === 'name' ? 'left' : undefined}>{text}</td>
    );
  }
  const people = column.kind === 'count' && column.indicator !== null && value !== 0 && value !== null;
  return (
    <td className="number">
      {people ? (
        <PeopleLink
          of={{ indicator: column.indicator, region: line.code, unplaced: line.unplaced || undefined }}
          title={`${line.name} ${column.title}：查看这 ${text} 人`}
        >
          {text}
        </PeopleLink>
      ) : (
        <span title={column.formula ? `第 ${column.number} 栏 = ${column.formula}` : undefined}>{text}</span>
      )}
      <Change change={line.change?.[index]} rate={column.kind === 'rate'} />
    </td>
  );
}

function Change({ change, rate }: { readonly change: number | null | undefined; readonly rate: boolean }) {
  if (change === null || change === undefined) return null;
  const words = rate ? signedPoints(change) : signed(change);
  return <small className={words === '0' ? 'change' : 'change moved'}>{words.replace('个百分点', '')}</small>;
}
