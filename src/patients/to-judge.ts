import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import type { ReviewReason } from '../guideline/review-reasons.js';
import { valuesOf } from '../guideline/measured-exam.js';
import type { MeasuredValue } from '../guideline/measured-value.js';
import { codeForm } from '../guideline/measurements.js';
import { activityRecorded } from '../guideline/recorded-exam.js';
import type { WithActivities } from '../guideline/activities.js';
import type { ClinicalEvent } from './clinical-event.entity.js';
import { factOf } from './recorded-events.js';

/** SQL condition on `clinical_event`: an exam that a clinician has to judge and has not judged. An index has these rows. */
export const HAS_TO_BE_JUDGED = 'to_judge IS NOT NULL AND judged_at IS NULL AND voided_at IS NULL';

/** What a clinician has to judge, with the exam in which it was found; a value where one was measured. */
export type ReasonOfExam = Partial<MeasuredValue> &
  ReviewReason & {
    readonly eventId: string;
    readonly date: ClinicalEvent['date'];
    readonly activity: string;
  };

/** What a clinician has to judge in an event; nothing once it was judged. */
export function openReasonsOf(event: ClinicalEvent, guideline: WithActivities): ReasonOfExam[] {
  const { id: eventId, date, detail, toJudge, judgedAt } = event;
  if (judgedAt !== null) return [];
  const activity = activityRecorded(factOf(event), guideline) ?? event.type;
  return (toJudge ?? []).flatMap((reason): ReasonOfExam[] => {
    const about = { eventId, date, activity };
    if (reason.because === 'outcome' || reason.because === 'finding') return [{ ...about, ...reason }];
    return valuesOf(detail)
      .filter(({ code }) => codeForm(code) === codeForm(reason.code))
      .map((value) => ({ ...about, ...value, ...reason }));
  });
}

/** How many active events of each patient a clinician still has to judge. A patient without one is left out. */
export async function countToJudge(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (patientIds.length === 0) return new Map();
  const rows = await db.query<{ id: string; n: number }[]>(
    `SELECT patient_id AS id, count(*)::integer AS n FROM clinical_event
      WHERE hospital_id = $1 AND patient_id = ANY ($2) AND ${HAS_TO_BE_JUDGED} GROUP BY 1`,
    [hospital.id, patientIds],
  );
  return new Map(rows.map(({ id, n }) => [id, n]));
}
