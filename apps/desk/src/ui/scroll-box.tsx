import type { ReactNode } from 'react';

interface Props {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A box wider or higher than its place: the keyboard reaches it, and the arrows scroll it. */
export function ScrollBox({ label, className = 'scroll-x', children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached without a mouse
    <section className={className} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
