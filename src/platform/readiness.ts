import type { Message } from '../guideline/message.js';

/** Answers what is wrong; undefined: nothing. */
export type ReadinessCheck = () => Promise<Message | undefined>;

/** What this process must be able to do, to be ready: each part that can fail adds its check. */
export class Readiness {
  private readonly checks: ReadinessCheck[] = [];
  private readonly warningChecks: (() => Message | undefined)[] = [];

  add(check: ReadinessCheck): void {
    this.checks.push(check);
  }

  /** What does not keep the process from working, and somebody has to know. */
  addWarning(check: () => Message | undefined): void {
    this.warningChecks.push(check);
  }

  warnings(): Message[] {
    return this.warningChecks.flatMap((check) => check() ?? []);
  }

  /** The first thing that is wrong; undefined: nothing. */
  async fault(): Promise<Message | undefined> {
    for (const check of this.checks) {
      const fault = await check();
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}
