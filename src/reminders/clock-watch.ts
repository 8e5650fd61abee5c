/** So far may the database's clock stray from a clock that nobody sets: reminders go by days. */
const STRAYS_AT_MOST_MS = 60 * 60_000;

/** A new time that has stood for so long is believed: the computer slept, or somebody set the clock right. */
const BELIEVED_AFTER_MS = 10 * 60_000;

/** What the database's clock and the process's own stopwatch said at one moment, in milliseconds. */
export interface ClockReading {
  readonly databaseMs: number;
  readonly stopwatchMs: number;
}

/**
 * Whether the time is to be believed. `steady`: as far as before. `jumped`: since the last look the database's clock went
 * on by far more or less than the time that passed. `doubted`: it has jumped lately, and the time is not believed yet.
 */
export type ClockState = 'steady' | 'jumped' | 'doubted';

/**
 * Notices when the database's clock jumps: by a wrong one everything would seem overdue, and everybody would be told so.
 * What was wrong when the process began it cannot know.
 */
export class ClockWatch {
  /** How far the database's clock is ahead of the stopwatch, as it is believed. */
  private believedMs: number | undefined;
  private doubted: { readonly aheadMs: number; readonly sinceMs: number } | undefined;
  private latest: ClockState = 'steady';

  get state(): ClockState {
    return this.latest;
  }

  look({ databaseMs, stopwatchMs }: ClockReading): ClockState {
    this.latest = this.judge(databaseMs - stopwatchMs, stopwatchMs);
    return this.latest;
  }

  private judge(aheadMs: number, stopwatchMs: number): ClockState {
    if (this.believedMs === undefined || isNear(aheadMs, this.believedMs)) return this.believe(aheadMs);
    if (!this.doubted || !isNear(aheadMs, this.doubted.aheadMs)) {
      this.doubted = { aheadMs, sinceMs: stopwatchMs };
      return 'jumped';
    }
    if (stopwatchMs - this.doubted.sinceMs >= BELIEVED_AFTER_MS) return this.believe(aheadMs);
    return 'doubted';
  }

  private believe(aheadMs: number): 'steady' {
    this.believedMs = aheadMs;
    this.doubted = undefined;
    return 'steady';
  }
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= STRAYS_AT_MOST_MS;
