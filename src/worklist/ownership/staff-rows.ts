import type { CalendarDate } from '../../guideline/calendar.js';
import { beyondPatientScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { Duty, NamedOwner, RunningHandover, StaffMember } from './owners.js';
import { Staff } from './owners.js';

type Within = Pick<HospitalTransaction, 'db' | 'hospital' | 'today' | 'now' | 'caller'>;

/** The people of the hospital and the handovers of today, with single patients also of those whom the caller does not see. Two queries. */
export async function staffOf(tx: Within): Promise<Staff> {
  const { db, hospital, today, now } = tx;
  const people = await db.query<StaffMember[]>(
    `SELECT id, name, roles, departments, own_patients_only AS "ownPatientsOnly",
            state = 'active' AND (expires_at IS NULL OR expires_at > $2) AS active
       FROM person WHERE hospital_id = $1 ORDER BY id`,
    [hospital.id, now],
  );
  const rows = await beyondPatientScope(tx, () =>
    db.query<HandoverRow[]>(
      `SELECT h.id, h.from_person AS "from", h.to_person AS "to", h.last_day AS "lastDay", h.all_patients AS "allPatients",
              CASE WHEN NOT h.all_patients THEN array(
                SELECT p.patient_id FROM handover_patient p WHERE p.hospital_id = $1 AND p.handover_id = h.id) END AS "patientIds"
         FROM handover h
        WHERE h.hospital_id = $1 AND h.cancelled_at IS NULL AND h.last_day >= $2 AND h.first_day <= $2 ORDER BY h.id`,
      [hospital.id, today],
    ),
  );
  return new Staff(people, rows.map(handoverOf));
}

interface HandoverRow extends Pick<RunningHandover, 'id' | 'from' | 'to'> {
  readonly lastDay: CalendarDate;
  readonly allPatients: boolean;
  readonly patientIds: readonly string[] | null;
}

const handoverOf = ({ allPatients, patientIds, ...handover }: HandoverRow): RunningHandover => ({
  ...handover,
  patientIds: allPatients ? null : new Set(patientIds),
});

/** Who was named for duties of each of these patients; a patient without one is left out. One query. */
export async function namedOwners(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, readonly StoredOwner[]>> {
  if (patientIds.length === 0) return new Map();
  const rows = await db.query<(StoredOwner & { patientId: string })[]>(
    `SELECT patient_id AS "patientId", nullif(activity, '') AS activity, duty, person_id AS "personId", author,
            assigned_at AS "assignedAt"
       FROM patient_owner WHERE hospital_id = $1 AND patient_id = ANY ($2) ORDER BY patient_id, activity, duty`,
    [hospital.id, patientIds],
  );
  const byPatient = new Map<string, StoredOwner[]>();
  for (const { patientId, ...owner } of rows) {
    const those = byPatient.get(patientId);
    if (those) those.push(owner);
    else byPatient.set(patientId, [owner]);
  }
  return byPatient;
}

/** A named owner as it is stored. */
export interface StoredOwner extends NamedOwner {
  readonly duty: Duty;
  readonly author: string;
  readonly assignedAt: Date;
}
