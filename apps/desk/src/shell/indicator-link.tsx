import { indicatorAddress } from '@quanbao/domain/indicators/address';
import type { ReactNode } from 'react';
import { useMay } from '../api/session.ts';
import { Go } from '../ui/go.tsx';
import { useHere } from './here.ts';

interface Props {
  readonly code: string;
  /** Those of the page where nothing else is said. */
  readonly region?: string;
  readonly asOf?: string;
  readonly className?: string;
  readonly label?: string;
  readonly children: ReactNode;
}

/** Opens what an indicator's number counts: people, items, or of a rate its definition with its two numbers. */
export function IndicatorLink({ code, region, asOf, className, label, children }: Props) {
  const may = useMay();
  const { href } = useHere();
  const { path, query } = indicatorAddress(code);
  const there = { ...query, ...(region && { region }), ...(asOf && { asOf }) };
  // Whoever sees no people is shown how the number is made instead.
  const address =
    path === '/indicators' || may('people.read')
      ? href(path, there)
      : href('/indicators', { ...there, indicator: code });
  return (
    <Go href={address} className={className} aria-label={label}>
      {children}
    </Go>
  );
}
