import { useEffect, useRef } from 'react';

/** Leaves a screen with people on it that nobody has touched for as long as the server would wait. */
export function useIdleSignOut(minutes: number, leave: () => void): void {
  const latest = useRef(leave);
  latest.current = leave;
  useEffect(() => {
    let touched = performance.now();
    const touch = (): void => {
      touched = performance.now();
    };
    const look = setInterval(() => {
      if (performance.now() - touched > minutes * 60_000) latest.current();
    }, 15_000);
    window.addEventListener('pointerdown', touch);
    window.addEventListener('keydown', touch);
    return () => {
      clearInterval(look);
      window.removeEventListener('pointerdown', touch);
      window.removeEventListener('keydown', touch);
    };
  }, [minutes]);
}
