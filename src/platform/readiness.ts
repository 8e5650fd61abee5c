import type { Message } from '../guideline/message.js';

/** Returns what is wrong; undefined: nothing. */
export type ReadinessCheck = () => Promise<Message | undefined>;

/** The conditions for a process to be ready. Each part that can fail adds its check. */
export class Readiness {
  /** Whether the process has begun to end. It still serves, and asks that its calls be sent elsewhere. */
  isEnding = false;
  private readonly checks: ReadinessCheck[] = [];
  private readonly warningChecks: (() => Message | undefined)[] = [];

  add(check: ReadinessCheck): void {
    this.checks.push(check);
  }

  /** Problems that do not stop the process but that an operator must know about. */
  addWarning(check: () => Message | undefined): void {
    this.warningChecks.push(check);
  }

  warnings(): Message[] {
    return this.warningChecks.flatMap((check) => check() ?? []);
  }

  /** The first problem; undefined: none. */
  async fault(): Promise<Message | undefined> {
    for (const check of this.checks) {
      const fault = await check();
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}
