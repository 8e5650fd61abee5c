import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { valuesOf } from '../guideline/measured-exam.js';
import type { MeasuredValue } from '../guideline/measured-value.js';
import { codeForm } from '../guideline/measurements.js';
import type { ValueToJudge } from '../guideline/reference-limits.js';
import type { ClinicalEvent } from './clinical-event.entity.js';

/** A value that a clinician has to judge, with the exam in which it was measured. */
export interface JudgedValue extends MeasuredValue, ValueToJudge {
  readonly eventId: string;
  readonly date: ClinicalEvent['date'];
  readonly activity: string;
}

/** The values of an event that a clinician has to judge. */
export const valuesToJudgeOf = ({ id: eventId, date, detail, toJudge }: ClinicalEvent): JudgedValue[] =>
  (toJudge ?? []).flatMap((mark) =>
    valuesOf(detail)
      .filter(({ code }) => codeForm(code) === codeForm(mark.code))
      .map((value) => ({ eventId, date, activity: String(detail['activity']), ...value, ...mark })),
  );

/** How many active events of each patient have a value that a clinician has to judge. A patient without one is left out. */
export async function countToJudge(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (patientIds.length === 0) return new Map();
  const rows = await db.query<{ id: string; n: number }[]>(
    `SELECT patient_id AS id, count(*)::integer AS n FROM clinical_event
      WHERE hospital_id = $1 AND patient_id = ANY ($2) AND to_judge IS NOT NULL AND voided_at IS NULL GROUP BY 1`,
    [hospital.id, patientIds],
  );
  return new Map(rows.map(({ id, n }) => [id, n]));
}
