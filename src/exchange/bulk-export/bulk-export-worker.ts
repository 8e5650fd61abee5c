import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config.js';
import { endProcess, PeriodicTask } from '../../platform/periodic-task.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { workInTurns } from '../../tenancy/hospital-turns.js';
import { KEPT_HOURS } from './bulk-export.js';
import { BulkExportStep } from './bulk-export-step.js';

/** An export takes minutes, so a start within two seconds is soon enough. Each check costs one query over a few rows. */
const CHECK_EVERY_MS = 2000;

/** Works on the exports of all hospitals, one step of each hospital in turn, and removes those whose time is over. */
@Injectable()
export class BulkExportWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(BulkExportWorker.name);
  readonly rounds = new PeriodicTask(() => this.work(), this.logger);
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'role'>,
    private readonly scope: HospitalScope,
    private readonly steps: BulkExportStep,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    this.rounds.every(CHECK_EVERY_MS, endProcess('An export', this.logger));
  }

  /** Ends after the step that is running. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.rounds.stop();
  }

  /** A failed step waits for its next time. */
  private work(): Promise<void> {
    return workInTurns(this.scope, {
      waiting: () => this.hospitalsWithWork(),
      step: () => this.nextStep(),
      isStopping: () => this.stopping,
    });
  }

  private hospitalsWithWork(): Promise<readonly { id: string }[]> {
    return this.scope.askAcrossHospitals(
      `SELECT DISTINCT hospital_id AS id FROM bulk_export, (SELECT program_now() AS now) AS clock
        WHERE (state = 'running' AND retry_at <= now) OR ended_at < now - make_interval(hours => ${KEPT_HOURS})
        ORDER BY hospital_id`,
    );
  }

  private async nextStep(): Promise<boolean> {
    try {
      await this.scope.unaudited(({ db, hospital, now }) =>
        db.query(
          `DELETE FROM bulk_export WHERE hospital_id = $1 AND ended_at < $2::timestamptz - make_interval(hours => ${KEPT_HOURS})`,
          [hospital.id, now],
        ),
      );
      return await this.steps.next();
    } catch (error) {
      this.logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return false;
    }
  }
}
