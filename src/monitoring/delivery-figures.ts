import { Injectable } from '@nestjs/common';
import { HospitalScope } from '../tenancy/hospital-scope.js';

/** The state of delivery over all hospitals. */
export interface Figures {
  /** Not yet delivered and not given up. */
  readonly pending: number;
  /** How long the oldest delivery with a due attempt has waited for it; 0 when none is due. */
  readonly oldestDueSeconds: number;
  /** Test messages given up after ten attempts. */
  readonly exhausted: number;
  /** Events that wait for the relay. A large number for a long time means that no worker runs. */
  readonly eventsWaiting: number;
  /** Disabled endpoints: their receivers need attention. */
  readonly endpointsDisabled: number;
  /** The violations in the last nightly audits of all hospitals: must be 0. */
  readonly violations: number;
  /** The age of the oldest of these audits; 0 before the first. */
  readonly auditAgeSeconds: number;
  /** The time since the oldest last sweep of a hospital; 0 before the first. */
  readonly sweepAgeSeconds: number;
}

/** A failing endpoint. */
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
              (SELECT count(*) FROM webhook_endpoint WHERE held_reason IS NOT NULL AND deleted_at IS NULL) AS "endpointsDisabled",
              (SELECT coalesce(sum(found.value::integer), 0) FROM examination, jsonb_each_text(violations) AS found) AS violations,
              (SELECT greatest(0, coalesce(extract(epoch FROM program_now() - min(made_at)), 0))::float8 FROM examination) AS "auditAgeSeconds",
              (SELECT greatest(0, coalesce(extract(epoch FROM program_now() - min(swept_at)), 0))::float8 FROM reminder_sweep) AS "sweepAgeSeconds"
         FROM delivery WHERE state = 'pending'`,
      ),
    );
    return figures;
  }

  /** The failing endpoints, and for how long they have failed. */
  async failing(): Promise<FailingFigure[]> {
    return this.scope.acrossHospitals((db) =>
      db.query<FailingFigure[]>(
        `SELECT id AS endpoint, extract(epoch FROM program_now() - failing_since)::float8 AS seconds
           FROM webhook_endpoint WHERE failing_since IS NOT NULL AND deleted_at IS NULL ORDER BY id`,
      ),
    );
  }
}
