/**
 * The largest trusted difference between the database's clock and the stopwatch. Reminders depend on days, so minutes
 * do not matter.
 */
const TRUSTED_DIFFERENCE_MS = 60 * 60_000;

/** A new time is trusted after this long: the computer was suspended, or its clock was corrected. */
const TRUSTED_AFTER_MS = 10 * 60_000;

/** The database's clock and the process's own stopwatch at one moment, in milliseconds. */
export interface ClockReading {
  readonly databaseMs: number;
  readonly stopwatchMs: number;
}

/**
 * Whether the time is trusted. `steady`: as before. `jumped`: since the last reading the database's clock advanced by
 * far more or less than the elapsed time. `doubted`: it jumped recently, and its time is not trusted yet.
 */
export type ClockState = 'steady' | 'jumped' | 'doubted';

/**
 * Detects jumps of the database's clock, because a wrong clock would make every item overdue. It cannot detect a
 * clock that was wrong when the process started.
 */
export class ClockWatch {
  /** How far the trusted database clock is ahead of the stopwatch. */
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
