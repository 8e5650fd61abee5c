import { beyondPatientScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { DomainError } from '../platform/domain-error.js';
import { msg } from '../platform/messages/dictionary.js';
import type { Patient } from './patient.entity.js';

type Within = Pick<HospitalTransaction, 'db' | 'hospital'>;

/** Refuses (409) a record that was merged into another one; `mergedInto` of the answer names that one. */
export async function refuseMerged(tx: Within, patient: Pick<Patient, 'mergedInto'>): Promise<void> {
  if (patient.mergedInto === null) return;
  const mrns = await mrnsOf(tx, [patient.mergedInto]);
  const mergedInto = { id: patient.mergedInto, mrn: mrns.get(patient.mergedInto) ?? null };
  throw new DomainError('conflict', 'patient-merged', msg('patient-merged'), [], { mergedInto });
}

/** The mrn of each of these patients whom the caller sees; one query. */
export async function mrnsOf(
  { db, hospital }: Within,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.query<{ id: string; mrn: string }[]>(
    'SELECT id, mrn FROM patient WHERE hospital_id = $1 AND id = ANY ($2)',
    [hospital.id, ids],
  );
  return new Map(rows.map(({ id, mrn }) => [id, mrn]));
}

/**
 * Runs `look` over all records of a person, also over merged ones that the caller's limits hide: they are of the same person.
 * The caller has found the patient before.
 */
export const inAllRecords = <T>(
  tx: Within & Pick<HospitalTransaction, 'caller'>,
  patientId: string,
  look: (recordIds: string[]) => Promise<T>,
): Promise<T> => beyondPatientScope(tx, async () => look([...(await recordsOf(tx, patientId))]));

/**
 * The ids of all records of one person: the record itself, first, and those that were merged into it, also by way of
 * another one. One query.
 */
export async function recordsOf({ db, hospital }: Within, patientId: string): Promise<readonly string[]> {
  const merged = await db.query<{ id: string }[]>(
    'SELECT id FROM patient WHERE hospital_id = $1 AND merged_into = $2 ORDER BY id',
    [hospital.id, patientId],
  );
  return [patientId, ...merged.map(({ id }) => id)];
}
