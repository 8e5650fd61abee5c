/** The largest trusted difference between the database's clock and the stopwatch: reminders go by days. */
const TRUSTED_DIFFERENCE_MS = 60 * 60_000;

/** A new time is trusted after so long: the computer slept, or its clock was corrected. */
const TRUSTED_AFTER_MS = 10 * 60_000;

/** The database's clock and the process's own stopwatch at one moment, in milliseconds. */
export interface ClockReading {
  readonly databaseMs: number;
  readonly stopwatchMs: number;
}

/**
 * Whether the time is trusted. `steady`: as before. `jumped`: since the last look the database's clock went on by far more
 * or less than the time that passed. `doubted`: it has jumped lately, and its time is not trusted yet.
 */
export type ClockState = 'steady' | 'jumped' | 'doubted';

/**
 * Notices when the database's clock jumps: by a wrong clock every item would seem overdue. A clock that is wrong from the
 * start of the process it cannot notice.
 */
export class ClockWatch {
  /** How far the database's clock is ahead of the stopwatch, as it is trusted. */
  private trustedMs: number | undefined;
  private doubted: { readonly aheadMs: number; readonly sinceMs: number } | undefined;
  private latest: ClockState = 'steady';

  get state(): ClockState {
    return this.latest;
  }

  look({ databaseMs, stopwatchMs }: ClockReading): ClockState {
    this.latest = this.compare(databaseMs - stopwatchMs, stopwatchMs);
    return this.latest;
  }

  private compare(aheadMs: number, stopwatchMs: number): ClockState {
    if (this.trustedMs === undefined || isNear(aheadMs, this.trustedMs)) return this.trust(aheadMs);
    if (!this.doubted || !isNear(aheadMs, this.doubted.aheadMs)) {
      this.doubted = { aheadMs, sinceMs: stopwatchMs };
      return 'jumped';
    }
    if (stopwatchMs - this.doubted.sinceMs >= TRUSTED_AFTER_MS) return this.trust(aheadMs);
    return 'doubted';
  }

  private trust(aheadMs: number): 'steady' {
    this.trustedMs = aheadMs;
    this.doubted = undefined;
    return 'steady';
  }
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= TRUSTED_DIFFERENCE_MS;
