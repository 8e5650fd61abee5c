import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** A resource of another system and the record that it became. */
export interface SourceLink {
  readonly type: string;
  /** SHA-256 of what makes it the same resource (`sourceOf`): of one length, and nothing of the patient to read. */
  readonly source: string;
  /** The id that the program gave to it; stays the same when a correction replaces the event. */
  readonly resourceId: string;
  /** The id by which its record is shown: of the event in force, with the place of a value in it. */
  readonly currentId: string;
  readonly patientId: string;
  /** The event in force; null: it was taken back, or is no event. */
  readonly eventId: string | null;
  readonly appointmentId: string | null;
  /** SHA-256 of the version that was applied last. */
  readonly digest: string;
  /** UTC instant of that version, or empty: of two versions, the later one counts. */
  readonly reportedAt: string;
}

const COLUMNS = `resource_type AS type, source, resource_id AS "resourceId", current_id AS "currentId", patient_id AS "patientId", event_id AS "eventId",
  appointment_id AS "appointmentId", digest, reported_at AS "reportedAt"`;

/** Which resource became which record. */
@Injectable()
export class SourceLinks {
  /** Requests about the same resource wait for each other until the transaction ends. */
  async lock({ db, hospital }: HospitalTransaction, type: string, source: string): Promise<void> {
    await db.query(`SELECT pg_advisory_xact_lock(hashtextextended('fhir ' || $1, 0))`, [
      JSON.stringify([hospital.id, type, source]),
    ]);
  }

  async bySource(
    { db, hospital }: HospitalTransaction,
    type: string,
    source: string,
  ): Promise<SourceLink | undefined> {
    const [row] = await db.query<SourceLink[]>(
      `SELECT ${COLUMNS} FROM fhir_source WHERE hospital_id = $1 AND resource_type = $2 AND source = $3`,
      [hospital.id, type, source],
    );
    return row;
  }

  /** By the id that it was given, or the one by which its record is shown now. */
  async byId(
    { db, hospital }: HospitalTransaction,
    type: string,
    id: string,
  ): Promise<SourceLink | undefined> {
    const [row] = await db.query<SourceLink[]>(
      `SELECT ${COLUMNS} FROM fhir_source WHERE hospital_id = $1 AND resource_type = $2 AND (resource_id = $3 OR current_id = $3)
        ORDER BY resource_id = $3 DESC, id LIMIT 1`,
      [hospital.id, type, id],
    );
    return row;
  }

  /** Inserts the link, or what changed of it. */
  async store(
    { db, hospital, now }: HospitalTransaction,
    link: SourceLink,
    messageId: string,
  ): Promise<void> {
    await db.query(
      `INSERT INTO fhir_source (hospital_id, id, resource_type, source, resource_id, current_id, patient_id, event_id, appointment_id,
         digest, reported_at, message_id, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
       ON CONFLICT (hospital_id, resource_type, source) DO UPDATE
         SET current_id = excluded.current_id, patient_id = excluded.patient_id, event_id = excluded.event_id, appointment_id = excluded.appointment_id,
             digest = excluded.digest, reported_at = excluded.reported_at,
             message_id = excluded.message_id, updated_at = excluded.updated_at`,
      [
        ...[hospital.id, uuidv7(), link.type, link.source, link.resourceId, link.currentId, link.patientId],
        ...[link.eventId, link.appointmentId, link.digest, link.reportedAt, messageId, now],
      ],
    );
  }

  /** Resources that became the same event follow it to the event that replaces it. */
  async moveEvent({ db, hospital }: HospitalTransaction, from: string, to: string | null): Promise<void> {
    await db.query(
      `UPDATE fhir_source SET event_id = $3::uuid, current_id = coalesce($3::uuid::text || substr(current_id, 37), current_id)
        WHERE hospital_id = $1 AND event_id = $2`,
      [hospital.id, from, to],
    );
  }
}
