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
  /** Messages to patients that were not sent yet. */
  readonly messagesPending: number;
  /** How long the longest waiting of them has been due; 0 when none is. */
  readonly messageOldestDueSeconds: number;
  /** Messages that a gateway may have taken: a person has to settle them. */
  readonly messagesUncertain: number;
  /** How long ago the first attempt at the oldest of them was made; 0 when there is none. */
  readonly messageOldestUncertainSeconds: number;
  /** SMS gateways that are paused, or whose last attempt had no clear answer. */
  readonly gatewaysInTrouble: number;
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
        `SELECT deliveries.pending, coalesce(extract(epoch FROM program_now() - deliveries.due), 0)::float8 AS "oldestDueSeconds",
              (SELECT count(*) FROM delivery WHERE state = 'exhausted') AS exhausted,
              (SELECT count(*) FROM surveillance_event WHERE position IS NULL OR awaiting_relay_since IS NOT NULL) AS "eventsWaiting",
              (SELECT count(*) FROM webhook_endpoint WHERE held_reason IS NOT NULL AND deleted_at IS NULL) AS "endpointsDisabled",
              (SELECT coalesce(sum(found.value::integer), 0) FROM examination, jsonb_each_text(violations) AS found) AS violations,
              (SELECT greatest(0, coalesce(extract(epoch FROM program_now() - min(made_at)), 0))::float8 FROM examination) AS "auditAgeSeconds",
              (SELECT greatest(0, coalesce(extract(epoch FROM program_now() - min(swept_at)), 0))::float8 FROM reminder_sweep) AS "sweepAgeSeconds",
              messages.pending AS "messagesPending", messages.due AS "messageOldestDueSeconds",
              messages.uncertain AS "messagesUncertain", messages.unsettled AS "messageOldestUncertainSeconds",
              (SELECT count(*) FROM message_gateway WHERE timeouts > 0 OR paused_until > program_now()) AS "gatewaysInTrouble"
         FROM (SELECT count(*) AS pending, min(next_attempt_at) FILTER (WHERE next_attempt_at <= program_now()) AS due
                 FROM delivery WHERE state = 'pending') AS deliveries, (${MESSAGES}) AS messages`,
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

const MESSAGES = `
  SELECT count(*) FILTER (WHERE state = 'pending') AS pending,
         greatest(0, coalesce(extract(epoch FROM program_now() - min(next_attempt_at)), 0))::float8 AS due,
         count(*) FILTER (WHERE state = 'uncertain') AS uncertain,
         greatest(0, coalesce(extract(epoch FROM program_now() - min(uncertain_at) FILTER (WHERE state = 'uncertain')), 0))::float8
           AS unsettled
    FROM patient_message WHERE state IN ('pending', 'uncertain')`;
