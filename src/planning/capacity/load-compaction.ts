import { Injectable } from '@nestjs/common';
import { HospitalRounds } from '../../tenancy/hospital-rounds.js';
import { compactLoads } from './ward-load.js';

/** Adds up the counted loads of all hospitals from time to time. Without it answers stay right, and become slower. */
@Injectable()
export class LoadCompaction extends HospitalRounds {
  // A busy ward appends some thousand rows in this time, which a reader adds up in milliseconds.
  protected readonly everyMs = 60_000;

  protected async visit(): Promise<void> {
    while (this.mayContinue && (await this.scope.unaudited(compactLoads)));
  }
}
