import { Injectable, Logger } from '@nestjs/common';
import { DateTime } from 'luxon';
import { v7 as uuid } from 'uuid';
import { HospitalScope, type HospitalTransaction } from '../access/hospital-scope.js';
import type { CalendarDate } from '../guideline/calendar.js';
import type { ReminderKind } from '../schedules/reminder-calendar.js';
import { Replanning } from '../schedules/replanning.js';
import { SchedulesService } from '../schedules/schedules.service.js';
import { ClockWatch } from './clock-watch.js';
import { DeliveryDispatch } from './delivery-dispatch.js';
import { addDeliveries, holdEndpoints, type AnnouncedReminder } from './delivery-outbox.js';
import { EndpointWatch } from './endpoint-watch.js';
import { NightlyExamination } from './nightly-examination.js';
import { QueueWatch } from './queue-watch.js';
import { reminderEventType } from './event-types.js';
import { remindingHours } from './reminding-hours.js';
import {
  decideReminder,
  type ItemToRemind,
  type NewReminder,
  type ReminderDecision,
} from './reminder-round.js';

// One batch is one transaction: long enough to be cheap, short enough not to hold up a nurse.
const BATCH = 500;
const REPLANNED_AT_ONCE = 200;

/** Finds the reminders that are due and records them together with their deliveries. */
@Injectable()
export class ReminderSweep {
  readonly clock = new ClockWatch();
  private readonly logger = new Logger(ReminderSweep.name);

  constructor(
    private readonly scope: HospitalScope,
    private readonly schedules: SchedulesService,
    private readonly replanning: Replanning,
    private readonly dispatch: DeliveryDispatch,
    private readonly queueWatch: QueueWatch,
    private readonly endpoints: EndpointWatch,
    private readonly examination: NightlyExamination,
  ) {}

  /**
   * Records every reminder that is due, in all hospitals, and offers every due delivery to the queue. Safe to
   * repeat and to run in several processes at once: each reminder is recorded once. One hospital's failure
   * keeps no other from its reminders; it is thrown at the end. While the time is doubted nothing is recorded, and what
   * was recorded before goes on.
   */
  async sweep(): Promise<void> {
    const hospitals = await this.hospitalsAtTrustedTime();
    const failures: unknown[] = [];
    for (const { id } of hospitals) {
      try {
        await this.scope.run(id, () => this.sweepHospital());
      } catch (error) {
        failures.push(error);
      }
    }
    this.queueWatch.watch(await this.dispatch.dispatchDue());
    if (failures.length > 0)
      throw new AggregateError(failures, `The sweep failed in ${failures.length} hospitals.`);
  }

  /** None while the database's clock cannot be believed. */
  private async hospitalsAtTrustedTime(): Promise<readonly { readonly id: string }[]> {
    const hospitals = await this.scope.acrossHospitals((db) =>
      db.query<{ id: string; databaseMs: number }[]>(
        'SELECT id, extract(epoch FROM clock_timestamp())::float8 * 1000 AS "databaseMs" FROM hospital ORDER BY id',
      ),
    );
    const [first] = hospitals;
    if (!first) return [];
    const stopwatchMs = Number(process.hrtime.bigint() / 1_000_000n);
    const state = this.clock.look({ databaseMs: first.databaseMs, stopwatchMs });
    if (state === 'jumped')
      this.logger.error(
        `The database's clock has jumped (it says ${DateTime.fromMillis(first.databaseMs).toISO()}): no reminder is recorded ` +
          'until it goes back, or has stood for ten minutes. If it is right, a new start of the worker believes it at once.',
      );
    return state === 'steady' ? hospitals : [];
  }

  private async sweepHospital(): Promise<void> {
    // What is reminded of must be what the guideline says today. Each round puts its patients' next day off.
    while ((await this.schedules.reviseOutdated(REPLANNED_AT_ONCE)) > 0);
    // And by the policy in force. Only those of whom something is to be said today are re-planned here: their reminders
    // need not wait for the whole hospital, and a hospital's plan change does not hold up the others' reminders.
    while ((await this.replanning.beforeReminders(REPLANNED_AT_ONCE)) > 0);
    let size: number;
    do {
      size = await this.scope.transaction(remindBatch);
      // The first message need not wait for the last batch.
      if (size === BATCH) this.dispatch.soon();
    } while (size > 0);
    await this.endpoints.watch();
    await this.examination.examineNightly();
  }
}

/** Answers how many items it has dealt with; 0: none are left, or none may be told of now. */
async function remindBatch(tx: HospitalTransaction): Promise<number> {
  const { day, quietUntil } = await remindingHours(tx);
  if (quietUntil !== null) return 0;
  const endpoints = await holdEndpoints(tx);
  const items = await lockItemsToRemind(tx, day);

  const decided = items.map((item) => ({ item, ...decideReminder(item, day, tx.hospital.policy.reminders) }));
  const recorded = await recordReminders(tx, decided);

  await addDeliveries(tx, endpoints, recorded);
  await tx.db.query(
    `UPDATE surveillance_item i SET next_reminder_on = n.next
       FROM unnest($2::uuid[], $3::date[]) AS n (id, next) WHERE i.hospital_id = $1 AND i.id = n.id`,
    [tx.hospital.id, decided.map(({ item }) => item.id), decided.map(({ nextReminderOn }) => nextReminderOn)],
  );
  return items.length;
}

