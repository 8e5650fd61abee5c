import { Injectable, Logger } from '@nestjs/common';
import { DateTime } from 'luxon';
import { HospitalScope } from '../tenancy/hospital-scope.js';
import { ClockWatch, type ClockState } from './clock-watch.js';

/** Compares the database's clock with the stopwatch of this process. Work that depends on dates checks it first. */
@Injectable()
export class TrustedClock {
  private readonly watch = new ClockWatch();
  private readonly logger = new Logger(TrustedClock.name);

  constructor(private readonly scope: HospitalScope) {}

  get state(): ClockState {
    return this.watch.state;
  }

  /** All hospitals; none while the database's clock is in doubt. Logs an error when the clock jumps. */
  async hospitals(): Promise<readonly { readonly id: string }[]> {
    const hospitals = await this.scope.acrossHospitals((db) =>
      db.query<{ id: string; databaseMs: number }[]>(
        'SELECT id, extract(epoch FROM clock_timestamp())::float8 * 1000 AS "databaseMs" FROM hospital ORDER BY id',
      ),
    );
    const [first] = hospitals;
    if (!first) return [];
    const stopwatchMs = Number(process.hrtime.bigint() / 1_000_000n);
    const state = this.watch.look({ databaseMs: first.databaseMs, stopwatchMs });
    if (state === 'jumped')
      this.logger.error(
        `The database's clock has jumped (it says ${DateTime.fromMillis(first.databaseMs).toISO()}): no reminder is recorded ` +
          'until it goes back, or has stood for ten minutes. If it is right, a new start of the worker believes it at once.',
      );
    return state === 'steady' ? hospitals : [];
  }
}
