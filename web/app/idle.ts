import { useEffect } from 'react';

const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
const LOOK_EVERY_MS = 10_000;

// `performance.now` may stop while a computer sleeps.
// eslint-disable-next-line no-restricted-syntax
const wallClock = (): number => Date.now();

/** Calls `onIdle` when the page was not used for so many minutes; also right after the computer woke up. */
export function useIdle(minutes: number | undefined, onIdle: () => void): void {
  useEffect(() => {
    if (minutes === undefined) return;
    let usedAt = wallClock();
    const note = (): void => {
      usedAt = wallClock();
    };
    const look = (): void => {
      if (wallClock() - usedAt > minutes * 60_000) onIdle();
    };
    for (const sign of SIGNS) addEventListener(sign, note, { passive: true });
    document.addEventListener('visibilitychange', look);
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
      for (const sign of SIGNS) removeEventListener(sign, note);
    };
  }, [minutes, onIdle]);
}
