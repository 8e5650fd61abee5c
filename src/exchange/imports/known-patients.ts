import { Any } from 'typeorm';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { FieldFault } from '../../platform/domain-error.js';
import type { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import { folded } from '../../patients/folded.js';
import { type Identity, revealIdentities } from '../../patients/identity.js';
import { mrnsOf } from '../../patients/merged-records.js';
import { Patient } from '../../patients/patient.entity.js';
import { LOCKED_PATIENT } from '../../patients/patients.service.js';
import { activeEvents } from '../../patients/recorded-events.js';
import { msg } from '../../platform/messages/dictionary.js';
import { inBatches } from '../../platform/turns.js';

/** The patients of a file, by the folded form of the file's mrn. */
export interface KnownPatients {
  readonly all: readonly Patient[];
  /**
   * `ambiguous`: several patients had this mrn in different forms before such duplicates were refused, and none in
   * exactly this form.
   */
  of(mrn: string): Patient | 'ambiguous' | undefined;
  /** Where the patient is a record that was merged into another one: why its row is refused, and which mrn to write. */
  mergedFault(line: number, mrn: string, patient: Patient): FieldFault | null;
}

/** Patients loaded in one statement, whose rows become objects without a pause. */
const BATCH = 200;

/** The patients of the hospital that the caller sees, locked until the transaction ends. */
export async function patientsByMrn(
  tx: HospitalTransaction,
  mrns: readonly string[],
): Promise<KnownPatients> {
  const { db, hospital } = tx;
  const keys = [...new Set(mrns.map(folded))].sort();
  const all = await inBatches(keys, BATCH, (batch) =>
    db.find(Patient, {
      where: { hospitalId: hospital.id, mrnKey: Any(batch) },
      order: { id: 'ASC' },
      lock: LOCKED_PATIENT,
    }),
  );
  const byKey = new Map<string, Patient[]>();
  for (const patient of all) {
    const key = folded(patient.mrn);
    byKey.set(key, [...(byKey.get(key) ?? []), patient]);
  }
  const mergedInto = all.flatMap((patient) => patient.mergedInto ?? []);
  const targets = await mrnsOf(tx, [...new Set(mergedInto)]);
  return {
    all,
    mergedFault: (line, mrn, patient) =>
      patient.mergedInto === null ? null : mergedRecord(line, mrn, targets.get(patient.mergedInto)),
    of: (mrn) => {
      const found = byKey.get(folded(mrn)) ?? [];
      if (found.length <= 1) return found[0];
      return found.find((patient) => patient.mrn === mrn) ?? 'ambiguous';
    },
  };
}

/** The active events of each patient, by the patient's id. */
export async function historiesOf(
  tx: HospitalTransaction,
  patients: readonly Patient[],
): Promise<ReadonlyMap<string, readonly ClinicalEvent[]>> {
  const ids = patients.map(({ id }) => id);
  return new Map(await inBatches(ids, BATCH, async (batch) => [...(await activeEvents(tx, batch))]));
}

/** The identity of each patient in clear text, by the patient's id. */
export async function identitiesOf(
  tx: HospitalTransaction,
  patients: readonly Patient[],
): Promise<ReadonlyMap<string, Identity>> {
  return new Map(await inBatches(patients, BATCH, async (batch) => [...(await revealIdentities(tx, batch))]));
}

/** The file names a record that was merged. The row is refused, so that the author of the file learns of the merge. */
const mergedRecord = (line: number, mrn: string, target: string | undefined): FieldFault => ({
  pointer: `/rows/${line}/mrn`,
  code: 'patient-merged',
  message:
    target === undefined ? msg('merged-record-not-shown', { mrn }) : msg('merged-record', { mrn, target }),
});

export const ambiguousMrn = (line: number, mrn: string): FieldFault => ({
  pointer: `/rows/${line}/mrn`,
  code: 'ambiguous-mrn',
  message: msg('ambiguous-mrn', { mrn }),
});
