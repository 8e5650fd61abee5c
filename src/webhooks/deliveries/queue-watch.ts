import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Queues } from '../../platform/queues/queues.js';
import { StandstillWatch, STUCK_AFTER_MS } from '../../platform/queues/standstill-watch.js';
import { DeliveryAttempts } from './delivery-attempts.js';
import type { DueEndpoint } from './delivery-dispatch.js';

// Each uses database connections for a while, and the next watch continues with further ones.
const ENDPOINTS_AT_ONCE = 20;

/** Keeps deliveries moving when the queue does not: one that has not moved for two runs of the watch is attempted without it. */
@Injectable()
export class QueueWatch implements OnModuleDestroy {
  private readonly logger = new Logger(QueueWatch.name);
  private readonly standstill = new StandstillWatch();
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly queues: Queues,
    private readonly attempts: DeliveryAttempts,
  ) {}

  /** Processes due deliveries every 30 seconds, at `nowMs` of the process. Does not wait for the attempts. */
  watch(due: readonly DueEndpoint[], nowMs = performance.now()): void {
    const waiting = due.map(({ endpointId, head, attempts }) => ({
      ...{ key: endpointId, head: `${head}-${attempts}` },
    }));
    const keys = this.standstill.stuck(waiting, nowMs);
    const stuck = due.filter(({ endpointId }) => keys.has(endpointId));
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
      .attemptWithoutQueue({ hospitalId, endpointId })
      .catch((error: unknown) => this.logger.error(`Endpoint ${endpointId}: ${String(error)}`))
      .finally(() => this.running.delete(endpointId));
    this.running.set(endpointId, attempting);
  }
}
