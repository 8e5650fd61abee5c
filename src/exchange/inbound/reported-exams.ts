import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { ReportKey } from './applied-change.js';

export interface ReportedExam {
  readonly patientId: string;
  /** The event that the report became; undefined where the report was taken back. */
  readonly eventId: string | undefined;
  /** ISO 8601 as the report has it: of two versions, the later one counts. */
  readonly reportedAt: string;
  /** The message or resource that the version came from. */
  readonly messageId: string;
}

/** Which recorded exam a report became, so that a correction replaces it, in whatever order the two arrive. */
@Injectable()
export class ReportedExams {
  async find(
    { db, hospital }: HospitalTransaction,
    { report, activity }: ReportKey,
  ): Promise<ReportedExam | undefined> {
    const [row] = await db.query<(Omit<ReportedExam, 'eventId'> & { eventId: string | null })[]>(
      `SELECT patient_id AS "patientId", event_id AS "eventId", reported_at AS "reportedAt", message_id AS "messageId" FROM reported_exam
        WHERE hospital_id = $1 AND report = $2 AND activity = $3 FOR UPDATE`,
      [hospital.id, report, activity],
    );
    return row && { ...row, eventId: row.eventId ?? undefined };
  }

  async store(
    { db, hospital }: HospitalTransaction,
    { report, activity }: ReportKey,
    { patientId, eventId, reportedAt, messageId }: ReportedExam,
  ): Promise<void> {
    await db.query(
      `INSERT INTO reported_exam (hospital_id, report, activity, patient_id, event_id, reported_at, message_id, id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (hospital_id, report, activity) DO UPDATE
         SET patient_id = excluded.patient_id, event_id = excluded.event_id, reported_at = excluded.reported_at, message_id = excluded.message_id`,
      [hospital.id, report, activity, patientId, eventId ?? null, reportedAt, messageId, uuidv7()],
    );
  }
}
