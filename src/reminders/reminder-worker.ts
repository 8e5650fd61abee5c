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
import { Readiness } from '../platform/readiness.js';
import { ReminderSweep } from './reminder-sweep.js';

const SWEEP_EVERY_MS = 30_000;
// A reminder that becomes due while one hospital has very many is recorded by the next sweep, not after all of those. The
// last batch ends before that sweep is to begin.
const SWEPT_WITHIN_MS = 20_000;

// The next sweep compensates for a failed one.
const FAILING_MS = SWEEP_EVERY_MS + 15_000;

/** In a worker process: sweeps for due reminders immediately and every 30 seconds. */
@Injectable()
export class ReminderWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ReminderWorker.name);
  readonly sweeps: PeriodicTask;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly readiness: Readiness,
    sweep: ReminderSweep,
  ) {
    this.sweeps = new PeriodicTask(() => sweep.sweep(SWEPT_WITHIN_MS), this.logger);
  }

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    this.readiness.add(() => {
      const failure = this.sweeps.failureFor(FAILING_MS);
      return Promise.resolve(
        failure === undefined ? undefined : msg('reminders-not-sought', { detail: failure }),
      );
    });
    void this.sweeps.round();
    this.sweeps.every(SWEEP_EVERY_MS, endProcess('A sweep', this.logger));
  }

  async onModuleDestroy(): Promise<void> {
    await this.sweeps.stop();
  }
}
