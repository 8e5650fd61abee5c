import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config.js';
import { msg } from '../platform/messages/dictionary.js';
import { endProcess, PeriodicTask } from '../platform/periodic-task.js';
import { Queues } from '../platform/queues/queues.js';
import { Readiness } from '../platform/readiness.js';
import { Tracing } from '../platform/tracing/tracing.js';
import { MessageAttempts } from './sending/message-attempts.js';
import { MessageDispatch } from './sending/message-dispatch.js';
import { MessageSweep } from './sending/message-sweep.js';

const SWEEP_EVERY_MS = 30_000;
const DISPATCH_EVERY_MS = 2000;
const FAILING_MS = SWEEP_EVERY_MS + 15_000;

// Most of the time the attempts wait for gateways. A stalled gateway takes one of these, and its pause gives it back.
const HOSPITALS_AT_ONCE = 20;

/** In a worker process: finds the messages to patients, and makes their attempts. Running attempts end and are recorded. */
@Injectable()
export class MessageWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(MessageWorker.name);
  readonly sweeps: PeriodicTask;
  readonly dispatches: PeriodicTask;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly queues: Queues,
    private readonly attempts: MessageAttempts,
    private readonly readiness: Readiness,
    private readonly tracing: Tracing,
    sweep: MessageSweep,
    dispatch: MessageDispatch,
  ) {
    this.sweeps = new PeriodicTask(() => sweep.sweep(), this.logger);
    this.dispatches = new PeriodicTask(() => dispatch.dispatchDue(), this.logger);
  }

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    this.readiness.add(() => {
      const failure = this.sweeps.failureFor(FAILING_MS) ?? this.dispatches.failureFor(FAILING_MS);
      return Promise.resolve(
        failure === undefined ? undefined : msg('messages-not-sent', { detail: failure }),
      );
    });
    this.queues.startWorker('patient-messages', HOSPITALS_AT_ONCE, (job) =>
      this.tracing.trace('patient messages', { hospital: job.hospitalId }, () =>
        this.attempts.attemptJob(job),
      ),
    );
    void this.sweeps.round();
    this.sweeps.every(SWEEP_EVERY_MS, endProcess('A sweep of messages', this.logger));
    this.dispatches.every(DISPATCH_EVERY_MS, endProcess('A dispatch of messages', this.logger));
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.sweeps.stop(), this.dispatches.stop()]);
  }
}
