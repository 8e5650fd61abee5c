import { Any, IsNull } from 'typeorm';
import { ROSTER_EVENTS, type RosterCourse, rosterCourseOf } from '../../guideline/roster-facts.js';
import { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import type { Patient } from '../../patients/patient.entity.js';
import { factOf } from '../../patients/recorded-events.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** What a roster says of the disease of these patients, by id. A patient without a recorded operation is left out. */
export async function rosterCourses(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  patients: readonly Pick<Patient, 'id' | 'diagnosisDate'>[],
): Promise<ReadonlyMap<string, Partial<RosterCourse>>> {
  const events = await db.find(ClinicalEvent, {
    where: {
      hospitalId: hospital.id,
      patientId: Any(patients.map(({ id }) => id)),
      type: Any([...ROSTER_EVENTS]),
      voidedAt: IsNull(),
    },
  });
  const byPatient = new Map<string, ClinicalEvent[]>();
  for (const event of events)
    byPatient.set(event.patientId, [...(byPatient.get(event.patientId) ?? []), event]);
  return new Map(
    patients.flatMap(({ id, diagnosisDate }) => {
      const course = rosterCourseOf(diagnosisDate, (byPatient.get(id) ?? []).map(factOf));
      return course === undefined ? [] : [[id, course] as const];
    }),
  );
}
