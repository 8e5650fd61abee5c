import { Injectable } from '@nestjs/common';
import { HospitalScope } from '../tenancy/hospital-scope.js';

/** How delivery stands, over all hospitals. */
export interface Figures {
  /** Not yet delivered and not given up. */
  readonly pending: number;
  /** How long the oldest of those whose attempt is due has been waiting for it; 0 when none is. */
  readonly oldestDueSeconds: number;
  /** Test messages given up after ten attempts. */
  readonly exhausted: number;
  /** Events that have not been given their place yet: more than a second's worth means that no worker runs. */
  readonly eventsWaiting: number;
  /** Endpoints that are held: somebody has to see to the receiver. */
  readonly endpointsHeld: number;
  /** What the last nightly examination of each hospital found, all of it together: must be 0. */
  readonly violations: number;
  /** How long ago the examination was made that is the oldest; 0 before the first. */
  readonly examinationAgeSeconds: number;
  /** How long ago the last sweep of the hospital ended where it is longest ago; 0 before the first. */
  readonly sweepAgeSeconds: number;
}

/** An endpoint that takes nothing. */
export interface FailingFigure {
  readonly endpoint: string;
  readonly seconds: number;
}

@Injectable()
export class DeliveryFigures {
  constructor(private readonly scope: HospitalScope) {}

  async read(): Promise<Figures> {
    const [figures] = await this.scope.acrossHospitals((db) =>
      db.query<[Figures]>(
        `SELECT count(*) AS pending,
              coalesce(extract(epoch FROM program_now() - min(next_attempt_at)
                FILTER (WHERE next_attempt_at <= program_now())), 0)::float8 AS "oldestDueSeconds",
              (SELECT count(*) FROM delivery WHERE state = 'exhausted') AS exhausted,
              (SELECT count(*) FROM surveillance_event WHERE position IS NULL OR awaiting_relay_since IS NOT NULL) AS "eventsWaiting",
              (SELECT count(*) FROM webhook_endpoint WHERE held_reason IS NOT NULL AND deleted_at IS NULL) AS "endpointsHeld",
              (SELECT coalesce(sum(found.value::integer), 0) FROM examination, jsonb_each_text(violations) AS found) AS violations,
              (SELECT greatest(0, coalesce(extract(epoch FROM program_now() - min(made_at)), 0))::float8 FROM examination) AS "examinationAgeSeconds",
              (SELECT greatest(0, coalesce(extract(epoch FROM program_now() - min(swept_at)), 0))::float8 FROM reminder_sweep) AS "sweepAgeSeconds"
         FROM delivery WHERE state = 'pending'`,
      ),
    );
    return figures;
  }

  /** Each endpoint that has been failing, and for how long. */
  async failing(): Promise<FailingFigure[]> {
    return this.scope.acrossHospitals((db) =>
      db.query<FailingFigure[]>(
        `SELECT id AS endpoint, extract(epoch FROM program_now() - failing_since)::float8 AS seconds
           FROM webhook_endpoint WHERE failing_since IS NOT NULL AND deleted_at IS NULL ORDER BY id`,
      ),
    );
  }
}
