import { Any } from 'typeorm';
import type { HospitalTransaction } from '../access/hospital-scope.js';
import type { FieldFault } from '../domain-error.js';
import { folded } from '../patients/folded.js';
import { Patient } from '../patients/patient.entity.js';
import { LOCKED_PATIENT } from '../patients/patients.service.js';
import { msg } from '../platform/messages/dictionary.js';

/** The patients of a file, by the mrn that stands there in whatever form. */
export interface KnownPatients {
  readonly all: readonly Patient[];
  /** `ambiguous`: several had this mrn in different forms before that was refused, and none in just this one. */
  of(mrn: string): Patient | 'ambiguous' | undefined;
}

/** Those of the hospital whom the caller sees, locked until the transaction ends. */
export async function patientsByMrn(
  { db, hospital }: HospitalTransaction,
  mrns: readonly string[],
): Promise<KnownPatients> {
  const all = await db.find(Patient, {
    where: { hospitalId: hospital.id, mrnKey: Any([...new Set(mrns.map(folded))]) },
    order: { id: 'ASC' },
    lock: LOCKED_PATIENT,
  });
  const byKey = new Map<string, Patient[]>();
  for (const patient of all) {
    const key = folded(patient.mrn);
    byKey.set(key, [...(byKey.get(key) ?? []), patient]);
  }
  return {
    all,
    of: (mrn) => {
      const found = byKey.get(folded(mrn)) ?? [];
      if (found.length <= 1) return found[0];
      return found.find((patient) => patient.mrn === mrn) ?? 'ambiguous';
    },
  };
}

export const ambiguousMrn = (line: number, mrn: string): FieldFault => ({
  pointer: `/rows/${line}/mrn`,
  code: 'ambiguous-mrn',
  message: msg('ambiguous-mrn', { mrn }),
});
