import { Injectable } from '@nestjs/common';
import { inAllRecords } from '../patients/merged-records.js';
import { PatientsService } from '../patients/patients.service.js';
import { nextCursor } from '../platform/http/paging.js';
import { HospitalScope } from '../tenancy/hospital-scope.js';
import { MESSAGE_ROWS, type MessageRow, messageViews } from './message-rows.js';
import type { MessagesQuery, PatientMessagesView } from './messages-view.js';

/** The messages to a patient, and what became of them. */
@Injectable()
export class PatientMessages {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
  ) {}

  /** The newest first, also those to records that were merged into this one. */
  async list(patientId: string, { cursor, limit }: MessagesQuery): Promise<PatientMessagesView> {
    return this.scope.transaction(async (tx) => {
      await this.patients.find(tx, patientId);
      const rows = await inAllRecords(tx, patientId, (records) =>
        tx.db.query<MessageRow[]>(ROWS, [
          ...[tx.hospital.id, records, limit + 1],
          ...(cursor ?? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff']),
        ]),
      );
      return {
        items: await messageViews(tx, rows.slice(0, limit)),
        nextCursor: nextCursor(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]),
      };
    });
  }
}

// A cursor has milliseconds, as the rows have.
const ROWS = `${MESSAGE_ROWS} AND m.patient_id = ANY ($2)
     AND (date_trunc('milliseconds', m.created_at), m.id) < ($4::timestamptz, $5::uuid)
   ORDER BY date_trunc('milliseconds', m.created_at) DESC, m.id DESC LIMIT $3`;
