import { Injectable } from '@nestjs/common';
import { HospitalScope, notePatient } from '../tenancy/hospital-scope.js';
import { withheld, type Withheld } from '../patients/consent.js';
import type { SurveillanceEvent } from '../schedules/surveillance-event.entity.js';
import type { EventPage, EventsQuery } from './webhook-schemas.js';

type Row = Pick<SurveillanceEvent, 'id' | 'type' | 'data' | 'occurredAt' | 'patientId'> & {
  readonly position: number;
  readonly mrn: string;
  readonly withheld: Withheld | null;
};

/** The feed of events, for systems that poll. */
@Injectable()
export class EventsService {
  constructor(private readonly scope: HospitalScope) {}

  /**
   * The next events after that position, in order. A reader that continues from the last position misses none and
   * sees none twice.
   */
  async since({ after, limit }: EventsQuery): Promise<EventPage> {
    return this.scope.transaction(async (tx) => {
      const rows = await tx.db.query<Row[]>(
        `SELECT e.id, e.type, e.position, e.data, e.occurred_at AS "occurredAt", e.patient_id AS "patientId", p.mrn, ${withheld('p')} AS withheld
           FROM surveillance_event e JOIN patient p ON p.hospital_id = e.hospital_id AND p.id = e.patient_id
          WHERE e.hospital_id = $1 AND e.position > $2 ORDER BY e.position LIMIT $3`,
        [tx.hospital.id, after, limit],
      );
      for (const { patientId } of rows) notePatient(patientId);
      return {
        items: rows.map(({ id, type, position, data, occurredAt, patientId, mrn, withheld: reason }) => ({
          ...{ id, type, position },
          timestamp: occurredAt.toISOString(),
          data: reason === null ? { patientId, mrn, ...data } : { patientId, withheld: reason },
        })),
        after: rows.at(-1)?.position ?? after,
      };
    });
  }
}
