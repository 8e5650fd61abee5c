import { Any, In, IsNull } from 'typeorm';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { Guideline } from '../../guideline/guideline.js';
import type { SealContext } from '../../encryption/hospital-keys.js';
import { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import { openEvents } from '../../patients/event-text.js';
import { HAS_TO_BE_JUDGED } from '../../patients/to-judge.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { ReviewOutcome } from './review-outcome.entity.js';

/** The instant and the id by which a list of reviews is ordered; the instant in full precision. */
export interface ReviewKey {
  readonly id: string;
  readonly at: string;
}

export interface ReviewPaging {
  /** Undefined: of all patients. */
  readonly patientId: string | undefined;
  readonly limit: number;
  readonly after: readonly [string, string] | undefined;
}

/** SQL: the row is one of a record that was merged into another one, which has a copy of it. */
const isMergedRecord = (event: string): string =>
  `EXISTS (SELECT FROM patient m WHERE m.hospital_id = $1 AND m.id = ${event}.patient_id AND m.merged_into IS NOT NULL)`;

/** Exams that wait to be judged, the longest waiting first. One key more than `limit` says that there are more. */
export const openReviewKeys = (
  { db, hospital }: HospitalTransaction,
  { patientId, limit, after }: ReviewPaging,
): Promise<ReviewKey[]> =>
  db.query<ReviewKey[]>(
    `SELECT id, to_json(recorded_at) #>> '{}' AS at FROM clinical_event
      WHERE hospital_id = $1 AND ${HAS_TO_BE_JUDGED} AND NOT ${isMergedRecord('clinical_event')} AND ($3::uuid IS NULL OR patient_id = $3)
        ${after ? 'AND (recorded_at, id) > ($4::timestamptz, $5::uuid)' : ''}
      ORDER BY recorded_at, id LIMIT $2`,
    [hospital.id, limit + 1, patientId ?? null, ...(after ?? [])],
  );

/** Exams with an outcome in force, the last judged first. One key more than `limit` says that there are more. */
export const judgedReviewKeys = (
  { db, hospital }: HospitalTransaction,
  { patientId, limit, after }: ReviewPaging,
): Promise<ReviewKey[]> =>
  db.query<ReviewKey[]>(
    `SELECT event_id AS id, to_json(judged_at) #>> '{}' AS at FROM review_outcome
      WHERE hospital_id = $1 AND undone_at IS NULL AND NOT ${isMergedRecord('review_outcome')} AND ($3::uuid IS NULL OR patient_id = $3)
        ${after ? 'AND (judged_at, event_id) < ($4::timestamptz, $5::uuid)' : ''}
      ORDER BY judged_at DESC, event_id DESC LIMIT $2`,
    [hospital.id, limit + 1, patientId ?? null, ...(after ?? [])],
  );

/** These events by id, with their texts opened; one query. */
export async function eventsById(
  tx: HospitalTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ClinicalEvent>> {
  const stored = await tx.db.findBy(ClinicalEvent, { hospitalId: tx.hospital.id, id: Any(ids) });
  return new Map((await openEvents(tx, stored)).map((event) => [event.id, event]));
}

const noteOf = (row: string): SealContext => ({ table: 'review_outcome', column: 'note', row });

export async function insertOutcome(tx: HospitalTransaction, judgement: ReviewOutcome): Promise<void> {
  const { id, note } = judgement;
  const sealed = note === null ? null : (await tx.keys()).seal(note, noteOf(id));
  await tx.db.insert(ReviewOutcome, { ...judgement, note: sealed });
}

/** The outcomes in force, by the id of the exam, with their notes opened; one query. */
export async function reviewOutcomesOf(
  tx: HospitalTransaction,
  eventIds: readonly string[],
): Promise<ReadonlyMap<string, ReviewOutcome>> {
  const stored = await tx.db.findBy(ReviewOutcome, {
    hospitalId: tx.hospital.id,
    eventId: Any(eventIds),
    undoneAt: IsNull(),
  });
  const keys = await tx.keys(stored.map(({ note }) => note));
  return new Map(
    stored.map((judgement) => {
      const { id, note } = judgement;
      return [judgement.eventId, { ...judgement, note: note === null ? null : keys.open(note, noteOf(id)) }];
    }),
  );
}

/** The items that rules of the guideline ask for after a finding, by patient, oldest due date first; one query. */
export async function itemsAfterFindings(
  { db, hospital }: HospitalTransaction,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, readonly SurveillanceItem[]>> {
  const rules = rulesAfterFindings(hospital.guideline).map(({ id }) => id);
  const byPatient = new Map<string, SurveillanceItem[]>();
  if (rules.length === 0 || patientIds.length === 0) return byPatient;
  const items = await db.find(SurveillanceItem, {
    where: {
      hospitalId: hospital.id,
      patientId: Any(patientIds),
      rule: In(rules),
      state: In(['active', 'completed']),
    },
    order: { due: 'ASC', id: 'ASC' },
  });
  for (const item of items) byPatient.set(item.patientId, [...(byPatient.get(item.patientId) ?? []), item]);
  return byPatient;
}

/** The rules that ask for an exam after a finding. */
export const rulesAfterFindings = (guideline: Guideline | undefined) =>
  (guideline?.rules ?? []).filter((rule) => rule.kind === 'after-finding');

/**
 * Of the items after findings of one patient, the one that answers an exam of this day: one that is still owed, else one
 * that was done since. Undefined: there is none.
 */
export function itemAnswering(
  items: readonly SurveillanceItem[],
  examOn: CalendarDate,
  today: CalendarDate,
): SurveillanceItem | undefined {
  const owed = items.find(
    ({ state, missedOn }) => state === 'active' && (missedOn === null || missedOn > today),
  );
  return (
    owed ?? items.find(({ state, completedOn }) => state === 'completed' && (completedOn ?? '') >= examOn)
  );
}
