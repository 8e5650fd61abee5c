import { Logger } from '@nestjs/common';
import { runAs } from './running-work.js';

/** The action when a round has run for so long that it is considered stuck. */
export interface Stuck {
  readonly afterMs: number;
  readonly then: () => void;
}

// Far longer than any round, such as the first sweep over a hundred thousand patients.
const STUCK_AFTER_MS = 30 * 60_000;

/** Ends the process when a round of `what` is stuck; the supervisor then starts a new process. */
export const endProcess = (what: string, logger: Logger): Stuck => ({
  afterMs: STUCK_AFTER_MS,
  then: () => {
    logger.error(`${what} has not ended for half an hour: this process ends, to be started again.`);
    process.exit(1);
  },
});

/** Periodic work of a process: one round at a time. A failed round does not end the task. */
export class PeriodicTask {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private begunAtMs = 0;
  private failing: { readonly sinceMs: number; readonly message: string } | undefined;

  /** Errors of `work` go to the `logger`, and the next round tries again. The logger's context names the work. */
  constructor(
    private readonly work: () => Promise<void>,
    private readonly logger: Logger,
  ) {}

  /** Starts a round in this interval; skips it while the previous one still runs. */
  every(milliseconds: number, stuck?: Stuck): void {
    this.timer = setInterval(() => {
      if (stuck && this.running && performance.now() - this.begunAtMs >= stuck.afterMs) stuck.then();
      void this.round();
    }, milliseconds);
  }

  /** Starts a round unless one is running; resolves at its end. Never throws. */
  async round(): Promise<void> {
    if (!this.running) this.begunAtMs = performance.now();
    this.running ??= runAs({ name: NamedLogger.nameOf(this.logger) }, this.work)
      .then(
        () => (this.failing = undefined),
        (error: unknown) => {
          this.failing = { sinceMs: performance.now(), message: messageOf(error), ...this.failing };
          this.logger.error(describe(error));
        },
      )
      .then(() => undefined)
      .finally(() => {
        this.running = undefined;
      });
    await this.running;
  }

  /** What has failed in every round for this long; undefined: nothing. */
  failureFor(milliseconds: number): string | undefined {
    const { failing } = this;
    return failing && performance.now() - failing.sinceMs >= milliseconds ? failing.message : undefined;
  }

  /** Resolves when no round is running. */
  async idle(): Promise<void> {
    await this.running;
  }

  /** Starts no more rounds; resolves at the end of the running one. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }
}

/** The framework keeps the name of a logger to its subclasses. */
class NamedLogger extends Logger {
  static nameOf(logger: NamedLogger): string {
    return logger.context ?? 'background work';
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function describe(error: unknown): string {
  if (error instanceof AggregateError) return [error.message, ...error.errors.map(describe)].join('\n');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
