import { Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { HospitalScope, type HospitalTransaction } from '../access/hospital-scope.js';
import type { CalendarDate } from '../guideline/calendar.js';
import type { ReminderKind } from '../schedules/reminder-calendar.js';
import { Replanning } from '../schedules/replanning.js';
import { SchedulesService } from '../schedules/schedules.service.js';
import { DeliveryDispatch } from './delivery-dispatch.js';
import { addDeliveries, holdEndpoints } from './delivery-outbox.js';
import { EndpointWatch } from './endpoint-watch.js';
import { NightlyExamination } from './nightly-examination.js';
import { reminderEventType } from './event-types.js';
import { decideReminder, type ItemToRemind, type ReminderDecision } from './reminder-round.js';

// One batch is one transaction: long enough to be cheap, short enough not to hold up a nurse.
const BATCH = 500;
const REPLANNED_AT_ONCE = 200;

/** Finds the reminders that are due and records them together with their deliveries. */
@Injectable()
export class ReminderSweep {
  constructor(
    private readonly scope: HospitalScope,
    private readonly schedules: SchedulesService,
    private readonly replanning: Replanning,
    private readonly dispatch: DeliveryDispatch,
    private readonly endpoints: EndpointWatch,
    private readonly examination: NightlyExamination,
  ) {}

  /**
   * Records every reminder that is due, in all hospitals, and offers every due delivery to the queue. Safe to
   * repeat and to run in several processes at once: each reminder is recorded once. One hospital's failure
   * keeps no other from its reminders; it is thrown at the end.
   */
  async sweep(): Promise<void> {
    const hospitals = await this.scope.acrossHospitals((db) =>
      db.query<{ id: string }[]>('SELECT id FROM hospital ORDER BY id'),
    );
    const failures: unknown[] = [];
    for (const { id } of hospitals) {
      try {
        await this.scope.run(id, () => this.sweepHospital());
      } catch (error) {
        failures.push(error);
      }
    }
    await this.dispatch.dispatchDue();
    if (failures.length > 0)
      throw new AggregateError(failures, `The sweep failed in ${failures.length} hospitals.`);
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

/** Answers how many items it has dealt with; 0: none are left. */
async function remindBatch(tx: HospitalTransaction): Promise<number> {
  const { leadDays, time } = tx.hospital.policy.reminders;
  const [{ day }] = await tx.db.query<[{ day: CalendarDate }]>(
    'SELECT (($1::timestamptz AT TIME ZONE $2) - $3::interval)::date AS day',
    [tx.now, tx.hospital.timeZone, time],
  );
  const endpoints = await holdEndpoints(tx);
  const items = await lockItemsToRemind(tx, day);

  const decisions = items.map((item) => ({ item, decision: decideReminder(item, day, leadDays) }));
  const recorded = await recordReminders(tx, decisions);

  await addDeliveries(tx, endpoints, recorded);
  await tx.db.query(
    `UPDATE surveillance_item i SET next_reminder_on = n.next
       FROM unnest($2::uuid[], $3::date[]) AS n (id, next) WHERE i.hospital_id = $1 AND i.id = n.id`,
    [
      tx.hospital.id,
      decisions.map(({ item }) => item.id),
      decisions.map(({ decision }) => decision.nextReminderOn),
    ],
  );
  return items.length;
}

interface ItemRow extends Omit<ItemToRemind, 'newest'> {
  newestId: string | null;
  newestKind: ReminderKind;
  newestDue: CalendarDate;
}

async function lockItemsToRemind(tx: HospitalTransaction, day: CalendarDate): Promise<ItemToRemind[]> {
  // The columns come out of the locked rows: a join could read them as they were before the lock.
  // What another sweep or a nurse holds is left to the next sweep; so is a patient whose plan still follows an older
  // policy. The hospital is held (`holdEndpoints`), so no other policy comes into force before this is committed.
  const rows = await tx.db.query<ItemRow[]>(
    `WITH c AS MATERIALIZED (
       SELECT id, due, overdue, missed_on, revision FROM surveillance_item
        WHERE hospital_id = $1 AND next_reminder_on <= $2::date
          AND EXISTS (SELECT FROM patient p JOIN hospital h ON h.id = p.hospital_id
                       WHERE p.hospital_id = $1 AND p.id = patient_id AND p.policy_version >= h.policy_version)
        ORDER BY next_reminder_on, id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
     SELECT c.id, c.due, c.overdue, c.missed_on AS "missedOn", c.revision,
            r.id AS "newestId", r.kind AS "newestKind", r.due AS "newestDue"
       FROM c LEFT JOIN LATERAL (
         SELECT id, kind, due FROM reminder WHERE hospital_id = $1 AND item_id = c.id
          ORDER BY item_revision DESC, remind_on DESC, created_at DESC LIMIT 1) r ON true`,
    [tx.hospital.id, day],
  );
  return rows.map(({ newestId, newestKind, newestDue, ...item }) => ({
    ...item,
    newest: newestId === null ? null : { id: newestId, kind: newestKind, due: newestDue },
  }));
}

interface RecordedReminder {
  readonly id: string;
  readonly kind: ReminderKind;
}

/** Answers the reminders that want a delivery: the new ones, and those said before but perhaps not heard. */
async function recordReminders(
  tx: HospitalTransaction,
  decisions: readonly { item: ItemToRemind; decision: ReminderDecision }[],
): Promise<RecordedReminder[]> {
  const known: RecordedReminder[] = [];
  const rows: {
    id: string;
    itemId: string;
    revision: number;
    kind: ReminderKind;
    due: string;
    remindOn: string;
  }[] = [];
  for (const { item, decision } of decisions) {
    const { reminder } = decision;
    if (reminder?.is === 'recorded') known.push(reminder);
    if (reminder?.is === 'new')
      rows.push({ id: uuid(), itemId: item.id, revision: item.revision, ...reminder });
  }
  const added = await tx.db.query<RecordedReminder[]>(
    `INSERT INTO reminder (hospital_id, id, item_id, item_revision, kind, due, remind_on)
     SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::date[], $7::date[])
     ON CONFLICT ON CONSTRAINT reminder_once DO NOTHING
     RETURNING id, kind`,
    [
      tx.hospital.id,
      rows.map(({ id }) => id),
      rows.map(({ itemId }) => itemId),
      rows.map(({ revision }) => revision),
      rows.map(({ kind }) => kind),
      rows.map(({ due }) => due),
      rows.map(({ remindOn }) => remindOn),
    ],
  );
  await tellOf(tx, added);
  return [...known, ...added];
}

/** A reminder is an event too, for those who read the events themselves. */
async function tellOf(tx: HospitalTransaction, added: readonly RecordedReminder[]): Promise<void> {
  await tx.db.query(
    `INSERT INTO surveillance_event (hospital_id, id, type, patient_id, item_id, reminder_id, data)
     SELECT r.hospital_id, new.event_id, new.type, i.patient_id, i.id, r.id,
            jsonb_build_object('itemId', i.id, 'activity', i.activity, 'due', i.due, 'overdue', i.overdue, 'status', r.kind)
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
}
