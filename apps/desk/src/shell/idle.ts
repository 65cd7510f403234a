import { useEffect, useRef } from 'react';

/** When a held screen was last touched, in milliseconds: outlives a new load of the page. */
const HELD = 'held-since';

/**
 * Leaves a screen with people on it that nobody has touched for as long as the server would wait.
 * @param held a screen on a wall, which names nobody, stays; whoever leaves it after that time signs in again
 */
export function useIdleSignOut(minutes: number, leave: () => void, held: boolean): void {
  const latest = useRef(leave);
  latest.current = leave;
  useEffect(() => {
    if (held) {
      if (sessionStorage.getItem(HELD) === null) sessionStorage.setItem(HELD, String(Date.now()));
      return;
    }
    const since = sessionStorage.getItem(HELD);
    sessionStorage.removeItem(HELD);
    if (since !== null && Date.now() - Number(since) > minutes * 60_000) {
      latest.current();
      return;
    }
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
  }, [minutes, held]);
}
