import { setImmediate } from 'node:timers/promises';

/** About how long a loop computes before everything else in the process has its turn, in milliseconds. */
const LONGEST_MS = 5;

/**
 * Keeps a long loop from stalling other requests: `await turns.next()` in each round gives the event loop back once
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

/** What `work` returns for `size` of these at a time, one batch after the other, with a turn for everything else between them. */
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

/** What `work` returns for each of these, computed with turns for everything else. */
export async function inTurns<T, R>(all: readonly T[], work: (one: T) => R): Promise<R[]> {
  const done: R[] = [];
  const turns = new Turns();
  for (const one of all) {
    await turns.next();
    done.push(work(one));
  }
  return done;
}
