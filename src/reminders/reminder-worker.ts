import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { HospitalScope } from '../tenancy/hospital-scope.js';
import { CONFIG, type Config } from '../platform/config.js';
import type { Message } from '../guideline/message.js';
import { msg } from '../platform/messages/dictionary.js';
import { Readiness } from '../platform/readiness.js';
import { Queues } from '../platform/queues/queues.js';
import { PeriodicTask, type Stuck } from '../platform/periodic-task.js';
import { DeliveryAttempts } from '../webhooks/deliveries/delivery-attempts.js';
import { EventRelay } from '../webhooks/deliveries/event-relay.js';
import { ReminderSweep } from './reminder-sweep.js';

const SWEEP_EVERY_MS = 30_000;
const RELAY_EVERY_MS = 1000;

// Far more than the first sweep over a hundred thousand patients takes.
const STUCK_AFTER_MS = 30 * 60_000;

// One sweep that fails is made up for by the next.
const FAILING_MS = SWEEP_EVERY_MS + 15_000;

// Most of the time they wait for receivers; each holds a connection of the database only before and after.
const ENDPOINTS_AT_ONCE = 20;

/**
 * What a worker process does of itself: it sweeps at once and every 30 seconds, by its own timer, passes on each second
 * what happened, and makes the attempts that the queue hands out. Ends gracefully: running attempts are finished and
 * recorded.
 */
@Injectable()
export class ReminderWorker implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly logger = new Logger(ReminderWorker.name);
  readonly sweeps: PeriodicTask;
  readonly relays: PeriodicTask;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly scope: HospitalScope,
    private readonly queues: Queues,
    private readonly attempts: DeliveryAttempts,
    private readonly readiness: Readiness,
    sweep: ReminderSweep,
    relay: EventRelay,
  ) {
    this.sweeps = new PeriodicTask(() => sweep.sweep(), this.logger);
    this.relays = new PeriodicTask(() => relay.relay(), this.logger);
  }

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    this.readiness.add(() => this.whyNothingIsDelivered());
    this.queues.startWorker('webhook-endpoint', ENDPOINTS_AT_ONCE, ({ hospitalId, endpointId }) =>
      this.scope.run(hospitalId, () => this.attempts.attemptDue(endpointId)),
    );
    void this.sweeps.round();
    this.sweeps.every(SWEEP_EVERY_MS, this.endWhenStuck('sweep'));
    this.relays.every(RELAY_EVERY_MS, this.endWhenStuck('passing on of events'));
  }

  private async whyNothingIsDelivered(): Promise<Message | undefined> {
    const fault = await this.queues.fault();
    if (fault !== undefined) return fault;
    const failure = this.sweeps.failureFor(FAILING_MS) ?? this.relays.failureFor(FAILING_MS);
    return failure === undefined ? undefined : msg('reminders-not-sought', { detail: failure });
  }

  /** A process whose work does not go on is worth less than the one that whoever supervises it starts in its place. */
  private endWhenStuck(what: string): Stuck {
    return {
      afterMs: STUCK_AFTER_MS,
      then: () => {
        this.logger.error(
          `A ${what} has not ended for half an hour: this process ends, to be started again.`,
        );
        process.exit(1);
      },
    };
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.sweeps.stop(), this.relays.stop()]);
    await this.queues.stopWorkers();
  }

  // After the last request: one that is still answered may add a job.
  async onApplicationShutdown(): Promise<void> {
    await this.queues.close();
  }
}
