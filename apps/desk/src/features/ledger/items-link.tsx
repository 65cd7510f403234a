import { useHere } from '../../shell/here.ts';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';

interface Props {
  readonly n: number;
  /** The filter whose list has as many items. */
  readonly of: Readonly<Record<string, string>>;
}

/** A number of items that opens their list. */
export function ItemsLink({ n, of }: Props) {
  const { href } = useHere();
  if (n === 0) return <span className="muted">0</span>;
  return <Go href={href('/items', of)}>{number(n)}</Go>;
}
