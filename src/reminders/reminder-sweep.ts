import { Injectable } from '@nestjs/common';
import { Tracing } from '../platform/tracing/tracing.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { stepInTurns } from '../tenancy/each-hospital.js';
import type { CalendarDate } from '../guideline/calendar.js';
import type { ReminderKind } from '../schedules/reminder-calendar.js';
import { Replanning } from '../schedules/policy-changes/replanning.js';
import { isStale } from '../schedules/stale-plans.js';
import { SchedulesService } from '../schedules/schedules.service.js';
import { decideReminder, type ItemToRemind } from './reminder-decision.js';
import { recordReminders } from './reminder-recording.js';
import { sendingWindow } from './sending-window.js';
import { CalendarWatch } from '../work-calendar/calendar-watch.js';
import { TrustedClock } from './trusted-clock.js';

// One batch is one transaction: large enough to be efficient, short enough not to delay a nurse.
const BATCH = 500;
// Patients sorted at once, so that after a long outage only some batches sort again.
const ORDERED_AT_ONCE = 20 * BATCH;
const REPLANNED_AT_ONCE = 200;
const RECORDED_WITHIN_MS = 10_000;

/** Finds the reminders that are due and records each with its surveillance event. Webhooks read what is recorded. */
@Injectable()
export class ReminderSweep {
  constructor(
    private readonly scope: HospitalScope,
    private readonly clock: TrustedClock,
    private readonly schedules: SchedulesService,
    private readonly replanning: Replanning,
    private readonly calendar: CalendarWatch,
    private readonly tracing: Tracing,
  ) {}

  /**
   * Records every due reminder in all hospitals, in turns: one with very many delays the others by one batch. Idempotent,
   * and safe in several processes at once: each reminder is recorded once. A failure in one hospital does not stop the
   * others; the errors are thrown at the end. Records nothing while the clock is in doubt. After `withinMs` it leaves the
   * rest to the next sweep, which first looks at all hospitals again.
   */
  async sweep(withinMs = Infinity): Promise<void> {
    const ends = performance.now() + withinMs;
    const mayGoOn = (): boolean => performance.now() < ends;
    await stepInTurns(this.scope, await this.clock.hospitals(), 'The sweep', (id) => {
      const steps = this.sweepSteps(mayGoOn);
      return {
        next: () =>
          this.tracing.trace('sweep', { hospital: id }, async (span) => {
            const step = await steps.next();
            span.note({ count: step.value ?? 0 });
            return step;
          }),
      };
    });
  }

  /**
   * Records due reminders of one hospital before a new endpoint is added: after an import they form the backlog, and
   * would otherwise reach the endpoint one by one. Leaves to the next sweep what takes longer than ten seconds.
   */
  async recordDue(hospitalId: string): Promise<void> {
    const ends = performance.now() + RECORDED_WITHIN_MS;
    if ((await this.clock.hospitals()).length === 0) return;
    await this.scope.run(hospitalId, async () => {
      const batches = this.remind(() => performance.now() < ends);
      while ((await batches.next()).done !== true);
    });
  }

  /** Yields the number of items decided after each batch in the hospital in scope. */
  private async *sweepSteps(mayGoOn: () => boolean): AsyncGenerator<number, void> {
    // Reminders must follow the work calendar, which an upgrade of the program may have extended.
    await this.calendar.check();
    // They must also follow the guideline as of today. Each round moves its patients' next replanning to a later day.
    while (mayGoOn() && (await this.schedules.reviseOutdated(REPLANNED_AT_ONCE)) > 0) yield 0;
    // They must also follow the policy in force. Only patients with a due reminder are replanned here: neither their
    // reminders nor those of other hospitals wait for a whole hospital's policy rollout.
    while (mayGoOn() && (await this.replanning.beforeReminders(REPLANNED_AT_ONCE)) > 0) yield 0;
    yield* this.remind(mayGoOn);
    await this.scope.transaction(noteSweep);
  }

