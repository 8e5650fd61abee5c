import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { HospitalScope } from '../access/hospital-scope.js';
import { Queues } from '../queues.js';

const BATCH = 1000;

interface DueDelivery {
  id: string;
  hospitalId: string;
  attempts: number;
  /** As text: a Date has no microseconds, and the next page would begin with this row again. */
  at: string;
}

/**
 * Puts due deliveries into the queue. What the queue does not take, or forgets, is still pending in the
 * database, and the next sweep offers it again.
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

  /** Offers all deliveries whose time has come. A queue that cannot be reached is logged, not thrown. */
  async dispatchDue(): Promise<void> {
    let after = { at: '-infinity', id: '00000000-0000-0000-0000-000000000000' };
    for (;;) {
      const due = await this.scope.acrossHospitals((db) =>
        db.query<DueDelivery[]>(
          `SELECT id, hospital_id AS "hospitalId", attempts, next_attempt_at::text AS at FROM delivery
          WHERE state = 'pending' AND next_attempt_at <= program_now()
            AND (next_attempt_at, id) > ($1::timestamptz, $2::uuid)
          ORDER BY next_attempt_at, id LIMIT ${BATCH}`,
          [after.at, after.id],
        ),
      );
      const last = due.at(-1);
      if (!last || !(await this.enqueue(due))) return;
      after = last;
    }
  }

  /** Does the same without being waited for, after a commit. Never throws. */
  soon(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.dispatchDue()
      .catch((error: unknown) => this.logger.error('Deliveries were left to the next sweep', stackOf(error)))
      .finally(() => {
        this.running = undefined;
        if (!this.again) return;
        this.again = false;
        this.soon();
      });
  }

  /** Offers one delivery when `delayMs` have passed. */
  async later(
    delivery: { id: string; hospitalId: string; attempts: number },
    delayMs: number,
  ): Promise<void> {
    await this.enqueue([delivery], delayMs);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async enqueue(
    deliveries: readonly { id: string; hospitalId: string; attempts: number }[],
    delayMs?: number,
  ): Promise<boolean> {
    // The number of attempts makes it another job once an attempt was made. A delayed job must not keep out
    // the sweep's, which may come earlier when the clock is moved.
    const suffix = delayMs === undefined ? '' : '-delayed';
    try {
      await this.queues.add(
        'webhook-delivery',
        deliveries.map(({ id, hospitalId, attempts }) => ({
          id: `${id}-${attempts}${suffix}`,
          data: { hospitalId, deliveryId: id },
          ...(delayMs === undefined ? {} : { delayMs }),
        })),
      );
      return true;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.logger.warn(`${deliveries.length} deliveries are left to the next sweep: ${why}`);
      return false;
    }
  }
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
