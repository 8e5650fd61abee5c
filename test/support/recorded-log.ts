import type { LoggerService } from '@nestjs/common';

// Tests move the clock by days between two steps, and the nightly delivery audit may run in between.
const EXAMINATION = 'Doctor';

/**
 * The log of the applications of one test file. It is not printed: a test that provokes errors reads them, and one
 * that does not fails when there are any.
 */
export class RecordedLog implements LoggerService {
  private errors: string[] = [];
  private warnings: string[] = [];

  log(): void {}
  debug(): void {}
  verbose(): void {}

  warn(message: unknown): void {
    this.warnings.push(text(message));
  }

  error(message: unknown, ...more: (string | undefined)[]): void {
    if (more.at(-1) === EXAMINATION) return;
    const [stack] = more;
    const line = message instanceof Error ? (message.stack ?? message.message) : text(message);
    this.errors.push(stack?.includes('\n') ? `${line}\n${stack}` : line);
  }

  fatal(message: unknown): void {
    this.error(message);
  }

  /** The errors since the last call. */
  takeErrors(): readonly string[] {
    const taken = this.errors;
    this.errors = [];
    return taken;
  }

  /** The warnings since the last call. */
  takeWarnings(): readonly string[] {
    return this.warnings.splice(0);
  }

  /** Call it after the application has ended. */
  refuseErrors(): void {
    const errors = this.takeErrors();
    if (errors.length > 0)
      throw new Error(
        `The application logged errors. If the test provokes them, it has to expect them (t.takeErrors()):\n${errors.join('\n')}`,
      );
  }
}

const text = (message: unknown): string => (typeof message === 'string' ? message : JSON.stringify(message));
