import { Injectable } from '@nestjs/common';
import { activitiesIn } from '../../guideline/activities.js';
import { invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { HospitalScope, type HospitalTransaction, showOnly } from '../../tenancy/hospital-scope.js';
import { refuseOutOfReach } from '../../patients/out-of-scope.js';
import { Patient } from '../../patients/patient.entity.js';
import { PatientsService } from '../../patients/patients.service.js';
import { recordChange } from '../changes/worklist-changes.js';
import { DUTIES, type Duty, type Ownership, seesPatient, type Staff } from './owners.js';
import { unowned } from './owned-patients.js';
import { personAbleToOwn } from './able-person.js';
import { namedOwners, staffOf, type StoredOwner } from './staff-rows.js';

/** Who owns a patient today. */
export interface PatientOwners {
  readonly patient: Patient;
  readonly staff: Staff;
  readonly named: readonly StoredOwner[];
  /** For each duty: in general (`activity` null), and for each activity that has an owner of its own. */
  readonly owners: readonly (Ownership & { readonly activity: string | null; readonly duty: Duty })[];
}

/** A patient whom only the last resort owns. */
export interface UnownedPatient {
  readonly patient: Patient;
  readonly owner: Ownership;
}

export interface OwnerInput {
  /** Null: no person is named any more. */
  readonly personId: string | null;
  readonly activity?: string;
  readonly duty?: Duty;
}

/** Who orders, books and reads what a patient needs. */
@Injectable()
export class Owners {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
  ) {}

  async of(patientId: string): Promise<PatientOwners> {
    return this.scope.transaction(async (tx) => view(tx, await this.patients.find(tx, patientId)));
  }

  /**
   * Names an owner: of an activity, of a duty, of both; with neither it is the responsible nurse. Without a duty, for all
   * three of the activity. Refuses (422) a person who cannot own the patient.
   */
  async name(patientId: string, input: OwnerInput): Promise<PatientOwners> {
    return this.scope.transaction(async (tx) => {
      refuseUnknownActivity(tx, input.activity);
      const patient = await this.patients.lock(tx, patientId);
      const staff = await staffOf(tx);
      if (input.activity === undefined && input.duty === undefined)
        await nameResponsibleNurse(tx, patient, staff, input.personId);
      else await nameOwner(tx, patient, staff, input);
      await recordChange(tx, { patientId, kind: 'owner' });
      return view(tx, await this.patients.find(tx, patientId));
    });
  }

  /** Patients with open items whom only the last resort owns, by id, those after `after`; one more than `limit` says that there are more. */
  async unowned(
    limit: number,
    after: string | undefined,
  ): Promise<{ readonly staff: Staff; readonly found: readonly UnownedPatient[] }> {
    return this.scope.transaction(async (tx) => {
      const staff = await staffOf(tx);
      const { condition, parameters } = unowned(staff, tx.today);
      const query = tx.db
        .createQueryBuilder(Patient, 'patient')
        .where(`patient.hospitalId = :id AND ${condition('patient')}`, { id: tx.hospital.id, ...parameters })
        .orderBy('patient.id')
        .limit(limit + 1);
      if (after !== undefined) query.andWhere('patient.id > :after', { after });
      const patients = await query.getMany();
      showOnly(patients.slice(0, limit));
      return { staff, found: patients.map((patient) => ({ patient, owner: staff.lastResort(patient) })) };
    });
  }
}

async function view(tx: HospitalTransaction, patient: Patient): Promise<PatientOwners> {
  const staff = await staffOf(tx);
  const named = (await namedOwners(tx, [patient.id])).get(patient.id) ?? [];
  const activities = [...new Set(named.flatMap(({ activity }) => activity ?? []))];
  const owners = [null, ...activities].flatMap((activity) =>
    DUTIES.map((duty) => ({ activity, duty, ...staff.ownerOf(patient, named, { activity, duty }) })),
  );
  return { patient, staff, named, owners };
}

/** One truth: the owner of everything is the responsible nurse, of whom row security, worklist and imports know too. */
async function nameResponsibleNurse(
  tx: HospitalTransaction,
  patient: Patient,
  staff: Staff,
  personId: string | null,
): Promise<void> {
  const person = personId === null ? null : personAbleToOwn(staff, personId, '/personId');
  refuseOutOfReach(tx.caller, {
    ...patient,
    responsibleNurse: person?.name ?? null,
    responsiblePersonId: personId,
  });
  await tx.db.update(
    Patient,
    { id: patient.id, hospitalId: tx.hospital.id },
    { responsibleNurse: personId, responsiblePersonId: personId },
  );
}

async function nameOwner(
  tx: HospitalTransaction,
  patient: Patient,
  staff: Staff,
  { personId, activity = '', duty }: OwnerInput,
): Promise<void> {
  const { db, hospital, caller, now } = tx;
  const duties = duty === undefined ? DUTIES : [duty];
  if (personId === null) {
    await db.query(
      'DELETE FROM patient_owner WHERE hospital_id = $1 AND patient_id = $2 AND activity = $3 AND duty = ANY ($4)',
      [hospital.id, patient.id, activity, duties],
    );
    return;
  }
  const person = personAbleToOwn(staff, personId, '/personId');
  if (!seesPatient(person, patient)) {
    const message = msg('owner-cannot-see', { name: person.name });
    throw invalid('owner-cannot-see', message, [{ pointer: '/personId', code: 'owner-cannot-see', message }]);
  }
  await db.query(
    `INSERT INTO patient_owner (hospital_id, patient_id, activity, duty, person_id, author, assigned_at)
     SELECT $1, $2, $3, duty, $5, $6, $7 FROM unnest($4::text[]) AS duty
         ON CONFLICT (hospital_id, patient_id, activity, duty) DO UPDATE
        SET person_id = excluded.person_id, author = excluded.author, assigned_at = excluded.assigned_at`,
    [hospital.id, patient.id, activity, duties, personId, caller.name, now],
  );
}

function refuseUnknownActivity({ hospital }: HospitalTransaction, activity: string | undefined): void {
  const values = activitiesIn(hospital.guideline ?? {});
  if (activity === undefined || values.includes(activity)) return;
  throw invalid('invalid-input', msg('invalid-input'), [
    { pointer: '/activity', code: 'not-allowed', message: msg('none-of', { values }) },
  ]);
}
