import { Injectable } from '@nestjs/common';
import { HospitalRounds } from '../../tenancy/hospital-rounds.js';
import { deleteOldPresence } from './presence.js';
import { deleteOldChanges } from './recorded-changes.js';

const BATCH = 1000;

/** Deletes changes that are older than a day, and presence that has run out. */
@Injectable()
export class OldChanges extends HospitalRounds {
  protected readonly everyMs = 600_000;

  protected async visit(): Promise<void> {
    for (const deleteNext of [deleteOldChanges, deleteOldPresence])
      while (this.mayContinue && (await this.scope.transaction((tx) => deleteNext(tx, BATCH))) === BATCH);
  }
}
