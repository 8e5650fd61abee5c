import { setImmediate } from 'node:timers/promises';

/** How many milliseconds a loop computes before it yields to the rest of the process. */
const LONGEST_MS = 5;

/**
 * Keeps a long loop from blocking other requests: `await turns.next()` in each round yields to the event loop after
 * the loop has computed for `LONGEST_MS`.
 */
export class Turns {
  private began = performance.now();

  async next(): Promise<void> {
    if (performance.now() - this.began < LONGEST_MS) return;
    await setImmediate();
    this.began = performance.now();
  }
}

/**
 * Runs `work` on batches of `size`, one after the other, and yields to the event loop between them. Returns the
 * concatenated results.
 */
export async function inBatches<T, R>(
  all: readonly T[],
  size: number,
  work: (batch: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const done: R[] = [];
  const turns = new Turns();
  for (let at = 0; at < all.length; at += size) {
    await turns.next();
    for (const one of await work(all.slice(at, at + size))) done.push(one);
  }
  return done;
}

/** Runs `work` on each item and yields to the event loop in between. Returns the results. */
export async function inTurns<T, R>(all: readonly T[], work: (one: T, at: number) => R): Promise<R[]> {
  const done: R[] = [];
  const turns = new Turns();
  for (const [at, one] of all.entries()) {
    await turns.next();
    done.push(work(one, at));
  }
  return done;
}
