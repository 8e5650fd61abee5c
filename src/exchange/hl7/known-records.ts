import { Injectable } from '@nestjs/common';
import type { Hl7Message } from '../../interop/hl7v2/er7.js';
import { folded } from '../../patients/folded.js';
import { type HospitalTransaction, notePatient } from '../../tenancy/hospital-scope.js';
import { readPerson } from './reading/person.js';

/** One message names one patient, and a merge two. */
export const MOST_NAMED = 100;

/** The numbers of people that a message names, folded. At most as many as a message of people has. */
export function numbersIn({ segments }: Hl7Message): readonly string[] {
  const numbers = segments.flatMap((segment) => {
    if (segment.name === 'PID') return readPerson(segment).identifiers.map(({ value }) => value);
    return segment.name === 'MRG' ? segment.repetitions(1).flatMap((one) => one.text(1) ?? []) : [];
  });
  return [...new Set(numbers.map(folded))].slice(0, MOST_NAMED);
}

/** A patient of the hospital, without what is known of the person. */
export interface KnownRecord {
  readonly id: string;
  readonly mrn: string;
  readonly mergedInto: string | null;
  readonly erasedAt: Date | null;
}

/** The records that messages name by the hospital's number. */
@Injectable()
export class KnownRecords {
  /** `lock`: as `PatientsService.lock` locks a patient, in the same statement. */
  async byNumber(
    { db, hospital }: HospitalTransaction,
    mrn: string,
    { lock = false } = {},
  ): Promise<KnownRecord | undefined> {
    const found = await db.query<KnownRecord[]>(
      `SELECT id, mrn, merged_into AS "mergedInto", erased_at AS "erasedAt" FROM patient
        WHERE hospital_id = $1 AND mrn_key = $2 ${lock ? 'FOR NO KEY UPDATE' : ''}`,
      [hospital.id, folded(mrn)],
    );
    for (const { id } of found) notePatient(id);
    return found.find((record) => record.mrn === mrn) ?? found[0];
  }

  /** Whether the event was recorded by a message, and not by a person. */
  async cameByMessage(
    { db, hospital }: HospitalTransaction,
    patientId: string,
    eventId: string,
  ): Promise<boolean> {
    const [row] = await db.query<{ found: boolean }[]>(
      `SELECT EXISTS (SELECT FROM hl7_message WHERE hospital_id = $1 AND patient_ids @> ARRAY[$2::uuid] AND $3 = ANY(event_ids)) AS found`,
      [hospital.id, patientId, eventId],
    );
    return row?.found === true;
  }
}
