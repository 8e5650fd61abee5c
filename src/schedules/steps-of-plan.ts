import { CLOSING_EVENTS } from '../guideline/facts.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import type { PlanFacts } from './plan-basis.js';
import type { SurveillanceItem } from './surveillance-item.entity.js';

type Within = Pick<HospitalTransaction, 'db' | 'hospital'>;

/**
 * Updates the steps of items after their plans were stored. Items of a patient whose follow-up has ended lose their step,
 * so that they are on no list. When the event that ended them is voided, they get their last step back. `stored` are the
 * rows before the new plans. At most two statements, and none if no step is affected.
 */
export async function updateSteps(
  tx: Within,
  patients: readonly PlanFacts[],
  stored: ReadonlyMap<string, readonly SurveillanceItem[]>,
): Promise<void> {
  const [ended, reopened]: [string[], string[]] = [[], []];
  for (const { patient, events } of patients) {
    const isClosed = events.some(({ type }) => CLOSING_EVENTS.some((closing) => closing === type));
    for (const { id, step, steps } of stored.get(patient.id) ?? [])
      if (isClosed && step !== null) ended.push(id);
      else if (!isClosed && step === null && steps !== null) reopened.push(id);
  }
  await endSteps(tx, ended);
  await restoreLastSteps(tx, reopened);
}

async function endSteps({ db, hospital }: Within, itemIds: readonly string[]): Promise<void> {
  if (itemIds.length === 0) return;
  await db.query(
    `UPDATE surveillance_item SET step = NULL, step_on = NULL, step_until = NULL
      WHERE hospital_id = $1 AND id = ANY ($2) AND step IS NOT NULL`,
    [hospital.id, itemIds],
  );
}

/**
 * Gives open items without a step their newest step that was not undone, except completions. If the step's appointment
 * has ended meanwhile, its outcome is the step; if the appointment went to another record with a merge, there is no step.
 */
async function restoreLastSteps({ db, hospital }: Within, itemIds: readonly string[]): Promise<void> {
  if (itemIds.length === 0) return;
  await db.query(
    `UPDATE surveillance_item i
        SET step = s.step, step_on = coalesce(s.attended_on, s.to_on), step_until = s.to_until
       FROM (SELECT DISTINCT ON (t.item_id) t.item_id, t.to_position, t.to_on, t.to_until,
                    CASE WHEN t.to_position <> 'booked' OR a.outcome IS NULL AND a.patient_id = t.patient_id THEN t.to_position
                         WHEN a.outcome IN ('attended', 'not_attended') THEN a.outcome END AS step,
                    CASE WHEN t.to_position = 'booked' THEN a.date END AS attended_on
               FROM item_step t LEFT JOIN appointment a ON a.hospital_id = t.hospital_id AND a.id = t.appointment_id
              WHERE t.hospital_id = $1 AND t.item_id = ANY ($2) AND t.undone_at IS NULL AND t.step <> 'complete'
              ORDER BY t.item_id, t.number DESC) AS s
      WHERE i.hospital_id = $1 AND i.id = s.item_id AND i.state = 'active' AND i.step IS NULL
        AND s.to_position <> 'to_book' AND s.step IS NOT NULL`,
    [hospital.id, itemIds],
  );
}
