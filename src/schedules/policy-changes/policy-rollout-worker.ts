import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { workInTurns } from '../../tenancy/hospital-turns.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { PeriodicTask } from '../../platform/periodic-task.js';
import { RolloutPreviews } from './rollout-previews.js';
import { PLANNER_REVISION } from '../../guideline/planner.js';
import { Replanning } from './replanning.js';

// Short, because a person waits for a preview. Each check costs one query over two small indexes.
const CHECK_EVERY_MS = 1000;

// The number of patients in one transaction. It delays a nurse's entry by at most about a second.
const REPLANNED_AT_ONCE = 200;

/**
 * Previews and applies policy rollouts of all hospitals, one batch of each hospital in turn. Its timer is separate
 * from the reminder sweep's: a hundred thousand plans take minutes, and no reminder may wait for them.
 */
@Injectable()
export class PolicyRolloutWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(PolicyRolloutWorker.name);
  readonly rounds = new PeriodicTask(() => this.work(), this.logger);
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly scope: HospitalScope,
    private readonly previews: RolloutPreviews,
    private readonly replanning: Replanning,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    void this.rounds.round();
    this.rounds.every(CHECK_EVERY_MS);
  }

  /** Ends after the batch that is running. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.rounds.stop();
  }

  /** A new preview does not wait until another hospital's thousands of plans are done. */
  private work(): Promise<void> {
    return workInTurns(this.scope, {
      waiting: () => this.hospitalsWithWork(),
      step: () => this.nextBatch(),
      isStopping: () => this.stopping,
    });
  }

  private hospitalsWithWork(): Promise<readonly { id: string }[]> {
    return this.scope.askAcrossHospitals(HOSPITALS_WITH_WORK);
  }

  /**
   * Processes one batch of each kind for the hospital in scope. Returns false if there was no work. A failed batch is
   * retried at the next check.
   */
  private async nextBatch(): Promise<boolean> {
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

// Includes hospitals with stale plans and no running rollout: a patient may be registered while a policy is put in
// force.
const HOSPITALS_WITH_WORK = `
  SELECT h.id FROM hospital h
   WHERE EXISTS (SELECT FROM plan_change c WHERE c.hospital_id = h.id AND c.state IN ('previewing', 'applying', 'undoing'))
      OR EXISTS (SELECT FROM patient p WHERE p.hospital_id = h.id AND p.policy_version < h.policy_version)
      OR EXISTS (SELECT FROM patient p WHERE p.hospital_id = h.id AND p.planner_revision < ${PLANNER_REVISION})
   ORDER BY h.id`;

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
