import { Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { patientScopeSetting } from '../tenancy/caller.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { DomainError, invalid, notFound } from '../platform/domain-error.js';
import { nextCursor } from '../platform/http/paging.js';
import { loadReminder } from '../reminders/announced-reminder.js';
import type { DeliveryAttempt } from './deliveries/delivery-attempt.entity.js';
import { DeliveryDispatch } from './deliveries/delivery-dispatch.js';
import { addDeliveries, type DeliverySubject, subjectOf } from './deliveries/delivery-outbox.js';
import { Delivery } from './deliveries/delivery.entity.js';
import { remindersWithin } from './deliveries/endpoint-backlog.js';
import { resetEndpoint } from './endpoints/endpoint-health.js';
import { BEYOND_LIMITS, type EndpointScope, patientsWithin } from './endpoints/endpoint-limits.js';
import { outdated } from '../reminders/reminder-validity.js';
import { WebhookEndpoint } from './endpoints/webhook-endpoint.entity.js';
import { ownEndpoint, refuseUnverified } from './webhook-endpoints.service.js';
import {
  type Acknowledgement,
  type AcknowledgementInput,
  type DeliveriesQuery,
  type DeliveryPage,
  type DeliveryView,
  MOST_ATTEMPTS_SHOWN,
  type QueuedDelivery,
  type Recovery,
  type RecoveryInput,
} from './webhook-schemas.js';
import { msg } from '../platform/messages/dictionary.js';

/** Of an answer to an attempt before the latest one, in characters. */
const EARLIER_ANSWER_SHOWN = 200;

type ShownAttempt = Omit<DeliveryAttempt, 'hospitalId'>;

/** Lists an endpoint's deliveries, and repeats undelivered ones. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly dispatch: DeliveryDispatch,
  ) {}

  /** Lists deliveries with their latest attempts, newest first; also of a deleted endpoint. */
  async list(
    endpointId: string,
    { cursor, limit, state, eventType }: DeliveriesQuery,
  ): Promise<DeliveryPage> {
    return this.scope.transaction(async (tx) => {
      const hospitalId = tx.hospital.id;
      if (!(await tx.db.existsBy(WebhookEndpoint, { id: endpointId, hospitalId }))) {
        throw notFound('webhook-endpoint', endpointId);
      }
      const query = tx.db
        .createQueryBuilder(Delivery, 'd')
        .where('d.hospitalId = :hospitalId AND d.endpointId = :endpointId', { hospitalId, endpointId })
        .orderBy({ 'd.createdAt': 'DESC', 'd.id': 'DESC' })
        .limit(limit + 1);
      if (patientScopeSetting(tx.caller) !== '') query.andWhere(ABOUT_VISIBLE);
      if (state !== undefined) query.andWhere('d.state = :state', { state });
      if (eventType !== undefined) query.andWhere('d.eventType = :eventType', { eventType });
      if (cursor !== undefined) {
        query.andWhere(
          '(d.createdAt, d.id) < (SELECT c.created_at, c.id FROM delivery c WHERE c.id = :cursor)',
          { cursor: cursor[0] },
        );
      }
      const found = await query.getMany();
      const page = found.slice(0, limit);
      const attempts = await latestAttempts(tx, page);
      return {
        items: page.map((delivery) => viewOf(delivery, attempts.get(delivery.id) ?? [])),
        nextCursor: nextCursor(found, limit, ({ id }) => [id]),
      };
    });
  }

  /** Sends a message of type `endpoint.test`, also without a subscription to it. */
  async sendTest(endpointId: string): Promise<QueuedDelivery> {
    const deliveryId = uuid();
    await this.scope.transaction(async (tx) => {
      refuseUnverified(await ownEndpoint(tx, endpointId));
      await resetEndpoint(tx, endpointId);
      await tx.db.query(
        `INSERT INTO delivery (hospital_id, id, endpoint_id, event_type) VALUES ($1, $2, $3, 'endpoint.test')`,
        [tx.hospital.id, deliveryId, endpointId],
      );
    });
    this.dispatch.soon();
    return { deliveryId };
  }

  /** Sends the same message again, now: same webhook-id, same body. Refuses an outdated message. */
  async replay(deliveryId: string): Promise<QueuedDelivery> {
    await this.scope.transaction(async (tx) => {
      const delivery = await tx.db.findOne(Delivery, {
        where: { id: deliveryId, hospitalId: tx.hospital.id },
        lock: { mode: 'pessimistic_write' },
      });
      if (!delivery) throw notFound('delivery', deliveryId);
      await refuseOutdated(tx, delivery);
      await resetEndpoint(tx, delivery.endpointId);
      if (delivery.state === 'pending') await retryNow(tx, deliveryId);
      else await reopen(tx, deliveryId);
    });
    this.dispatch.soon();
    return { deliveryId };
  }

  /** Sends every event since then that the endpoint has not accepted; of the reminders those that are still valid. */
  async recover(endpointId: string, { since }: RecoveryInput): Promise<Recovery> {
    const deliveries = await this.scope.transaction(async (tx) => {
      const endpoint = await ownEndpoint(tx, endpointId);
      refuseHeld(endpoint);
      await resetEndpoint(tx, endpointId);
      const reminders = await remindersWithin(tx, endpoint.reach, new Date(since));
      const ids = reminders.map(({ id }) => id);
      const events = await eventsSince(tx, endpoint.reach, new Date(since));
      const subjects = [...ids, ...events.map(({ id }) => id)];
      const sooner =
        (await reopenExhausted(tx, endpointId, subjects)) + (await retryWaitingNow(tx, endpointId, subjects));
      const added = await addDeliveries(tx, [endpoint], [...reminders.map(subjectOf), ...events]);
      return sooner + added;
    });
    this.dispatch.soon();
    return { deliveries };
  }

  /**
   * Records that the receiver has processed all messages up to a sequence number; returns those that have not
   * arrived.
   */
  async acknowledge(endpointId: string, { through }: AcknowledgementInput): Promise<Acknowledgement> {
    return this.scope.transaction(async (tx) => {
      const { lastSequence } = await ownEndpoint(tx, endpointId);
      if (through > lastSequence) throw neverSent(lastSequence);
      const [, acknowledged] = await tx.db.query<[unknown, number]>(
        `UPDATE delivery SET acknowledged_at = $4
          WHERE hospital_id = $1 AND endpoint_id = $2 AND sequence <= $3 AND state = 'delivered' AND acknowledged_at IS NULL`,
        [tx.hospital.id, endpointId, through, tx.now],
      );
      const missing = await tx.db.query<{ sequence: number }[]>(
        `SELECT sequence FROM delivery
          WHERE hospital_id = $1 AND endpoint_id = $2 AND sequence <= $3 AND state IN ('pending', 'exhausted')
          ORDER BY sequence LIMIT 100`,
        [tx.hospital.id, endpointId, through],
      );
      return { acknowledged, missing: missing.map(({ sequence }) => sequence) };
    });
  }
}

