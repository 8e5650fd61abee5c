import { v7 as uuid } from 'uuid';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import {
  type NewSurveillanceEvent,
  type ItemEventData,
  recordEvents,
} from '../schedules/surveillance-events.js';
import { DIGEST, reminderEventType } from './reminder-events.js';
import type { ItemToRemind, NewReminder, ReminderDecision } from './reminder-decision.js';

/** A reminder that was recorded before. */
type KnownRow = Pick<NewRow, 'id' | 'item' | 'kind'> & Partial<NewReminder>;

interface NewRow extends NewReminder {
  readonly id: string;
  readonly item: ItemToRemind;
  /** The event that announces several reminders of one patient together; null: this reminder is alone. */
  readonly digest: string | null;
}

/**
 * Records the new reminders, each with its surveillance event, and marks the events of those that were recorded before:
 * their deliveries, if they were cancelled, open again.
 */
export async function recordReminders(
  tx: HospitalTransaction,
  decided: readonly ({ item: ItemToRemind } & ReminderDecision)[],
): Promise<void> {
  const known: KnownRow[] = [];
  const news: Omit<NewRow, 'digest'>[] = [];
  for (const { item, reminder } of decided) {
    if (reminder?.is === 'recorded') known.push({ ...reminder, item });
    if (reminder?.is === 'new') news.push({ ...reminder, id: uuid(), item });
  }
  const rows = tx.hospital.policy.reminders.digest
    ? withDigests(news)
    : news.map((row) => ({ ...row, digest: null }));
  const written = await tx.db.query<{ id: string }[]>(
    `INSERT INTO reminder (hospital_id, id, item_id, item_revision, kind, due, remind_on, escalated_to, late, digest, created_at)
     SELECT $1, new.*, now
       FROM unnest($2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::date[], $7::date[], $8::text[], $9::boolean[], $10::uuid[]) AS new,
            (SELECT program_now() AS now) AS clock
     ON CONFLICT ON CONSTRAINT reminder_once DO NOTHING
     RETURNING id`,
    [
      tx.hospital.id,
      rows.map(({ id }) => id),
      rows.map(({ item }) => item.id),
      rows.map(({ item }) => item.revision),
      rows.map(({ kind }) => kind),
      rows.map(({ due }) => due),
      rows.map(({ remindOn }) => remindOn),
      rows.map(({ escalatedTo }) => escalatedTo),
      rows.map(({ late }) => late),
      rows.map(({ digest }) => digest),
    ],
  );
  const ids = new Set(written.map(({ id }) => id));
  const added = rows.filter(({ id }) => ids.has(id));
  const events = [...(await markForRelay(tx, known)), ...added];
  await recordEvents(tx, [...events.map(reminderEvent), ...digestEvents(added)]);
}

/** Marks the events of reminders recorded before. Returns the reminders without an event, from before events were recorded. */
async function markForRelay(tx: HospitalTransaction, known: readonly KnownRow[]): Promise<KnownRow[]> {
  if (known.length === 0) return [];
  const [marked] = await tx.db.query<[{ id: string }[], number]>(
    `UPDATE surveillance_event SET awaiting_relay_since = coalesce(awaiting_relay_since, (SELECT program_now()))
      WHERE hospital_id = $1 AND reminder_id = ANY ($2) RETURNING reminder_id AS id`,
    [tx.hospital.id, known.map(({ id }) => id)],
  );
  const ids = new Set(marked.map(({ id }) => id));
  return known.filter(({ id }) => !ids.has(id));
}

const eventData = ({ item, kind, escalatedTo, late }: KnownRow): ItemEventData => ({
  ...{ itemId: item.id, activity: item.activity, due: item.due, overdue: item.overdue, status: kind },
  ...(escalatedTo && { escalatedTo }),
  ...(late && { late }),
});

const reminderEvent = (row: KnownRow): NewSurveillanceEvent => ({
  ...{ type: reminderEventType(row.kind), patientId: row.item.patientId },
  ...{ reminderId: row.id, data: eventData(row) },
});

function digestEvents(rows: readonly NewRow[]): NewSurveillanceEvent[] {
  const digests = new Map<string, NewRow[]>();
  for (const row of rows)
    if (row.digest !== null) digests.set(row.digest, [...(digests.get(row.digest) ?? []), row]);
  return [...digests].map(([id, its]) => ({
    ...{ id, type: DIGEST, patientId: its[0]?.item.patientId ?? '' },
    data: { items: its.map(eventData) },
  }));
}

/** Gives one digest to the reminders of each patient who has several. */
function withDigests(news: readonly Omit<NewRow, 'digest'>[]): NewRow[] {
  const counts = new Map<string, { count: number; digest: string }>();
  for (const { item } of news) {
    const { count, digest } = counts.get(item.patientId) ?? { count: 0, digest: uuid() };
    counts.set(item.patientId, { count: count + 1, digest });
  }
  return news.map((row) => {
    const { count, digest } = counts.get(row.item.patientId) ?? { count: 1, digest: null };
    return { ...row, digest: count > 1 ? digest : null };
  });
}
