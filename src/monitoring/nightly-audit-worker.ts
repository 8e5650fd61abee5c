import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config.js';
import { endProcess, PeriodicTask } from '../platform/periodic-task.js';
import { NightlyAudit } from './nightly-audit.js';

const LOOK_EVERY_MS = 30_000;

/** In a worker process: checks every 30 seconds which hospitals' nightly delivery audit is due. */
@Injectable()
export class NightlyAuditWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(NightlyAuditWorker.name);
  readonly audits: PeriodicTask;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    audit: NightlyAudit,
  ) {
    this.audits = new PeriodicTask(() => audit.auditDue(), this.logger);
  }

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    this.audits.every(LOOK_EVERY_MS, endProcess('A delivery audit', this.logger));
  }

  async onModuleDestroy(): Promise<void> {
    await this.audits.stop();
  }
}
