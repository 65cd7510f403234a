import type { ReactNode } from 'react';

export function Page({
  title,
  back = true,
  onBack = () => history.back(),
  right,
  children,
}: {
  title: string;
  back?: boolean;
  onBack?: () => void;
  right?: ReactNode;
  children: ReactNode;
}) {
  return (
    <>
      <header className="bar">
        {back && (
          <button type="button" className="bar-button" aria-label="返回" onClick={onBack}>
            ‹
          </button>
        )}
        <h1>{title}</h1>
        {right}
      </header>
      <main className="page">{children}</main>
    </>
  );
}

/** Share done, as a ring with its figure in the middle. */
export function Ring({ done, of, label }: { done: number; of: number; label: string }) {
  const share = of === 0 ? 1 : done / of;
  const round = 2 * Math.PI * 26;
  const words = `${label}：${done}／${of}`;
  return (
    <svg className="ring" viewBox="0 0 64 64" role="img" aria-label={words}>
      <title>{words}</title>
      <circle cx="32" cy="32" r="26" fill="none" stroke="#d5dde6" strokeWidth="8" />
      <circle
        cx="32"
        cy="32"
        r="26"
        fill="none"
        stroke="#0b6b3a"
        strokeWidth="8"
        strokeDasharray={`${share * round} ${round}`}
        transform="rotate(-90 32 32)"
      />
      <text
        x="32"
        y="37"
        textAnchor="middle"
        fontSize={share === 1 ? 13 : 15}
        fontWeight="700"
        fill="#10202e"
      >
        {of === 0 ? '—' : `${Math.floor(share * 100)}%`}
      </text>
    </svg>
  );
}

export function Alert({ children, good }: { children: ReactNode; good?: boolean }) {
  return (
    <p className={good ? 'alert good' : 'alert'} role="status">
      {children}
    </p>
  );
}
