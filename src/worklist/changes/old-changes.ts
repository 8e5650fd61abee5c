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
import { deleteOldPresence } from './presence.js';
import { deleteOldChanges } from './recorded-changes.js';

const LOOK_EVERY_MS = 600_000;
const BATCH = 1000;

/** In a worker process: deletes changes that are older than a day, and presence that has run out. */
@Injectable()
export class OldChanges implements OnApplicationBootstrap, OnModuleDestroy {
  readonly rounds = new PeriodicTask(() => this.deleteAll(), new Logger(OldChanges.name));
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly scope: HospitalScope,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api') this.rounds.every(LOOK_EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.rounds.stop();
  }

  async deleteAll(): Promise<void> {
    const hospitals = await this.scope.acrossHospitals((db) =>
      db.query<{ id: string }[]>('SELECT id FROM hospital ORDER BY id'),
    );
    for (const { id } of hospitals)
      for (const deleteNext of [deleteOldChanges, deleteOldPresence])
        while (
          !this.stopping &&
          (await this.scope.run(id, () => this.scope.transaction((tx) => deleteNext(tx, BATCH)))) === BATCH
        );
  }
}
