import { Injectable, Logger } from '@nestjs/common';
import { DateTime } from 'luxon';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import type { CalendarDate } from '../guideline/calendar.js';
import type { ReminderKind } from '../schedules/reminder-calendar.js';
import { Replanning } from '../schedules/policy-changes/replanning.js';
import { isStale } from '../schedules/stale-plans.js';
import { SchedulesService } from '../schedules/schedules.service.js';
import { ClockWatch } from './clock-watch.js';
import { DeliveryDispatch } from '../webhooks/deliveries/delivery-dispatch.js';
import { addDeliveries, holdEndpoints } from '../webhooks/deliveries/delivery-outbox.js';
import { EndpointWatch } from '../webhooks/endpoints/endpoint-watch.js';
import { NightlyExamination } from '../monitoring/nightly-delivery-audit.js';
import { QueueWatch } from '../webhooks/deliveries/queue-watch.js';
import { sendingWindow } from './sending-window.js';
import { recordReminders } from './reminder-recording.js';
import { decideReminder, type ItemToRemind } from './reminder-decision.js';

// One batch is one transaction: long enough to be cheap, short enough not to hold up a nurse.
const BATCH = 500;
// So many patients are put in order at once: after a long outage the order is not found anew for each batch.
const ORDERED_AT_ONCE = 20 * BATCH;
const REPLANNED_AT_ONCE = 200;
const RECORDED_WITHIN_MS = 10_000;

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

  /**
   * Records what is due in the hospital of the caller, before a new endpoint is admitted: just after an import these are
   * the backlog, and would reach it one by one. What does not fit into the time is left to the next sweep.
   */
  async recordDue(hospitalId: string): Promise<void> {
    const ends = performance.now() + RECORDED_WITHIN_MS;
    if ((await this.hospitalsAtTrustedTime()).length === 0) return;
    await this.scope.run(hospitalId, async () => {
      while ((await this.remindNext()) && performance.now() < ends);
    });
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
    while (await this.remindNext());
    await this.endpoints.watch();
    await this.examination.examineNightly();
    await this.scope.transaction(noteSweep);
  }

  /** Reminds of the patients who have waited longest; false once nobody is left whom it can remind of now. */
  private async remindNext(): Promise<boolean> {
    const patients = await this.scope.transaction(longestDue);
    let reminded = 0;
    for (let first = 0; first < patients.length; first += BATCH) {
      const batch = patients.slice(first, first + BATCH);
      reminded += await this.scope.transaction((tx) => remindOf(tx, batch));
      // The first message need not wait for the last batch.
      if (batch.length === BATCH) this.dispatch.soon();
    }
    return reminded > 0;
  }
}

/** Says that all was looked for, so that somebody notices when it is no more. */
async function noteSweep({ db, hospital, now }: HospitalTransaction): Promise<void> {
  await db.query(
    `INSERT INTO reminder_sweep (hospital_id, swept_at) VALUES ($1, $2)
     ON CONFLICT (hospital_id) DO UPDATE SET swept_at = excluded.swept_at`,
    [hospital.id, now],
  );
}

/** A patient of whom something is to be said, and the items that call for it. */
interface Waiting {
  readonly patientId: string;
  readonly itemIds: readonly string[];
}

/** The patients with the longest due items first; none in quiet hours. A plan that follows an older policy is not told of. */
async function longestDue(tx: HospitalTransaction): Promise<readonly Waiting[]> {
  const { day, quietUntil } = await sendingWindow(tx);
  if (quietUntil !== null) return [];
  return tx.db.query<Waiting[]>(
    // Each patient is looked up: how many have something due today, the planner's statistics do not know.
    `WITH waiting AS MATERIALIZED (
       SELECT patient_id, array_agg(id) AS items, min(due) AS due FROM surveillance_item
        WHERE hospital_id = $1 AND next_reminder_on <= $2::date GROUP BY patient_id)
     SELECT patient_id AS "patientId", items AS "itemIds" FROM waiting
      WHERE (SELECT NOT ${isStale('p')} FROM patient p WHERE p.hospital_id = $1 AND p.id = patient_id)
      ORDER BY due, patient_id LIMIT ${ORDERED_AT_ONCE}`,
    [tx.hospital.id, day],
  );
}

/** Answers how many items it has dealt with. */
async function remindOf(tx: HospitalTransaction, patients: readonly Waiting[]): Promise<number> {
  const { day, quietUntil } = await sendingWindow(tx);
  if (quietUntil !== null) return 0;
  const endpoints = await holdEndpoints(tx);
  const items = await lockItemsToRemind(tx, day, patients);
  if (items.length === 0) return 0;

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

/** The longest due first. Of each patient all or none: what is told together is decided together. */
async function lockItemsToRemind(
  tx: HospitalTransaction,
  day: CalendarDate,
  patients: readonly Waiting[],
): Promise<ItemToRemind[]> {
  // The columns come out of the locked rows: a join could read them as they were before the lock.
  // A patient whom another sweep or a nurse holds is left to the next sweep; so is one whose plan still follows an older
  // policy. The hospital is held (`holdEndpoints`), so no other policy comes into force before this is committed.
  const rows = await tx.db.query<ItemRow[]>(
    `WITH held AS MATERIALIZED (
       SELECT p.id FROM patient p
        WHERE p.hospital_id = $1 AND p.id = ANY ($4) AND NOT ${isStale('p')}
        ORDER BY p.id FOR NO KEY UPDATE SKIP LOCKED),
     c AS MATERIALIZED (
       SELECT id, patient_id, activity, due, overdue, missed_on, revision, changed_at FROM surveillance_item
        WHERE hospital_id = $1 AND id = ANY ($5) AND next_reminder_on <= $2::date AND patient_id = ANY (ARRAY(SELECT id FROM held))
        ORDER BY due, id FOR UPDATE SKIP LOCKED)
     SELECT c.id, c.patient_id AS "patientId", c.activity, c.due, c.overdue, c.missed_on AS "missedOn", c.revision,
            (c.changed_at AT TIME ZONE $3)::date AS "changedOn",
            r.id AS "newestId", r.kind AS "newestKind", r.due AS "newestDue", r.remind_on AS "newestRemindOn"
       FROM c LEFT JOIN LATERAL (
         SELECT id, kind, due, remind_on FROM reminder WHERE hospital_id = $1 AND item_id = c.id
          ORDER BY item_revision DESC, remind_on DESC, created_at DESC LIMIT 1) r ON true
      ORDER BY c.due, c.id`,
    [
      ...[tx.hospital.id, day, tx.hospital.timeZone],
      ...[patients.map(({ patientId }) => patientId), patients.flatMap(({ itemIds }) => itemIds)],
    ],
  );
  return rows.map(
    ({ newestId: id, newestKind: kind, newestDue: due, newestRemindOn: remindOn, ...item }) => ({
      ...item,
      newest: id === null ? null : { id, kind, due, remindOn },
    }),
  );
}
