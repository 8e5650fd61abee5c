import { Injectable } from '@nestjs/common';
import { folded } from '../../patients/folded.js';
import { Patient } from '../../patients/patient.entity.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** The records that messages name by the hospital's number. */
@Injectable()
export class KnownRecords {
  async byNumber({ db, hospital }: HospitalTransaction, mrn: string): Promise<Patient | undefined> {
    const found = await db.findBy(Patient, { hospitalId: hospital.id, mrnKey: folded(mrn) });
    return found.find((patient) => patient.mrn === mrn) ?? found[0];
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
