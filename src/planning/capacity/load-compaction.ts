import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config.js';
import { PeriodicTask } from '../../platform/periodic-task.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { compactLoads } from './ward-load.js';

// A busy ward appends some thousand rows in this time, which a reader adds up in milliseconds.
const EVERY_MS = 60_000;

/** Adds up the counted loads of all hospitals from time to time. Without it answers stay right, and become slower. */
@Injectable()
export class LoadCompaction implements OnApplicationBootstrap, OnModuleDestroy {
  readonly rounds = new PeriodicTask(() => this.compact(), new Logger(LoadCompaction.name));
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly scope: HospitalScope,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api') this.rounds.every(EVERY_MS);
  }

  /** Ends after the transaction that is running. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.rounds.stop();
  }

  async compact(): Promise<void> {
    const hospitals = await this.scope.acrossHospitals((db) =>
      db.query<{ id: string }[]>('SELECT id FROM hospital ORDER BY id'),
    );
    for (const { id } of hospitals)
      while (!this.stopping && (await this.scope.run(id, () => this.scope.unaudited(compactLoads))));
  }
}
