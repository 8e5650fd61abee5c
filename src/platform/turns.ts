import { setImmediate } from 'node:timers/promises';

/** About how long a loop computes before everything else in the process has its turn, in milliseconds. */
const LONGEST_MS = 15;

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
