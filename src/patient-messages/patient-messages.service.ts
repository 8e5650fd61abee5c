import { Injectable } from '@nestjs/common';
import { inAllRecords } from '../patients/merged-records.js';
import { PatientsService } from '../patients/patients.service.js';
import { nextCursor } from '../platform/http/paging.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { seesIdentity } from '../tenancy/rights.js';
import {
  type MessagesQuery,
  MOST_ATTEMPTS_SHOWN,
  type PatientMessagesView,
  type PatientMessageView,
} from './messages-view.js';

interface Row extends Omit<PatientMessageView, 'nextAttemptAt' | 'sentAt' | 'createdAt'> {
  readonly nextAttemptAt: Date | null;
  readonly sentAt: Date | null;
  readonly createdAt: Date;
}

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
        tx.db.query<Row[]>(ROWS, [
          ...[tx.hospital.id, records, limit + 1],
          ...(cursor ?? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff']),
        ]),
      );
      const page = await opened(tx, rows.slice(0, limit));
      return {
        items: page,
        nextCursor: nextCursor(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]),
      };
    });
  }
}

// A cursor has milliseconds, as the rows have.
const ROWS = `
  SELECT m.id, m.occasion, m.about_on AS "aboutOn", m.item_ids AS "itemIds", m.appointment_id AS "appointmentId", m.channel, m.route,
         m.state, m.reason, m.number, m.relative_id AS "relativeId", m.text, m.reference, m.attempts,
         m.next_attempt_at AS "nextAttemptAt", m.sent_at AS "sentAt", m.created_at AS "createdAt",
         coalesce((SELECT jsonb_agg(a) FROM (
           SELECT number, to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "startedAt", outcome, status, error
             FROM patient_message_attempt WHERE hospital_id = m.hospital_id AND message_id = m.id
            ORDER BY number DESC LIMIT ${MOST_ATTEMPTS_SHOWN}) AS a), '[]') AS "lastAttempts"
    FROM patient_message m
   WHERE m.hospital_id = $1 AND m.patient_id = ANY ($2)
     AND (date_trunc('milliseconds', m.created_at), m.id) < ($4::timestamptz, $5::uuid)
   ORDER BY date_trunc('milliseconds', m.created_at) DESC, m.id DESC LIMIT $3`;

async function opened(tx: HospitalTransaction, rows: readonly Row[]): Promise<PatientMessageView[]> {
  const sees = seesIdentity(tx.caller);
  const keys = await tx.keys(rows.flatMap(({ number, text }) => [number, text]));
  const open = (row: string, column: 'number' | 'text', value: string | null): string | null =>
    value === null || !sees ? null : keys.open(value, { table: 'patient_message', column, row });
  return rows.map((row) => {
    const text = open(row.id, 'text', row.text);
    return {
      ...row,
      number: open(row.id, 'number', row.number),
      text: text === null ? null : (JSON.parse(text) as { text: string }).text,
      nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
      sentAt: row.sentAt?.toISOString() ?? null,
      createdAt: row.createdAt.toISOString(),
    };
  });
}