/** The latest attempts at each of the deliveries, `MOST_ATTEMPTS_SHOWN` at most, the oldest of them first. */
async function latestAttempts(
  { db, hospital }: HospitalTransaction,
  deliveries: readonly Delivery[],
): Promise<ReadonlyMap<string, ShownAttempt[]>> {
  const rows = await db.query<ShownAttempt[]>(
    `SELECT a.delivery_id AS "deliveryId", a.number, a.started_at AS "startedAt", a.duration_ms AS "durationMs", a.outcome,
            a.status, a.error, CASE WHEN a.place = 1 THEN a.answer ELSE left(a.answer, ${EARLIER_ANSWER_SHOWN}) END AS answer
       FROM unnest($2::uuid[]) AS d (id)
      CROSS JOIN LATERAL (SELECT *, row_number() OVER (ORDER BY number DESC) AS place FROM delivery_attempt
                           WHERE hospital_id = $1 AND delivery_id = d.id
                           ORDER BY number DESC LIMIT ${MOST_ATTEMPTS_SHOWN}) AS a
      ORDER BY a.number`,
    [hospital.id, deliveries.map(({ id }) => id)],
  );
  const byDelivery = new Map<string, ShownAttempt[]>();
  for (const row of rows) byDelivery.set(row.deliveryId, [...(byDelivery.get(row.deliveryId) ?? []), row]);
  return byDelivery;
}

/** Refuses (409) an endpoint to which nothing is sent until a person changes that. */
function refuseHeld(endpoint: WebhookEndpoint): void {
  refuseUnverified(endpoint);
  if (endpoint.disabledReason !== 'paused') return;
  throw new DomainError('conflict', 'paused-endpoint', msg('paused-endpoint'));
}

const neverSent = (lastSequence: number): DomainError =>
  invalid('invalid-input', msg('invalid-input'), [
    {
      pointer: '/through',
      code: 'never-sent',
      message: msg('never-sent', { number: lastSequence }),
    },
  ]);

/** The events relayed since then, except reminders, in the order of the feed. */
async function eventsSince(
  tx: HospitalTransaction,
  reach: EndpointScope | null,
  since: Date,
): Promise<DeliverySubject[]> {
  const events = await tx.db.query<(Pick<DeliverySubject, 'id' | 'type'> & { patientId: string })[]>(
    `SELECT id, type, patient_id AS "patientId" FROM surveillance_event
      WHERE hospital_id = $1 AND occurred_at >= $2 AND position IS NOT NULL AND reminder_id IS NULL ORDER BY position`,
    [tx.hospital.id, since],
  );
  const within = await patientsWithin(
    tx,
    reach,
    events.map(({ patientId }) => patientId),
  );
  return events
    .filter(({ patientId }) => within.has(patientId))
    .map(({ id, type }) => ({ id, type, isReminder: false, digest: null }));
}

