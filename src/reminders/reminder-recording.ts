import { v7 as uuid } from 'uuid';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import {
  type NewSurveillanceEvent,
  type ItemEventData,
  recordEvents,
} from '../schedules/surveillance-events.js';
import type { AnnouncedReminder } from '../webhooks/deliveries/delivery-outbox.js';
import { DIGEST, reminderEventType } from '../webhooks/messages/event-types.js';
import type { ItemToRemind, NewReminder, ReminderDecision } from './reminder-decision.js';

interface NewRow extends NewReminder {
  readonly id: string;
  readonly item: ItemToRemind;
  /** The event that tells several reminders of one patient together; null: it is told by itself. */
  readonly digest: string | null;
}

/** Answers the reminders that want a delivery: the new ones, and those said before but perhaps not heard. */
export async function recordReminders(
  tx: HospitalTransaction,
  decided: readonly ({ item: ItemToRemind } & ReminderDecision)[],
): Promise<AnnouncedReminder[]> {
  const known: AnnouncedReminder[] = [];
  const news: Omit<NewRow, 'digest'>[] = [];
  for (const { item, reminder } of decided) {
    if (reminder?.is === 'recorded') known.push({ ...reminder, digest: null });
    if (reminder?.is === 'new') news.push({ ...reminder, id: uuid(), item });
  }
  const rows = tx.hospital.policy.reminders.digest
    ? together(news)
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
  // A reminder is an event too, for those who read the events themselves; so are several that are told together.
  await recordEvents(tx, [...added.map(reminderEvent), ...digestEvents(added)]);
  return [...known, ...added];
}

const said = ({ item, kind, escalatedTo, late }: NewRow): ItemEventData => ({
  ...{ itemId: item.id, activity: item.activity, due: item.due, overdue: item.overdue, status: kind },
  ...(escalatedTo && { escalatedTo }),
  ...(late && { late }),
});

const reminderEvent = (row: NewRow): NewSurveillanceEvent => ({
  ...{ type: reminderEventType(row.kind), patientId: row.item.patientId },
  ...{ reminderId: row.id, data: said(row) },
});

function digestEvents(rows: readonly NewRow[]): NewSurveillanceEvent[] {
  const told = new Map<string, NewRow[]>();
  for (const row of rows)
    if (row.digest !== null) told.set(row.digest, [...(told.get(row.digest) ?? []), row]);
  return [...told].map(([id, its]) => ({
    ...{ id, type: DIGEST, patientId: its[0]?.item.patientId ?? '' },
    data: { items: its.map(said) },
  }));
}
/** Gives the reminders of each patient of whom there are several one digest. */
function together(news: readonly Omit<NewRow, 'digest'>[]): NewRow[] {
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
