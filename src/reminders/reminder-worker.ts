import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { HospitalScope } from '../access/hospital-scope.js';
import { CONFIG, type Config } from '../config.js';
import { Queues } from '../queues.js';
import { DeliveryAttempts } from './delivery-attempts.js';
import { ReminderSweep } from './reminder-sweep.js';

const SWEEP_EVERY_MS = 30_000;

// Most of an attempt is waiting for the receiver; each holds a connection of the database only before and after.
const ATTEMPTS_AT_ONCE = 20;

/**
 * What a worker process does of itself: it sweeps at once and every 30 seconds, by its own timer, and makes
 * the attempts that the queue hands out. Ends gracefully: running attempts are finished and recorded.
 */
@Injectable()
export class ReminderWorker implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly logger = new Logger(ReminderWorker.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly scope: HospitalScope,
    private readonly queues: Queues,
    private readonly attempts: DeliveryAttempts,
    private readonly reminderSweep: ReminderSweep,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    this.queues.startWorker('webhook-delivery', ATTEMPTS_AT_ONCE, ({ hospitalId, deliveryId }) =>
      this.scope.run(hospitalId, () => this.attempts.attempt(deliveryId)),
    );
    this.sweep();
    this.timer = setInterval(() => this.sweep(), SWEEP_EVERY_MS);
  }

  /** Begins a sweep unless one is running. What fails in it is logged here, and the next one tries again. */
  private sweep(): void {
    this.running ??= this.reminderSweep
      .sweep()
      .catch((error: unknown) => this.logger.error(describe(error)))
      .finally(() => {
        this.running = undefined;
      });
  }

  /** Resolves once no sweep is running. */
  async idle(): Promise<void> {
    await this.running;
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.idle();
    await this.queues.stopWorkers();
  }

  // After the last request: one that is still answered may add a job.
  async onApplicationShutdown(): Promise<void> {
    await this.queues.close();
  }
}

function describe(error: unknown): string {
  if (error instanceof AggregateError) return [error.message, ...error.errors.map(describe)].join('\n');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
