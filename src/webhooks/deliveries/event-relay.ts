import { Injectable } from '@nestjs/common';
import type { SurveillanceEventType } from '../../schedules/surveillance-events.js';
import { Tracing } from '../../platform/tracing/tracing.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { isMoving, throwFailures } from '../../tenancy/each-hospital.js';
import { DeliveryDispatch } from './delivery-dispatch.js';
import { addDeliveries, type DeliverySubject, lockSubscribers, type Subscriber } from './delivery-outbox.js';
import { reopenWithheld } from './withheld-deliveries.js';

const BATCH = 500;

/**
 * Makes all deliveries from the records of the other rooms. Assigns each event its position in the hospital's feed
 * after the commit that recorded it, and makes its deliveries with the position. So a reader of the feed who has read
 * up to a position has missed nothing before it.
 */
@Injectable()
export class EventRelay {
  constructor(
    private readonly scope: HospitalScope,
    private readonly dispatch: DeliveryDispatch,
    private readonly tracing: Tracing,
  ) {}

  /**
   * Relays the waiting records of all hospitals, one batch of each in turn. Idempotent, and safe in several processes
   * at once. A failure in one hospital does not stop the others; the errors are thrown at the end. After `withinMs` it leaves
   * the rest to the next call.
   */
  async relay(withinMs = Infinity): Promise<void> {
    const ends = performance.now() + withinMs;
    const failures: unknown[] = [];
    let waiting = await this.scope.askAcrossHospitals<{ id: string }>(WAITING);
    while (waiting.length > 0 && performance.now() < ends) {
      const unfinished: { id: string }[] = [];
      for (const hospital of waiting)
        try {
          const relayed = await this.relayNext(hospital.id);
          if (relayed === BATCH) unfinished.push(hospital);
        } catch (error) {
          if (!isMoving(error)) failures.push(error);
        }
      // After each batch: the first message must not wait for the last batch.
      this.dispatch.soon();
      waiting = unfinished;
    }
    throwFailures('The relay', failures);
  }

  private async relayNext(hospital: string): Promise<number> {
    return this.tracing.trace('relay', { hospital }, async (span) => {
      const count = await this.scope.run(hospital, () => this.scope.transaction(relayBatch));
      span.note({ count });
      return count;
    });
  }

  /** Relays all waiting records of one hospital, before an endpoint is added there. */
  async relayHospital(hospitalId: string): Promise<void> {
    await this.scope.run(hospitalId, async () => {
      while ((await this.scope.transaction(relayBatch)) === BATCH);
    });
  }
}

const WAITING = `
  SELECT hospital_id AS id FROM surveillance_event WHERE position IS NULL OR awaiting_relay_since IS NOT NULL
  UNION SELECT hospital_id FROM patient_consent WHERE awaiting_relay_since IS NOT NULL`;

/** Returns the number of events relayed. */
async function relayBatch(tx: HospitalTransaction): Promise<number> {
  await lockFeed(tx);
  const count = await relayEvents(tx, await lockSubscribers(tx, 'shared'));
  await reopenWithheld(tx);
  return count;
}

/**
 * Before an endpoint is added: locks out the sweep and the relay until the transaction ends, and relays the existing
 * records to the existing endpoints. The new endpoint gets later records, and its backlog.
 */
export async function relayBeforeNewSubscriber(tx: HospitalTransaction): Promise<void> {
  await lockFeed(tx);
  const subscribers = await lockSubscribers(tx, 'exclusive');
  while ((await relayEvents(tx, subscribers)) === BATCH);
}

/** One transaction at a time assigns positions: others wait here, and then read the remaining rows. */
async function lockFeed({ db, hospital }: HospitalTransaction): Promise<void> {
  await db.query('INSERT INTO event_feed (hospital_id) VALUES ($1) ON CONFLICT DO NOTHING', [hospital.id]);
  await db.query('SELECT FROM event_feed WHERE hospital_id = $1 FOR UPDATE', [hospital.id]);
}

interface RelayedRow {
  readonly id: string;
  readonly type: SurveillanceEventType;
  readonly ordinal: number;
  readonly isNew: boolean;
  readonly reminderId: string | null;
  readonly digest: string | null;
  /** Whether it waited for its deliveries. The previous version makes the deliveries of its own reminders. */
  readonly isAwaited: boolean;
}

/** Relays one batch in the order in which the events were recorded; returns its size. */
async function relayEvents(tx: HospitalTransaction, subscribers: readonly Subscriber[]): Promise<number> {
  const [events] = await tx.db.query<[RelayedRow[], number]>(RELAY_BATCH, [tx.hospital.id]);
  if (events.length === 0) return 0;
  await tx.db.query('UPDATE event_feed SET last_position = last_position + $2 WHERE hospital_id = $1', [
    tx.hospital.id,
    events.filter(({ isNew }) => isNew).length,
  ]);
  const subjects = events
    .filter(({ reminderId, isAwaited }) => reminderId === null || isAwaited)
    .sort((a, b) => a.ordinal - b.ordinal)
    .map(({ id, type, reminderId, digest }): DeliverySubject => ({
      ...{ id: reminderId ?? id, type, isReminder: reminderId !== null, digest },
    }));
  await addDeliveries(tx, subscribers, subjects);
  return events.length;
}

// A reminder that is announced again has a later waiting time than its record: its digest left before, and it goes
// alone. PostgreSQL may take every table for empty, because it looked at them before the first patients came. So the
// batch is computed once, each digest is looked up by its id, and no event outside the range of the batch is read.
const RELAY_BATCH = `
  WITH feed AS (SELECT last_position FROM event_feed WHERE hospital_id = $1),
       waiting AS MATERIALIZED (
         SELECT first.*, count(*) FILTER (WHERE is_new) OVER (ORDER BY ordinal) AS place,
                CASE WHEN awaiting_relay_since = occurred_at THEN r.digest END AS digest
           FROM (SELECT id, ordinal, reminder_id, occurred_at, awaiting_relay_since, position IS NULL AS is_new
                   FROM surveillance_event
                  WHERE hospital_id = $1 AND (position IS NULL OR awaiting_relay_since IS NOT NULL)
                  ORDER BY ordinal LIMIT ${BATCH}) AS first
           LEFT JOIN LATERAL (SELECT digest FROM reminder
                               WHERE hospital_id = $1 AND id = first.reminder_id LIMIT 1) AS r ON true)
  UPDATE surveillance_event e
     SET position = coalesce(e.position, feed.last_position + waiting.place), awaiting_relay_since = NULL
    FROM waiting, feed
   WHERE e.hospital_id = $1 AND e.id = waiting.id AND e.ordinal <= (SELECT max(ordinal) FROM waiting)
     AND (e.position IS NULL OR e.awaiting_relay_since IS NOT NULL)
  RETURNING e.id, e.type, e.ordinal, waiting.is_new AS "isNew", e.reminder_id AS "reminderId", waiting.digest,
            waiting.awaiting_relay_since IS NOT NULL AS "isAwaited"`;
