import type { CalendarDate } from '../../guideline/calendar.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { EndedStep, MergeRecord } from './record-merge.entity.js';

/** The open items of a record with what people have done about them. */
export const stepsOf = (
  { db, hospital }: HospitalTransaction,
  patientId: string,
): Promise<(EndedStep & { readonly activity: string; readonly due: CalendarDate })[]> =>
  db.query(
    `SELECT id, guideline, key, step, step_on AS "stepOn", step_until AS "stepUntil", activity, due FROM surveillance_item
      WHERE hospital_id = $1 AND patient_id = $2 AND state = 'active' AND step IS NOT NULL ORDER BY due, id`,
    [hospital.id, patientId],
  );

/** Gives the steps to the target's items of the same date of the same rule that have none; returns these. */
export async function carrySteps(
  { db, hospital }: HospitalTransaction,
  targetId: string,
  steps: readonly EndedStep[],
): Promise<MergeRecord['carriedSteps']> {
  if (steps.length === 0) return [];
  const [carried] = await db.query<[{ id: string; steps: number }[], number]>(
    `UPDATE surveillance_item i
        SET step = s.step, step_on = s.step_on, step_until = s.step_until, steps = coalesce(i.steps, 0) + 1, changed_at = program_now()
       FROM unnest($3::text[], $4::text[], $5::text[], $6::date[], $7::date[]) AS s (guideline, key, step, step_on, step_until)
      WHERE i.hospital_id = $1 AND i.patient_id = $2 AND i.state = 'active' AND i.step IS NULL
        AND i.guideline = s.guideline AND i.key = s.key
      RETURNING i.id, i.steps`,
    [
      ...[hospital.id, targetId, steps.map(({ guideline }) => guideline), steps.map(({ key }) => key)],
      ...[steps.map(({ step }) => step), steps.map(({ stepOn }) => stepOn)],
      steps.map(({ stepUntil }) => stepUntil),
    ],
  );
  return carried;
}

/** Takes a step that was carried off the target's items whose step nobody has changed since. */
export async function takeBackSteps(
  { db, hospital }: HospitalTransaction,
  carried: MergeRecord['carriedSteps'],
): Promise<void> {
  if (carried.length === 0) return;
  await db.query(
    `UPDATE surveillance_item i SET step = NULL, step_on = NULL, step_until = NULL, steps = i.steps + 1, changed_at = program_now()
       FROM unnest($2::uuid[], $3::integer[]) AS c (id, steps)
      WHERE i.hospital_id = $1 AND i.id = c.id AND i.steps = c.steps AND i.state = 'active'`,
    [hospital.id, carried.map(({ id }) => id), carried.map(({ steps }) => steps)],
  );
}

/** Gives the source's items, which are open again, the steps that they had. */
export async function restoreSteps(
  { db, hospital }: HospitalTransaction,
  ended: readonly EndedStep[],
): Promise<void> {
  if (ended.length === 0) return;
  await db.query(
    `UPDATE surveillance_item i SET step = s.step, step_on = s.step_on, step_until = s.step_until, changed_at = program_now()
       FROM unnest($2::uuid[], $3::text[], $4::date[], $5::date[]) AS s (id, step, step_on, step_until)
      WHERE i.hospital_id = $1 AND i.id = s.id AND i.state = 'active' AND i.step IS NULL`,
    [
      ...[hospital.id, ended.map(({ id }) => id), ended.map(({ step }) => step)],
      ...[ended.map(({ stepOn }) => stepOn), ended.map(({ stepUntil }) => stepUntil)],
    ],
  );
}
