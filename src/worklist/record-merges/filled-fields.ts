import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { identityNumberForm } from '../../patients/identity-number.js';
import { type Identity, revealIdentities, sealIdentities } from '../../patients/identity.js';
import { Patient } from '../../patients/patient.entity.js';
import type { PatientCorrection } from '../../patients/patient-input.js';
import type { PatientsService } from '../../patients/patients.service.js';
import type { MergeRecord } from './record-merge.entity.js';

type Filled = MergeRecord['filled'];
type Known = Pick<Patient, 'responsibleNurse' | 'responsiblePersonId' | 'enrolledOn'> & Identity;

/** A field in which the records differ; what the target says holds. */
export interface Difference {
  readonly field: string;
  readonly target: string | null;
  readonly source: string | null;
}

const COMPARED = [
  'mrn',
  'name',
  'sex',
  'diagnosisDate',
  'enrolledOn',
  'phone',
  'identityNumber',
  'responsibleNurse',
  'department',
  'ward',
  'group',
  'profile',
  'liverImaging',
] as const satisfies readonly (keyof Patient)[];

/** The records with their identities in clear, in the given order. */
export async function revealed(
  tx: HospitalTransaction,
  patients: readonly Patient[],
): Promise<(Patient & Identity)[]> {
  const identities = await revealIdentities(tx, patients);
  return patients.map((patient) => ({ ...patient, ...identities.get(patient.id) }));
}

export const differencesBetween = (target: Patient, source: Patient): Difference[] =>
  COMPARED.filter((field) => target[field] !== source[field]).map((field) => ({
    ...{ field, target: target[field], source: source[field] },
  }));

/**
 * What the target takes from the source: numbers and a nurse that it lacks, so that the person can still be reached and
 * is found, and the earlier enrolment, so that nothing that was late becomes a date before enrolment.
 */
export const fieldsToFill = (target: Known, source: Known): Filled => ({
  ...(target.phone === null && source.phone !== null && { phone: true }),
  ...(target.identityNumber === null && source.identityNumber !== null && { identityNumber: true }),
  ...(target.responsibleNurse === null &&
    target.responsiblePersonId === null &&
    source.responsiblePersonId !== null && { responsibleNurse: true }),
  ...(source.enrolledOn < target.enrolledOn && { enrolledOn: target.enrolledOn }),
});

/** Fills the fields. The identity number is one patient's alone, so the source keeps it without its index. */
export async function fillFields(
  tx: HospitalTransaction,
  patients: PatientsService,
  target: Patient,
  source: Patient & Identity,
  filled: Filled,
): Promise<void> {
  if (filled.identityNumber) await indexIdentity(tx, source, { identityShared: true });
  const correction: PatientCorrection = {
    ...(filled.phone && { phone: source.phone }),
    ...(filled.identityNumber && { identityNumber: source.identityNumber }),
    ...(filled.responsibleNurse && { responsibleNurse: source.responsiblePersonId }),
    ...(filled.enrolledOn !== undefined && { enrolledOn: source.enrolledOn }),
  };
  if (Object.keys(correction).length > 0) await patients.correct(tx, target, correction);
}

/** Empties the filled fields that still have the filled value. */
export async function emptyFields(
  tx: HospitalTransaction,
  patients: PatientsService,
  target: Patient,
  source: Patient,
  filled: Filled,
): Promise<void> {
  const [now, other] = await revealed(tx, [target, source]);
  if (!now || !other) throw new Error('The records of the merge are gone.');
  const same = (a: string | null, b: string | null): boolean =>
    a !== null && b !== null && identityNumberForm(a) === identityNumberForm(b);
  const correction: PatientCorrection = {
    ...(filled.phone && now.phone === other.phone && { phone: null }),
    ...(filled.identityNumber && same(now.identityNumber, other.identityNumber) && { identityNumber: null }),
    ...(filled.responsibleNurse &&
      now.responsiblePersonId === other.responsiblePersonId && { responsibleNurse: null }),
    ...(filled.enrolledOn !== undefined &&
      now.enrolledOn === other.enrolledOn && { enrolledOn: filled.enrolledOn }),
  };
  if (Object.keys(correction).length > 0) await patients.correct(tx, target, correction);
  if (filled.identityNumber) await indexIdentity(tx, other, { identityShared: false });
}

async function indexIdentity(
  tx: HospitalTransaction,
  patient: Patient & Identity,
  { identityShared }: { readonly identityShared: boolean },
): Promise<void> {
  const [sealed] = await sealIdentities(tx, [{ ...patient, identityShared }]);
  await tx.db.update(Patient, { id: patient.id, hospitalId: tx.hospital.id }, { ...sealed });
}
