import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { Queues } from '../../platform/queues/queues.js';

/** An endpoint with due deliveries, and the delivery that has waited longest, which distinguishes jobs. */
export interface DueEndpoint {
  readonly hospitalId: string;
  readonly endpointId: string;
  readonly head: string;
  readonly attempts: number;
}

/**
 * Puts due deliveries into the queue. A delivery that the queue refuses or loses is still pending in the database,
 * and the next watch enqueues it again.
 */
@Injectable()
export class DeliveryDispatch implements OnModuleDestroy {
  private readonly logger = new Logger(DeliveryDispatch.name);
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = false;

  constructor(
    private readonly scope: HospitalScope,
    private readonly queues: Queues,
  ) {}

  /**
   * Enqueues every endpoint with a due attempt, and returns them. Logs, and does not throw, when the queue is
   * unreachable.
   */
  async dispatchDue(): Promise<readonly DueEndpoint[]> {
    const due = await this.scope.askAcrossHospitals<DueEndpoint>(
      `SELECT e.hospital_id AS "hospitalId", e.id AS "endpointId", d.id AS head, d.attempts
         FROM webhook_endpoint e, LATERAL (
           SELECT id, attempts FROM delivery
            WHERE hospital_id = e.hospital_id AND endpoint_id = e.id AND state = 'pending' AND next_attempt_at <= (SELECT program_now())
            ORDER BY next_attempt_at, id LIMIT 1) AS d`,
    );
    if (due.length > 0) await this.enqueue(due);
    return due;
  }

  /** The same in the background, after a commit. Never throws. */
  soon(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.dispatchDue()
      .then(() => undefined)
      .catch((error: unknown) => this.logger.error('Deliveries were left to the next watch', stackOf(error)))
      .finally(() => {
        this.running = undefined;
        if (!this.again) return;
        this.again = false;
        this.soon();
      });
  }

  /** Enqueues the endpoint after `delayMs`. */
  async later(endpoint: DueEndpoint, delayMs: number): Promise<void> {
    await this.enqueue([endpoint], delayMs);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async enqueue(endpoints: readonly DueEndpoint[], delayMs?: number): Promise<void> {
    // Another head makes another job: a running job at the endpoint must not block deliveries that become due
    // meanwhile. A delayed job must not block the watch's job, which may come earlier when the clock is moved.
    const suffix = delayMs === undefined ? '' : '-delayed';
    try {
      await this.queues.add(
        'webhook-endpoint',
        endpoints.map(({ hospitalId, endpointId, head, attempts }) => ({
          id: `${endpointId}-${head}-${attempts}${suffix}`,
          data: { hospitalId, endpointId },
          ...(delayMs === undefined ? {} : { delayMs }),
        })),
      );
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.logger.warn(`What is due at ${endpoints.length} endpoints is left to the next watch: ${why}`);
    }
  }
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
