import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import type { Channel } from './patient-consent.entity.js';

/** Why messages about a patient are withheld. */
export type Withheld = 'patient-erased' | 'consent-withdrawn';

/**
 * The consent of a patient without a record: messages go to the hospital's own systems, which treat the patient, but
 * not to the patient. Messages to patients need consent (PIPL articles 13, 29).
 */
export const defaultConsent = (channel: Channel): boolean => channel === 'webhook';

/** SQL: why webhook messages about the patient row `patient` are withheld; null if they are not. */
export const withheld = (patient: string): string => `
  CASE WHEN ${patient}.erased_at IS NOT NULL THEN 'patient-erased'
       WHEN (SELECT c.decision FROM patient_consent c
              WHERE c.hospital_id = ${patient}.hospital_id AND c.patient_id = ${patient}.id AND c.channel = 'webhook'
              ORDER BY c.ordinal DESC LIMIT 1) = 'withdrawn' THEN 'consent-withdrawn' END`;

/** Those of these patients about whom webhook messages are withheld, and why. One query. */
export async function withheldAbout(
  { db, hospital }: HospitalTransaction,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, Withheld>> {
  const rows = await db.query<{ id: string; reason: Withheld | null }[]>(
    `SELECT p.id, ${withheld('p')} AS reason FROM patient p WHERE p.hospital_id = $1 AND p.id = ANY($2)`,
    [hospital.id, patientIds],
  );
  return new Map(rows.flatMap(({ id, reason }) => (reason === null ? [] : [[id, reason] as const])));
}
