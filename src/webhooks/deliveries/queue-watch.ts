import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Queues } from '../../platform/queues/queues.js';
import { DeliveryAttempts } from './delivery-attempts.js';
import type { DueEndpoint } from './delivery-dispatch.js';

/** Longer than the time between two watches. */
const STUCK_AFTER_MS = 55_000;

// Each uses database connections for a while, and the next watch continues with further ones.
const ENDPOINTS_AT_ONCE = 20;

/** The first due delivery of an endpoint, and since when it is the first. */
interface Seen {
  readonly head: string;
  readonly attempts: number;
  readonly sinceMs: number;
}

/**
 * Keeps deliveries moving when the queue does not: a worker can be connected and get no jobs, and a job can run without
 * end. A delivery that has not moved for two runs of the watch is attempted without the queue.
 */
@Injectable()
export class QueueWatch implements OnModuleDestroy {
  private readonly logger = new Logger(QueueWatch.name);
  private seen = new Map<string, Seen>();
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly queues: Queues,
    private readonly attempts: DeliveryAttempts,
  ) {}

  /** Processes due deliveries every 30 seconds, at `nowMs` of the process. Does not wait for the attempts. */
  watch(due: readonly DueEndpoint[], nowMs = performance.now()): void {
    const before = this.seen;
    this.seen = new Map(due.map((endpoint) => [endpoint.endpointId, seenAt(endpoint, before, nowMs)]));
    const stuck = due.filter(({ endpointId }) => {
      const seen = this.seen.get(endpointId);
      return seen !== undefined && nowMs - seen.sinceMs >= STUCK_AFTER_MS;
    });
    if (stuck.length === 0) return;
    if (this.queues.idleForMs('webhook-endpoint', nowMs) >= STUCK_AFTER_MS) {
      this.logger.warn(
        'The workers of the queue received no jobs although messages are due: they are replaced.',
      );
      this.queues.replaceWorkers(nowMs);
    }
    this.logger.warn(
      `The due deliveries of ${stuck.length} endpoints have not moved: they are attempted without the queue.`,
    );
    for (const endpoint of stuck.slice(0, ENDPOINTS_AT_ONCE)) this.attempt(endpoint);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.running.values());
  }

  private attempt({ hospitalId, endpointId }: DueEndpoint): void {
    if (this.running.has(endpointId)) return;
    const attempting = this.attempts
      .attemptJob({ hospitalId, endpointId })
      .catch((error: unknown) => this.logger.error(`Endpoint ${endpointId}: ${String(error)}`))
      .finally(() => this.running.delete(endpointId));
    this.running.set(endpointId, attempting);
  }
}

function seenAt(
  { endpointId, head, attempts }: DueEndpoint,
  before: ReadonlyMap<string, Seen>,
  nowMs: number,
): Seen {
  const seen = before.get(endpointId);
  return seen?.head === head && seen.attempts === attempts ? seen : { head, attempts, sinceMs: nowMs };
}
