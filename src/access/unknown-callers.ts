import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';

const EVERY_MS = 60_000;
const ADDRESSES_NAMED = 100;

/**
 * Calls without a valid credential belong to no hospital, and so to no hospital's audit trail. They are logged in one
 * line a minute, so that guessing cannot fill a disk.
 */
@Injectable()
export class UnknownCallers implements OnModuleDestroy {
  private readonly logger = new Logger('Unauthenticated');
  private readonly calls = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  count(address: string): void {
    const named = this.calls.has(address) || this.calls.size < ADDRESSES_NAMED ? address : 'elsewhere';
    this.calls.set(named, (this.calls.get(named) ?? 0) + 1);
    this.timer ??= setTimeout(() => this.report(), EVERY_MS).unref();
  }

  /** Logs and returns the counts since the last time; undefined when there were none. */
  report(): string | undefined {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.calls.size === 0) return undefined;
    const line = [...this.calls].map(([address, calls]) => `${calls} from ${address}`).join(', ');
    this.calls.clear();
    this.logger.warn(`Calls without a valid credential in the last minute: ${line}.`);
    return line;
  }

  onModuleDestroy(): void {
    this.report();
  }
}