interface ItemRow extends Omit<ItemToRemind, 'newest'> {
  newestId: string | null;
  newestKind: ReminderKind;
  newestDue: CalendarDate;
  newestRemindOn: CalendarDate;
}

/** The longest due first, and with an item all those of its patient: what is told together is decided together. */
async function lockItemsToRemind(tx: HospitalTransaction, day: CalendarDate): Promise<ItemToRemind[]> {
  // The columns come out of the locked rows: a join could read them as they were before the lock.
  // What another sweep or a nurse holds is left to the next sweep; so is a patient whose plan still follows an older
  // policy. The hospital is held (`holdEndpoints`), so no other policy comes into force before this is committed.
  const rows = await tx.db.query<ItemRow[]>(
    `WITH first AS MATERIALIZED (
       SELECT patient_id FROM surveillance_item
        WHERE hospital_id = $1 AND next_reminder_on <= $2::date
          AND EXISTS (SELECT FROM patient p JOIN hospital h ON h.id = p.hospital_id
                       WHERE p.hospital_id = $1 AND p.id = patient_id AND p.policy_version >= h.policy_version)
        ORDER BY due, id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED),
     c AS MATERIALIZED (
       SELECT id, patient_id, activity, due, overdue, missed_on, revision, changed_at FROM surveillance_item
        WHERE hospital_id = $1 AND next_reminder_on <= $2::date AND patient_id IN (SELECT patient_id FROM first)
        ORDER BY due, id FOR UPDATE SKIP LOCKED)
     SELECT c.id, c.patient_id AS "patientId", c.activity, c.due, c.overdue, c.missed_on AS "missedOn", c.revision,
            (c.changed_at AT TIME ZONE $3)::date AS "changedOn",
            r.id AS "newestId", r.kind AS "newestKind", r.due AS "newestDue", r.remind_on AS "newestRemindOn"
       FROM c LEFT JOIN LATERAL (
         SELECT id, kind, due, remind_on FROM reminder WHERE hospital_id = $1 AND item_id = c.id
          ORDER BY item_revision DESC, remind_on DESC, created_at DESC LIMIT 1) r ON true
      ORDER BY c.due, c.id`,
    [tx.hospital.id, day, tx.hospital.timeZone],
  );
  return rows.map(
    ({ newestId: id, newestKind: kind, newestDue: due, newestRemindOn: remindOn, ...item }) => ({
      ...item,
      newest: id === null ? null : { id, kind, due, remindOn },
    }),
  );
}

interface NewRow extends NewReminder {
  readonly id: string;
  readonly item: ItemToRemind;
  /** The event that tells several reminders of one patient together; null: it is told by itself. */
  readonly digest: string | null;
}

/** Answers the reminders that want a delivery: the new ones, and those said before but perhaps not heard. */
async function recordReminders(
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
  const added = await tx.db.query<AnnouncedReminder[]>(
    `INSERT INTO reminder (hospital_id, id, item_id, item_revision, kind, due, remind_on, escalated_to, late, digest)
     SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::date[], $7::date[], $8::text[], $9::boolean[], $10::uuid[])
     ON CONFLICT ON CONSTRAINT reminder_once DO NOTHING
     RETURNING id, kind, digest`,
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
  await tellOf(tx, added);
  return [...known, ...added];
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

/** A reminder is an event too, for those who read the events themselves; so are several that are told together. */
async function tellOf(tx: HospitalTransaction, added: readonly AnnouncedReminder[]): Promise<void> {
  await tx.db.query(
    `INSERT INTO surveillance_event (hospital_id, id, type, patient_id, item_id, reminder_id, data)
     SELECT r.hospital_id, new.event_id, new.type, i.patient_id, i.id, r.id, ${REMINDER_DATA}
       FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS new (reminder_id, event_id, type)
       JOIN reminder r ON r.hospital_id = $1 AND r.id = new.reminder_id
       JOIN surveillance_item i ON i.hospital_id = $1 AND i.id = r.item_id`,
    [
      tx.hospital.id,
      added.map(({ id }) => id),
      added.map(() => uuid()),
      added.map(({ kind }) => reminderEventType(kind)),
    ],
  );
  const digests = new Set(added.flatMap(({ digest }) => digest ?? []));
  if (digests.size === 0) return;
  await tx.db.query(
    `INSERT INTO surveillance_event (hospital_id, id, type, patient_id, data)
     SELECT $1, r.digest, 'surveillance.patient.digest', i.patient_id,
            jsonb_build_object('items', jsonb_agg(${REMINDER_DATA} ORDER BY i.due, i.id))
       FROM reminder r JOIN surveillance_item i ON i.hospital_id = $1 AND i.id = r.item_id
      WHERE r.hospital_id = $1 AND r.digest = ANY ($2) GROUP BY r.digest, i.patient_id`,
    [tx.hospital.id, [...digests]],
  );
}

const REMINDER_DATA = `jsonb_strip_nulls(jsonb_build_object('itemId', i.id, 'activity', i.activity, 'due', i.due,
  'overdue', i.overdue, 'status', r.kind, 'escalatedTo', r.escalated_to, 'late', CASE WHEN r.late THEN true END))`;