/** SQL: whether a delivery is about an endpoint, or about a patient whom row security shows. */
const ABOUT_VISIBLE = `(d.reminder_id IS NULL AND d.event_id IS NULL
  OR EXISTS (SELECT FROM reminder r JOIN surveillance_item i ON i.hospital_id = r.hospital_id AND i.id = r.item_id
              WHERE r.hospital_id = d.hospital_id AND r.id = d.reminder_id)
  OR EXISTS (SELECT FROM surveillance_event v JOIN patient p ON p.hospital_id = v.hospital_id AND p.id = v.patient_id
              WHERE v.hospital_id = d.hospital_id AND v.id = d.event_id))`;

/** The patient of a delivery; null: it is about the endpoint. Refuses (404) a patient whom the caller may not see. */
async function patientOf(tx: HospitalTransaction, { id }: Delivery): Promise<string | null> {
  const [visible] = await tx.db.query<{ patientId: string | null }[]>(
    `SELECT coalesce((SELECT i.patient_id FROM reminder r JOIN surveillance_item i ON i.hospital_id = r.hospital_id AND i.id = r.item_id
                       WHERE r.hospital_id = d.hospital_id AND r.id = d.reminder_id),
                     (SELECT v.patient_id FROM surveillance_event v WHERE v.hospital_id = d.hospital_id AND v.id = d.event_id)) AS "patientId"
       FROM delivery d WHERE d.hospital_id = $1 AND d.id = $2 AND ${ABOUT_VISIBLE}`,
    [tx.hospital.id, id],
  );
  if (!visible) throw notFound('delivery', id);
  return visible.patientId;
}

async function refuseOutdated(tx: HospitalTransaction, delivery: Delivery): Promise<void> {
  const { state, endpointId, reminderId, cancelledReason } = delivery;
  const endpoint = await ownEndpoint(tx, endpointId);
  const patientId = await patientOf(tx, delivery);
  refuseHeld(endpoint);
  const within = await patientsWithin(tx, endpoint.reach, patientId === null ? [] : [patientId]);
  const reminder = reminderId === null ? null : await loadReminder(tx, reminderId);
  const reason =
    state === 'cancelled'
      ? cancelledReason
      : patientId !== null && !within.has(patientId)
        ? BEYOND_LIMITS
        : reminder && (reminder.withheld ?? outdated(reminder, tx.today));
  if (reason === null) return;
  throw new DomainError('conflict', 'delivery-outdated', msg('delivery-outdated', { reason }), [], {
    reason,
  });
}

async function reopen(tx: HospitalTransaction, id: string): Promise<void> {
  await tx.db.query(`${REOPEN} AND id = $2`, [tx.hospital.id, id]);
}

async function reopenExhausted(
  tx: HospitalTransaction,
  endpointId: string,
  subjects: readonly string[],
): Promise<number> {
  const [, count] = await tx.db.query<[unknown, number]>(
    `${REOPEN} AND endpoint_id = $2 AND (reminder_id = ANY ($3) OR event_id = ANY ($3)) AND state = 'exhausted'`,
    [tx.hospital.id, endpointId, subjects],
  );
  return count;
}

async function retryNow(tx: HospitalTransaction, id: string): Promise<void> {
  await tx.db.query(`${RETRY_NOW} AND id = $2`, [tx.hospital.id, id]);
}

async function retryWaitingNow(
  tx: HospitalTransaction,
  endpointId: string,
  subjects: readonly string[],
): Promise<number> {
  const [, count] = await tx.db.query<[unknown, number]>(
    `${RETRY_NOW} AND endpoint_id = $2 AND (reminder_id = ANY ($3) OR event_id = ANY ($3))`,
    [tx.hospital.id, endpointId, subjects],
  );
  return count;
}

const REOPEN = `
  UPDATE delivery SET state = 'pending', next_attempt_at = program_now(), delivered_at = NULL, earlier_attempts = attempts
   WHERE hospital_id = $1`;

// A running attempt, which has no row yet, keeps its lease: its process will record the outcome.
const RETRY_NOW = `
  UPDATE delivery SET next_attempt_at = program_now()
   WHERE hospital_id = $1 AND state = 'pending' AND next_attempt_at > program_now()
     AND (attempts = 0 OR EXISTS (
       SELECT FROM delivery_attempt a WHERE a.delivery_id = delivery.id AND a.number = delivery.attempts))`;

function viewOf(delivery: Delivery, attempts: readonly ShownAttempt[]): DeliveryView {
  const {
    id,
    eventType,
    reminderId,
    eventId,
    sequence,
    state,
    createdAt,
    deliveredAt,
    acknowledgedAt,
    nextAttemptAt,
    cancelledReason,
  } = delivery;
  return {
    id,
    eventType,
    reminderId,
    eventId,
    sequence,
    state,
    createdAt: createdAt.toISOString(),
    deliveredAt: deliveredAt?.toISOString() ?? null,
    acknowledgedAt: acknowledgedAt?.toISOString() ?? null,
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    cancelledReason,
    attempts: attempts.map(({ number, startedAt, durationMs, outcome, status, error, answer }) => ({
      number,
      startedAt: startedAt.toISOString(),
      durationMs,
      outcome,
      status,
      error,
      answer,
    })),
  };
}
