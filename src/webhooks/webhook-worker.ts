import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Message } from '../guideline/message.js';
import { CONFIG, type Config } from '../platform/config.js';
import { msg } from '../platform/messages/dictionary.js';
import { endProcess, PeriodicTask } from '../platform/periodic-task.js';
import { Queues } from '../platform/queues/queues.js';
import { Readiness } from '../platform/readiness.js';
import { Tracing } from '../platform/tracing/tracing.js';
import { DeliveryAttempts } from './deliveries/delivery-attempts.js';
import { DeliveryWatch } from './deliveries/delivery-watch.js';
import { EventRelay } from './deliveries/event-relay.js';
import { ENDPOINTS_AT_ONCE } from './deliveries/hospital-places.js';

// A recorded reminder waits at most this long for its delivery. Each check costs one query over two small indexes.
const RELAY_EVERY_MS = 50;
// Then it looks again which hospitals wait, so that new records of one do not wait for all of another.
const RELAYED_WITHIN_MS = 1000;
const WATCH_EVERY_MS = 30_000;

const FAILING_MS = WATCH_EVERY_MS + 15_000;

/**
 * In a worker process: relays records, makes the attempts of the queue's jobs, and watches over endpoints and queue
 * by timers of its own. Shuts down gracefully: running attempts end and are recorded.
 */
@Injectable()
export class WebhookWorker implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly logger = new Logger(WebhookWorker.name);
  readonly relays: PeriodicTask;
  readonly watches: PeriodicTask;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly queues: Queues,
    private readonly attempts: DeliveryAttempts,
    private readonly readiness: Readiness,
    private readonly tracing: Tracing,
    relay: EventRelay,
    watch: DeliveryWatch,
  ) {
    this.relays = new PeriodicTask(() => relay.relay(RELAYED_WITHIN_MS), this.logger);
    this.watches = new PeriodicTask(() => watch.watch(), this.logger);
  }

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    this.readiness.add(() => this.fault());
    this.queues.startWorker('webhook-endpoint', ENDPOINTS_AT_ONCE, (job) =>
      this.tracing.trace('webhook deliveries', { hospital: job.hospitalId }, () =>
        this.attempts.attemptJob(job),
      ),
    );
    void this.watches.round();
    this.watches.every(WATCH_EVERY_MS, endProcess('A watch over deliveries', this.logger));
    this.relays.every(RELAY_EVERY_MS, endProcess('A relay of events', this.logger));
  }

  private async fault(): Promise<Message | undefined> {
    const fault = await this.queues.fault();
    if (fault !== undefined) return fault;
    const failure = this.relays.failureFor(FAILING_MS) ?? this.watches.failureFor(FAILING_MS);
    return failure === undefined ? undefined : msg('messages-not-relayed', { detail: failure });
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.relays.stop(), this.watches.stop()]);
    await this.queues.stopWorkers();
  }

  // After the last request: a running request may add a job.
  async onApplicationShutdown(): Promise<void> {
    await this.queues.close();
  }
}