  /**
   * Decides the reminders of the patients who have waited longest, until no patient is left who can be reminded now; yields
   * the number of items decided after each batch.
   */
  private async *remind(mayGoOn: () => boolean): AsyncGenerator<number, void> {
    for (let decided = 1; decided > 0;) {
      decided = 0;
      const patients = await this.scope.transaction(longestDue);
      for (let first = 0; first < patients.length && mayGoOn(); first += BATCH) {
        const batch = patients.slice(first, first + BATCH);
        const items = await this.scope.transaction((tx) => remindOf(tx, batch));
        decided += items;
        yield items;
      }
    }
  }
}

/** Records the time of the sweep: the metrics show when sweeps stop. */
async function noteSweep({ db, hospital, now }: HospitalTransaction): Promise<void> {
  await db.query(
    `INSERT INTO reminder_sweep (hospital_id, swept_at) VALUES ($1, $2)
     ON CONFLICT (hospital_id) DO UPDATE SET swept_at = excluded.swept_at`,
    [hospital.id, now],
  );
}

/** A patient with items whose next reminder is due. */
interface Waiting {
  readonly patientId: string;
  readonly itemIds: readonly string[];
}

/** Patients with the longest due items first; none in quiet hours, and none with a stale plan. */
async function longestDue(tx: HospitalTransaction): Promise<readonly Waiting[]> {
  const { day, quietUntil } = await sendingWindow(tx);
  if (quietUntil !== null) return [];
  return tx.db.query<Waiting[]>(
    // The subquery looks each patient up: the statistics of PostgreSQL do not know how many have an item due today.
    `WITH waiting AS MATERIALIZED (
       SELECT patient_id, array_agg(id) AS items, min(due) AS due FROM surveillance_item
        WHERE hospital_id = $1 AND next_reminder_on <= $2::date GROUP BY patient_id)
     SELECT patient_id AS "patientId", items AS "itemIds" FROM waiting
      WHERE (SELECT NOT ${isStale('p')} FROM patient p WHERE p.hospital_id = $1 AND p.id = patient_id)
      ORDER BY due, patient_id LIMIT ${ORDERED_AT_ONCE}`,
    [tx.hospital.id, day],
  );
}

/** Returns the number of items decided. */
async function remindOf(tx: HospitalTransaction, patients: readonly Waiting[]): Promise<number> {
  const { day, quietUntil } = await sendingWindow(tx);
  if (quietUntil !== null) return 0;
  await lockPolicy(tx);
  const items = await lockItemsToRemind(tx, day, patients);
  if (items.length === 0) return 0;

  const decided = items.map((item) => ({ item, ...decideReminder(item, day, tx.hospital.policy.reminders) }));
  await recordReminders(tx, decided);
  await tx.db.query(
    `UPDATE surveillance_item i SET next_reminder_on = n.next
       FROM unnest($2::uuid[], $3::date[]) AS n (id, next) WHERE i.hospital_id = $1 AND i.id = n.id`,
    [tx.hospital.id, decided.map(({ item }) => item.id), decided.map(({ nextReminderOn }) => nextReminderOn)],
  );
  return items.length;
}

/**
 * Until the transaction ends, no other policy comes into force and no webhook endpoint is added: a new endpoint reads which
 * reminders are recorded before it.
 */
async function lockPolicy({ db, hospital }: HospitalTransaction): Promise<void> {
  await db.query('SELECT FROM hospital WHERE id = $1 FOR SHARE', [hospital.id]);
}

interface ItemRow extends Omit<ItemToRemind, 'newest'> {
  newestId: string | null;
  newestKind: ReminderKind;
  newestDue: CalendarDate;
  newestRemindOn: CalendarDate;
}

/** The longest due first. All items of a patient or none: the items of one digest are decided together. */
async function lockItemsToRemind(
  tx: HospitalTransaction,
  day: CalendarDate,
  patients: readonly Waiting[],
): Promise<ItemToRemind[]> {
  // The columns come from the locked rows: a join could read their values from before the lock.
  // Patients whom another sweep or a nurse has locked, and patients with a stale plan, are left to the next sweep. No plan
  // becomes stale before the commit: see `lockPolicy`.
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
