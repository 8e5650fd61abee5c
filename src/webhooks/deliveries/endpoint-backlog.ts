import { v7 as uuid } from 'uuid';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { currentReminders } from '../../reminders/announced-reminder.js';
import type { ReminderKind } from '../../schedules/reminder-calendar.js';
import { addDeliveries, type Subscriber, subjectOf } from './delivery-outbox.js';
import { type EndpointFilter, passes } from '../endpoints/endpoint-filter.js';
import { type EndpointScope, patientsWithin } from '../endpoints/endpoint-limits.js';
import { reminderEventType } from '../../reminders/reminder-events.js';
import { BACKLOG, isSubscribed } from '../messages/event-types.js';

/** The current reminders that a new endpoint is sent, recorded before its registration. */
export const BACKLOG_CHOICES = ['new', 'digest', 'all'] as const;
export type BacklogChoice = (typeof BACKLOG_CHOICES)[number];

/** The largest backlog that is sent one by one to an endpoint without a choice; a larger one is one digest. */
export const SENT_ONE_BY_ONE = 20;

/** The number of items with a current reminder, by its kind. */
export interface BacklogCounts {
  readonly open: number;
  readonly overdue: number;
  readonly due: number;
  readonly upcoming: number;
  readonly patients: number;
}

/** The counts, and the chosen form of the backlog. */
export interface Backlog extends BacklogCounts {
  readonly sent: BacklogChoice;
}

export type BacklogReader = Pick<Subscriber, 'eventTypes'> & {
  readonly filter: EndpointFilter | null;
  readonly reach: EndpointScope | null;
};

/** The endpoint's own choice; without one a large backlog is one message, so that it does not flood the receiver. */
export const chosenBacklog = (asked: BacklogChoice | undefined, open: number): BacklogChoice =>
  asked ?? (open > SENT_ONE_BY_ONE ? 'digest' : 'all');

/** What registration would send to the endpoint now. */
export async function backlogOf(
  tx: HospitalTransaction,
  reader: BacklogReader,
  asked: BacklogChoice | undefined,
): Promise<Backlog> {
  const counts = countsFor(reader, await remindersWithin(tx, reader.reach, null));
  return { sent: chosenBacklog(asked, counts.open), ...counts };
}

/** The counts for backlog messages among these without a body; null: there are none. */
export const backlogIn = async (
  tx: HospitalTransaction,
  reader: BacklogReader,
  messages: readonly { readonly eventType: string; readonly body: string | null }[],
): Promise<BacklogCounts | null> =>
  messages.some(({ eventType, body }) => eventType === BACKLOG && body === null)
    ? countsFor(reader, await remindersWithin(tx, reader.reach, null))
    : null;

/** Makes the deliveries of the new endpoint's backlog. */
export async function sendBacklog(
  tx: HospitalTransaction,
  endpoint: Subscriber & BacklogReader,
  asked: BacklogChoice | undefined,
): Promise<Backlog> {
  const reminders = await remindersWithin(tx, endpoint.reach, null);
  const counts = countsFor(endpoint, reminders);
  const sent = chosenBacklog(asked, counts.open);
  if (sent === 'all') await addDeliveries(tx, [endpoint], reminders.map(subjectOf));
  if (sent === 'digest' && counts.open > 0)
    await tx.db.query(
      `INSERT INTO delivery (hospital_id, id, endpoint_id, event_type) VALUES ($1, $2, $3, $4)`,
      [tx.hospital.id, uuid(), endpoint.id, BACKLOG],
    );
  return { sent, ...counts };
}

/** The current reminders, recorded at `since` or later, about patients within the limits. */
export async function remindersWithin(
  tx: HospitalTransaction,
  reach: EndpointScope | null,
  since: Date | null,
): Promise<CurrentReminder[]> {
  const reminders = await currentReminders(tx, since);
  const within = await patientsWithin(
    tx,
    reach,
    reminders.map(({ patientId }) => patientId),
  );
  return reminders.filter(({ patientId }) => within.has(patientId));
}

type CurrentReminder = Awaited<ReturnType<typeof currentReminders>>[number];

function countsFor(
  { eventTypes, filter }: BacklogReader,
  reminders: readonly CurrentReminder[],
): BacklogCounts {
  const current = reminders.filter(
    (reminder) =>
      reminder.withheld === null &&
      isSubscribed(eventTypes, reminderEventType(reminder.kind)) &&
      passes(filter, reminder),
  );
  const of = (kind: ReminderKind): number => current.filter((one) => one.kind === kind).length;
  return {
    ...{ open: current.length, overdue: of('overdue'), due: of('due'), upcoming: of('upcoming') },
    patients: new Set(current.map(({ patientId }) => patientId)).size,
  };
}
