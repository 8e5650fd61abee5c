import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from '../platform/http/http.js';

const AGAIN_MS = 1000;
const WAITING_AT_MOST = 1000;

/**
 * Work that the database could not do while it was away: repeated in its order until the database answers, and dropped
 * after `withinMs`. Kept in this process's memory, so `work` must be safe to lose and to repeat.
 */
export class AfterOutage {
  private readonly waiting: { readonly work: () => Promise<void>; readonly untilMs: number }[] = [];
  private isRunning = false;

  constructor(private readonly withinMs: number) {}

  /** Does the work now or, where the database is away, later. */
  async run(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      this.later(work);
    }
  }

  later(work: () => Promise<void>): void {
    if (this.waiting.length >= WAITING_AT_MOST) return;
    this.waiting.push({ work, untilMs: performance.now() + this.withinMs });
    if (!this.isRunning) void this.drain();
  }

  private async drain(): Promise<void> {
    this.isRunning = true;
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      const mayRepeat = await next.work().then(() => false, isBusy);
      if (mayRepeat && performance.now() < next.untilMs) await sleep(AGAIN_MS, undefined, { ref: false });
      else this.waiting.shift();
    }
    this.isRunning = false;
  }
}
