import type { ReactNode } from 'react';
import { useMay } from '../api/session.ts';
import type { QueryValue } from '../api/url.ts';
import { Go } from '../ui/go.tsx';
import { useHere } from './here.ts';

interface Props {
  /** The question whose answer these people are, beside the page's region and day. */
  readonly of: Readonly<Record<string, QueryValue>>;
  readonly className?: string;
  readonly title?: string;
  readonly label?: string;
  readonly children: ReactNode;
}

/** Opens the people behind a number; whoever may not see people sees the number only. */
export function PeopleLink({ of, className, title, label, children }: Props) {
  const may = useMay();
  const { href } = useHere();
  if (!may('people.read')) {
    return (
      <span className={className} title={title}>
        {children}
      </span>
    );
  }
  return (
    <Go href={href('/people', of)} className={className} title={title} aria-label={label}>
      {children}
    </Go>
  );
}
