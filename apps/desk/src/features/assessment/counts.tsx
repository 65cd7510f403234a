import { useHere } from '../../shell/here.ts';
import { IndicatorLink } from '../../shell/indicator-link.tsx';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import type { Count, LineView } from './contract.ts';

interface Props {
  readonly of: readonly Count[];
  readonly region: string;
  readonly day: string;
}

/** The two numbers of a rate, each opening whom or what it counts on the day of the round. */
export function Counts({ of, region, day }: Props) {
  if (of.length === 0) return null;
  const place = /^\d{6,}$/.test(region) ? { region } : {};
  return (
    <small className="assess-sub">
      {of.map((count, i) => (
        <span key={count.code} title={count.name}>
          {i > 0 && ' / '}
          <IndicatorLink code={count.code} {...place} asOf={day}>
            {number(count.value)}
          </IndicatorLink>
        </span>
      ))}
      <br />
      {of.map(({ name }) => name).join(' ÷ ')}
    </small>
  );
}

/** The reports and orders behind a number that the county's records count. */
export function Papers({ of }: { readonly of: LineView['papers'] }) {
  const { href } = useHere();
  return of.map(({ text, address }) => (
    <small key={text} className="assess-sub">
      {address === '' ? text : <Go href={href(address)}>{text}</Go>}
    </small>
  ));
}
