import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import type { PlannedItem } from '../guideline/planned-item.js';

/** The planned items, and the completed items that an earlier policy planned and the policy in force does not. */
export function withDone(planned: readonly PlannedItem[], done: readonly PlannedItem[]): PlannedItem[] {
  const keys = new Set(planned.map(({ key }) => key));
  return [...planned, ...done.filter(({ key }) => !keys.has(key))];
}

/** The completed items of each of these patients, in the form of the planner. One query. */
export async function doneItems(
  { db, hospital }: HospitalTransaction,
  patientIds: readonly string[],
): Promise<Map<string, PlannedItem[]>> {
  const byPatient = new Map(patientIds.map((id) => [id, [] as PlannedItem[]]));
  const rows = await db.query<DoneItem[]>(
    `SELECT patient_id AS "patientId", key, pathway, rule, activity, covers, also_for AS "alsoFor", sequence, phase,
            measured_from AS "measuredFrom", earliest, due, overdue, missed_on AS "missedOn",
            before_enrolment AS "beforeEnrolment", projected, completed_on AS "completedOn",
            completed_by_event_id AS "completedBy", deviates, false AS "otherMethod", NULL AS "movedFrom",
            '' AS section, NULL AS evidence, NULL AS grade
       FROM surveillance_item WHERE hospital_id = $1 AND patient_id = ANY ($2) AND state = 'completed'`,
    [hospital.id, patientIds],
  );
  for (const { patientId, ...item } of rows) byPatient.get(patientId)?.push(item);
  return byPatient;
}

type DoneItem = PlannedItem & { readonly patientId: string };
