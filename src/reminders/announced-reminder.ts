import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import type { CalendarDate } from '../guideline/calendar.js';
import { withheld, type Withheld } from '../patients/consent.js';
import type { EscalatedTo, ReminderKind } from '../schedules/reminder-calendar.js';
import { isStale } from '../schedules/stale-plans.js';
import { outdated, type AnnouncedItem } from './reminder-validity.js';

/** A recorded reminder with its item and patient as they are now. */
export interface ReminderNow extends AnnouncedItem {
  readonly id: string;
  readonly kind: ReminderKind;
  readonly itemId: string;
  readonly patientId: string;
  readonly mrn: string;
  readonly activity: string;
  readonly due: CalendarDate;
  /** The first late day. */
  readonly overdue: CalendarDate;
  /** The patient's department, or null. */
  readonly department: string | null;
  readonly escalatedTo: EscalatedTo | null;
  readonly late: boolean;
  /** The event that announces it together with other reminders. */
  readonly digest: string | null;
  /** Whether the patient's plan is stale and must be recomputed first. */
  readonly behind: boolean;
  /** Why messages about the patient are withheld, or null. */
  readonly withheld: Withheld | null;
}

const REMINDER_NOW = `
  SELECT r.id, r.kind, r.escalated_to AS "escalatedTo", r.late, r.digest, r.due AS "announcedDue", i.id AS "itemId", i.patient_id AS "patientId", p.mrn, p.department, i.activity,
         i.due, i.overdue, i.missed_on AS "missedOn", i.state, i.before_enrolment AS "beforeEnrolment",
         ${isStale('p')} AS behind, ${withheld('p')} AS withheld,
         EXISTS (SELECT FROM reminder n WHERE n.hospital_id = r.hospital_id AND n.item_id = r.item_id
                    AND n.kind = r.kind
                    AND (n.item_revision, n.remind_on) > (r.item_revision, r.remind_on)) AS "announcedAnew"
    FROM reminder r
    JOIN surveillance_item i ON i.hospital_id = r.hospital_id AND i.id = r.item_id
    JOIN patient p ON p.hospital_id = i.hospital_id AND p.id = i.patient_id
   WHERE r.hospital_id = $1`;

/** Loads reminders by id in one query. */
export async function loadReminders(
  tx: HospitalTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ReminderNow>> {
  if (ids.length === 0) return new Map<string, ReminderNow>();
  const found = await tx.db.query<ReminderNow[]>(`${REMINDER_NOW} AND r.id = ANY ($2)`, [
    tx.hospital.id,
    ids,
  ]);
  return new Map(found.map((reminder) => [reminder.id, reminder]));
}

/** Loads the reminders of digests by the event of the digest, in one query. */
export async function loadDigests(
  tx: HospitalTransaction,
  events: readonly string[],
): Promise<ReadonlyMap<string, readonly ReminderNow[]>> {
  if (events.length === 0) return new Map<string, readonly ReminderNow[]>();
  const found = await tx.db.query<ReminderNow[]>(
    `${REMINDER_NOW} AND r.digest = ANY ($2) ORDER BY i.due, i.id`,
    [tx.hospital.id, events],
  );
  const byEvent = new Map<string, ReminderNow[]>(events.map((id) => [id, []]));
  for (const reminder of found) byEvent.get(reminder.digest ?? '')?.push(reminder);
  return byEvent;
}

export async function loadReminder(tx: HospitalTransaction, reminderId: string): Promise<ReminderNow> {
  const reminder = (await loadReminders(tx, [reminderId])).get(reminderId);
  if (!reminder) throw new Error(`Reminder ${reminderId} is gone.`); // excluded by a foreign key
  return reminder;
}

/** The newest reminder of each item, if it was recorded at `since` or later and is still valid. */
export async function currentReminders(tx: HospitalTransaction, since: Date | null): Promise<ReminderNow[]> {
  const newest = await tx.db.query<(ReminderNow & { createdAt: Date })[]>(
    `SELECT DISTINCT ON (i.id) now.* FROM surveillance_item i
       JOIN (${REMINDER_NOW} AND r.created_at >= coalesce($2, '-infinity'::timestamptz)) AS now ON now."itemId" = i.id
       JOIN reminder r ON r.id = now.id
      WHERE i.hospital_id = $1 AND i.state = 'active' AND i.due = r.due
      ORDER BY i.id, r.item_revision DESC, r.remind_on DESC`,
    [tx.hospital.id, since],
  );
  return newest.filter((reminder) => outdated(reminder, tx.today) === null);
}
