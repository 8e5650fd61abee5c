import type { Message } from '../guideline/message.js';

/** Answers what is wrong; undefined: nothing. */
export type ReadinessCheck = () => Promise<Message | undefined>;

/** What this process must be able to do, to be ready: each part that can fail adds its check. */
export class Readiness {
  private readonly checks: ReadinessCheck[] = [];

  add(check: ReadinessCheck): void {
    this.checks.push(check);
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
