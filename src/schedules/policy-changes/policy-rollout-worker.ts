import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { PeriodicTask } from '../../platform/periodic-task.js';
import { PlanPreviews } from './plan-previews.js';
import { PLANNER_REVISION } from '../../guideline/planner.js';
import { Replanning } from './replanning.js';

// A caller waits for a preview. Each check costs one query over two small indexes.
const LOOK_EVERY_MS = 1000;

// One transaction: it delays the entry of an event by at most about a second.
const REPLANNED_AT_ONCE = 200;

/**
 * Previews and applies plan changes, in all hospitals, one batch of each in turn. It has a timer of its own beside
 * the sweep's: a hundred thousand plans take minutes, and no reminder waits for them.
 */
@Injectable()
export class PolicyRolloutWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(PolicyRolloutWorker.name);
  readonly looks = new PeriodicTask(() => this.work(), this.logger);
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly scope: HospitalScope,
    private readonly previews: PlanPreviews,
    private readonly replanning: Replanning,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    void this.looks.round();
    this.looks.every(LOOK_EVERY_MS);
  }

  /** Ends after the batch that is running. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.looks.stop();
  }

  /**
   * Works until nothing is left: one batch of each hospital in turn. Looks for hospitals after every turn, because one
   * that asks for a preview does not wait until another's thousands of plans are done.
   */
  private async work(): Promise<void> {
    for (let isBusy = true; isBusy;) {
      isBusy = false;
      for (const { id } of await this.hospitalsWithWork()) {
        if (this.stopping) return;
        if (await this.scope.run(id, () => this.step())) isBusy = true;
      }
    }
  }

  private hospitalsWithWork(): Promise<{ id: string }[]> {
    return this.scope.acrossHospitals((db) => db.query(HOSPITALS_WITH_WORK));
  }

  /**
   * One batch of each kind for the hospital in scope; false: nothing to do now. A failure is retried at the next
   * check.
   */
  private async step(): Promise<boolean> {
    try {
      const replanned = await this.replanning.nextBatch(REPLANNED_AT_ONCE);
      if (replanned === 0) await this.replanning.finish();
      const previewed = await this.previews.nextBatch();
      return replanned > 0 || previewed;
    } catch (error) {
      this.logger.error(stackOf(error));
      return false;
    }
  }
}

// Patients behind are looked for whatever the plan change says: one may be registered while a policy comes into force.
const HOSPITALS_WITH_WORK = `
  SELECT h.id FROM hospital h
   WHERE EXISTS (SELECT FROM plan_change c WHERE c.hospital_id = h.id AND c.state IN ('previewing', 'applying', 'undoing'))
      OR EXISTS (SELECT FROM patient p WHERE p.hospital_id = h.id AND p.policy_version < h.policy_version)
      OR EXISTS (SELECT FROM patient p WHERE p.hospital_id = h.id AND p.planner_revision < ${PLANNER_REVISION})
   ORDER BY h.id`;

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
