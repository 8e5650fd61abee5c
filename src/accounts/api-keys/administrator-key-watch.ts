import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PeriodicTask } from '../../platform/periodic-task.js';
import { administratorKeysInUse } from '../../tenancy/administrator-keys-in-use.js';
import { eachHospital } from '../../tenancy/each-hospital.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';

const DAY_MS = 86_400_000;

/** Logs a warning at the start and each day while an unneeded administrator secret is active. */
@Injectable()
export class AdministratorKeyWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(AdministratorKeyWatch.name);
  private readonly rounds = new PeriodicTask(() => this.warn(), this.logger);

  constructor(private readonly scope: HospitalScope) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.rounds.round();
    this.rounds.every(DAY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    await this.rounds.stop();
  }

  /** Logs one warning for each such key. */
  async warn(): Promise<void> {
    const hospitals = await this.scope.acrossHospitals((db) =>
      db.query<{ id: string }[]>('SELECT id FROM hospital ORDER BY id'),
    );
    await eachHospital(this.scope, hospitals, 'The watch over keys', async (id) => {
      const keys = await this.scope.unaudited(({ db }) => administratorKeysInUse(db, id));
      for (const key of keys)
        this.logger.warn(
          `Hospital ${id} has an administrator, and its administrator secret ${key.id} may still do everything. ` +
            `Revoke it: DELETE /api/v1/api-keys/${key.id}, by an operator.`,
        );
    });
  }
}
