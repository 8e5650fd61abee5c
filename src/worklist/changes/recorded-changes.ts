import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { ChangeKind, WorklistChange } from './worklist-changes.js';

/** Up to where changes were read: the instant of the last one, and the place of the last surveillance event. */
export interface ChangePosition {
  readonly at: Date;
  readonly event: number;
}

export interface ReadChange extends WorklistChange {
  /** The same for the same change, however often it is read. */
  readonly id: string;
}

/** What was read, in the order in which it happened; `more`: it was not all. */
export interface ReadChanges {
  readonly changes: readonly ReadChange[];
  readonly position: ChangePosition;
  readonly more: boolean;
}

type Within = Pick<HospitalTransaction, 'db' | 'hospital' | 'now'>;

/**
 * A change has the instant at which its transaction began, and is seen after its commit: one that took long is older than
 * others that were read before. So readers look back, and pass over what they have read.
 */
const LOOK_BACK_MS = 40_000;
const READ_AT_MOST = 1000;

/** After a day, a reader loads the lists again instead. */
export const KEPT_MS = 86_400_000;

const EVENT_TYPES = [
  'surveillance.item.completed',
  'surveillance.item.rescheduled',
  'surveillance.item.cancelled',
  'surveillance.plan.changed',
];

/** The position behind all that has happened so far. */
export async function positionNow({ db, hospital, now }: Within): Promise<ChangePosition> {
  const [row] = await db.query<{ event: string }[]>(
    'SELECT last_position AS event FROM event_feed WHERE hospital_id = $1',
    [hospital.id],
  );
  return { at: now, event: Number(row?.event ?? 0) };
}

/** All changes after the position, and some shortly before it. Two queries, by index. */
export async function changesAfter(
  { db, hospital }: Within,
  { at, event }: ChangePosition,
): Promise<ReadChanges> {
  const changes = await db.query<{ id: string; patientId: string; kind: ChangeKind; at: Date }[]>(
    `SELECT id, patient_id AS "patientId", kind, changed_at AS at FROM worklist_change
      WHERE hospital_id = $1 AND changed_at > $2 ORDER BY changed_at LIMIT ${READ_AT_MOST + 1}`,
    [hospital.id, new Date(at.getTime() - LOOK_BACK_MS)],
  );
  const events = await db.query<{ position: string; type: string; patientId: string }[]>(
    `SELECT position, type, patient_id AS "patientId" FROM surveillance_event
      WHERE hospital_id = $1 AND position > $2 ORDER BY position LIMIT ${READ_AT_MOST + 1}`,
    [hospital.id, event],
  );
  const planned = events
    .filter(({ type }) => EVENT_TYPES.includes(type))
    .map(({ position, patientId }) => ({ id: `event ${position}`, patientId, kind: 'plan' as const }));
  const newest = changes.at(-1)?.at ?? at;
  return {
    changes: [...changes, ...planned].map(({ id, patientId, kind }) => ({ id, patientId, kind })),
    position: {
      at: newest > at ? newest : at,
      event: Number(events.at(-1)?.position ?? event),
    },
    more: changes.length > READ_AT_MOST || events.length > READ_AT_MOST,
  };
}

/** Deletes the oldest changes that no reader needs any more, `limit` at most; returns their number. */
export async function deleteOldChanges({ db, hospital, now }: Within, limit: number): Promise<number> {
  const [, deleted] = await db.query<[unknown, number]>(
    `DELETE FROM worklist_change WHERE hospital_id = $1 AND id IN (
       SELECT id FROM worklist_change WHERE hospital_id = $1 AND changed_at < $2 ORDER BY changed_at LIMIT $3)`,
    [hospital.id, new Date(now.getTime() - KEPT_MS), limit],
  );
  return deleted;
}
