import { Injectable } from '@nestjs/common';
import { authorOf } from '../../tenancy/author.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { forgetAnswersAbout } from '../../access/kept-answers.js';
import type { CalendarDate } from '../../guideline/calendar.js';
import { type ErasureGround, Patient } from '../../patients/patient.entity.js';
import { PatientsService, type PatientWithIdentity } from '../../patients/patients.service.js';
import { DELIVERIES_ABOUT } from '../../webhooks/deliveries/delivery-outbox.js';

/**
 * Destroys what says who a patient is (PIPL article 47), and ends their follow-up. The clinical rows stay, about nobody:
 * the law on medical records asks for them. The audit trail names ids alone, and stays as it is.
 */
@Injectable()
export class Erasure {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
  ) {}

  /** Cannot be taken back. Asked again, it changes nothing. */
  async erase(
    patientId: string,
    input: { readonly ground: ErasureGround; readonly author?: string },
  ): Promise<PatientWithIdentity> {
    return this.scope.transaction(async (tx) => {
      const author = authorOf(tx.caller, input.author);
      const patient = await this.patients.lock(tx, patientId, { evenErased: true });
      if (patient.erasedAt === null) {
        await forgetAnswersAbout(tx, patient.id);
        await erasePatient(tx, patient, { ground: input.ground, author });
        await eraseTexts(tx, patient.id);
        await endMessages(tx, patient.id);
      }
      return this.patients.show(tx, await this.patients.find(tx, patientId));
    });
  }
}

async function erasePatient(
  { db, hospital, now }: HospitalTransaction,
  { id, birthDate }: Patient,
  { ground, author }: { readonly ground: ErasureGround; readonly author: string },
): Promise<void> {
  await db.update(
    Patient,
    { id, hospitalId: hospital.id },
    {
      ...{
        mrn: `erased-${id}`,
        name: '',
        phone: null,
        identityNumber: null,
        blindIndex: null,
        identityIndex: null,
      },
      ...{ responsibleNurse: null, responsiblePersonId: null, replanOn: null },
      birthDate: `${birthDate.slice(0, 4)}-01-01` as CalendarDate,
      ...{ erasedAt: now, erasedBy: author, erasureGround: ground },
    },
  );
}

/** What people wrote about the patient in their own words. */
async function eraseTexts({ db, hospital }: HospitalTransaction, patientId: string): Promise<void> {
  const ofPatient = 'hospital_id = $1 AND patient_id = $2';
  for (const erased of [
    `UPDATE clinical_event SET void_reason = '' WHERE ${ofPatient} AND void_reason IS NOT NULL`,
    `UPDATE clinical_event SET detail = detail - 'site' WHERE ${ofPatient} AND type = 'recurrence'`,
    `UPDATE clinical_decision SET reason = '', revoke_reason = CASE WHEN revoke_reason IS NOT NULL THEN '' END WHERE ${ofPatient}`,
    `UPDATE patient_consent SET note = NULL WHERE ${ofPatient}`,
  ])
    await db.query(erased, [hospital.id, patientId]);
}

/** Nothing is due any more, and no message leaves; of those that left, what they said is gone. */
async function endMessages({ db, hospital }: HospitalTransaction, patientId: string): Promise<void> {
  const about = [hospital.id, patientId];
  await db.query(
    `UPDATE surveillance_item SET state = 'cancelled', next_reminder_on = NULL, changed_at = program_now()
      WHERE hospital_id = $1 AND patient_id = $2 AND state = 'active'`,
    about,
  );
  await db.query(
    `UPDATE delivery_attempt SET answer = NULL, error = NULL WHERE hospital_id = $1 AND delivery_id IN (${DELIVERIES_ABOUT})`,
    about,
  );
  await db.query(
    `UPDATE delivery SET body = NULL, next_attempt_at = NULL,
            cancelled_reason = CASE WHEN state IN ('pending', 'exhausted') THEN 'patient-erased' ELSE cancelled_reason END,
            state = CASE WHEN state IN ('pending', 'exhausted') THEN 'cancelled' ELSE state END
      WHERE hospital_id = $1 AND id IN (${DELIVERIES_ABOUT})`,
    about,
  );
}
