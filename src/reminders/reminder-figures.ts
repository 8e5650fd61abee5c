import { Injectable } from '@nestjs/common';
import { HospitalScope } from '../access/hospital-scope.js';

/** How delivery stands, over all hospitals. */
export interface DeliveryFigures {
  /** Not yet delivered and not given up. */
  readonly pending: number;
  /** How long the oldest of those whose attempt is due has been waiting for it; 0 when none is. */
  readonly oldestDueSeconds: number;
  /** Given up after ten attempts: someone has to look. */
  readonly exhausted: number;
}

@Injectable()
export class ReminderFigures {
  constructor(private readonly scope: HospitalScope) {}

  async read(): Promise<DeliveryFigures> {
    const [figures] = await this.scope.acrossHospitals((db) =>
      db.query<[DeliveryFigures]>(
        `SELECT count(*) AS pending,
              coalesce(extract(epoch FROM program_now() - min(next_attempt_at)
                FILTER (WHERE next_attempt_at <= program_now())), 0)::float8 AS "oldestDueSeconds",
              (SELECT count(*) FROM delivery WHERE state = 'exhausted') AS exhausted
         FROM delivery WHERE state = 'pending'`,
      ),
    );
    return figures;
  }
}
