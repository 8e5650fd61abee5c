import { v7 as uuidv7 } from 'uuid';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { insertOutcome, reviewOutcomesOf } from '../results/review-rows.js';
import type { MergeRecord } from './record-merge.entity.js';

/** What the merge copied: each event and each decision of the source with its copy, or with the target's own that says the same. */
export interface CopiedFacts {
  readonly events: readonly (readonly [source: string, copy: string])[];
  readonly counterparts: ReadonlyMap<string, string>;
  readonly decisions: MergeRecord['decisions'];
}

/** Copies what clinicians judged of the copied exams; returns the ids of the copies. */
export async function copyReviews(
  tx: HospitalTransaction,
  targetId: string,
  { events, counterparts, decisions }: CopiedFacts,
): Promise<readonly string[]> {
  if (events.length === 0) return [];
  const outcomes = await reviewOutcomesOf(
    tx,
    events.map(([source]) => source),
  );
  const copyOf = new Map(decisions);
  const ids: string[] = [];
  for (const [source, copy] of events) {
    const outcome = outcomes.get(source);
    if (!outcome) continue;
    const { decisionId, recordedEventId } = outcome;
    const id = uuidv7();
    await insertOutcome(tx, {
      ...outcome,
      ...{ id, patientId: targetId, eventId: copy, itemId: null },
      decisionId: decisionId === null ? null : (copyOf.get(decisionId) ?? null),
      recordedEventId: recordedEventId === null ? null : (counterparts.get(recordedEventId) ?? null),
    });
    ids.push(id);
  }
  await markJudged(tx, ids);
  return ids;
}

/** Says of the exams of these outcomes when they were judged. */
async function markJudged(
  { db, hospital }: HospitalTransaction,
  outcomeIds: readonly string[],
): Promise<void> {
  await db.query(
    `UPDATE clinical_event e SET judged_at = o.judged_at FROM review_outcome o
      WHERE e.hospital_id = $1 AND o.hospital_id = $1 AND o.id = ANY ($2) AND e.id = o.event_id`,
    [hospital.id, outcomeIds],
  );
}

/** Takes back the copies that no person has taken back since. */
export async function takeBackReviews(
  { db, hospital, caller, now }: HospitalTransaction,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await db.query(
    `UPDATE review_outcome SET undone_at = $3, undone_by = $4
      WHERE hospital_id = $1 AND id = ANY ($2) AND undone_at IS NULL`,
    [hospital.id, ids, now, caller.name],
  );
}
