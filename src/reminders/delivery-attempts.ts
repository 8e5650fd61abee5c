import { Injectable } from '@nestjs/common';
import { HospitalScope, type HospitalTransaction } from '../access/hospital-scope.js';
import { withheld, type Withheld } from '../patients/consent.js';
import type { SurveillanceEventData } from '../schedules/surveillance-events.js';
import { Replanning } from '../schedules/replanning.js';
import { loadReminder, type ReminderNow } from './announced-reminder.js';
import { DeliveryDispatch } from './delivery-dispatch.js';
import { ATTEMPTS, waitAfter } from './delivery-schedule.js';
import { noteFailure, waitForRest, waitWhileHeld, wake } from './endpoint-health.js';
import type { EventType } from './event-types.js';
import { outdated } from './reminder-standing.js';
import { type EventData, messageBody, type ReminderData } from './webhook-message.js';
import { secretOf } from './webhook-endpoints.service.js';
import { WebhookSender, type AttemptResult, type Receiver } from './webhook-sender.js';

// Longer than an attempt and what is written after it; no longer than a crash may hold a message up.
const LEASE_MS = 60_000;

// A sweep comes every 30 seconds and takes care of what waits longer.
const DELAYED_JOB_AT_MOST_MS = 30_000;

/** An attempt that this process, and until its lease ends no other, may make. */
interface Claim extends Receiver {
  readonly id: string;
  readonly number: number;
  readonly earlierAttempts: number;
  readonly startedAt: Date;
  readonly endpointId: string;
  readonly body: string;
  /** Of a test message, which is given up after its last attempt. */
  readonly isTest: boolean;
}

/** Makes the attempts at deliveries. Each delivery is made at least once, and its outcome is recorded with its effect. */
@Injectable()
export class DeliveryAttempts {
  /** How many attempts this process is making. */
  inFlight = 0;

  constructor(
    private readonly scope: HospitalScope,
    private readonly sender: WebhookSender,
    private readonly dispatch: DeliveryDispatch,
    private readonly replanning: Replanning,
  ) {}

  /**
   * Makes the next attempt at a delivery of the hospital in scope, if one is due and no other process makes
   * it. A reminder that no longer stands is cancelled instead.
   */
  async attempt(deliveryId: string): Promise<void> {
    const claim = await this.claim(deliveryId);
    if (!claim) return;
    // Outside any transaction: a slow receiver must not hold a connection of the database.
    const { id, body, startedAt, isTest } = claim;
    const timestamp = Math.floor(startedAt.getTime() / 1000);
    this.inFlight++;
    const result = await this.sender.send(claim, { id, timestamp, body }).finally(() => void this.inFlight--);

    const number = claim.number - claim.earlierAttempts;
    const ends = result.outcome === 'accepted' || (isTest && number >= ATTEMPTS);
    const waitMs = ends ? null : waitAfter(number, result, Math.random());
    const recorded = await this.scope.transaction((tx) => recordOutcome(tx, claim, result, waitMs));
    if (recorded && waitMs !== null && waitMs <= DELAYED_JOB_AT_MOST_MS) {
      await this.dispatch.later({ id, hospitalId: this.scope.hospitalId, attempts: claim.number }, waitMs);
    }
  }

  private async claim(deliveryId: string): Promise<Claim | null> {
    const claim = await this.scope.transaction((tx) => claimIn(tx, deliveryId));
    if (claim === null || !('behind' in claim)) return claim;
    // In a transaction of its own: it waits for the patient, and must not hold the delivery meanwhile.
    await this.replanning.ofPatient(claim.behind);
    const again = await this.scope.transaction((tx) => claimIn(tx, deliveryId));
    return again === null || 'behind' in again ? null : again; // moved on once more: a later sweep offers it again
  }
}

/** Before the attempt may be made, this patient's plan must be brought in line with the policy in force. */
interface Behind {
  readonly behind: string;
}

interface DueDelivery {
  attempts: number;
  earlierAttempts: number;
  eventType: EventType;
  reminderId: string | null;
  event: { data: EventData; at: Date; withheld: Withheld | null } | null;
  sequence: number | null;
  body: string | null;
  endpointId: string;
  url: string;
  endpointDeleted: boolean;
  /** Null, or passed: it does not rest. */
  restingUntil: Date | null;
  /** Whether the endpoint is held, and this is not the message that is tried all the same. */
  held: boolean;
  secrets: string[];
  /** When the last attempt began, if it has no outcome: whoever made it ended before it could say. */
  interruptedAt: Date | null;
}

/** With the secrets in clear. */
async function claimIn(tx: HospitalTransaction, deliveryId: string): Promise<Claim | Behind | null> {
  const claim = await claimAttempt(tx, deliveryId);
  if (claim === null || 'behind' in claim) return claim;
  const { endpointId, secrets } = claim;
  const keys = await tx.keys(secrets);
  return { ...claim, secrets: secrets.map((secret) => keys.open(secret, secretOf(endpointId))) };
}

async function claimAttempt(tx: HospitalTransaction, deliveryId: string): Promise<Claim | Behind | null> {
  const due = await lockDue(tx, deliveryId);
  if (!due) return null;
  if (due.interruptedAt) await recordInterruption(tx, deliveryId, due.attempts, due.interruptedAt);
  const reminder = due.reminderId === null ? null : await loadReminder(tx, due.reminderId);

  if (reminder?.behind) return { behind: reminder.patientId };

  const reason = due.endpointDeleted
    ? 'endpoint-deleted'
    : (reminder?.withheld ?? due.event?.withheld ?? (reminder && outdated(reminder, tx.today)));
  if (reason) {
    await cancel(tx, deliveryId, reason);
    return null;
  }
  if (due.restingUntil !== null && due.restingUntil > tx.now) {
    await waitForRest(tx, deliveryId, due.restingUntil);
    return null;
  }
  if (due.held) {
    await waitWhileHeld(tx, deliveryId);
    return null;
  }

  const number = due.attempts + 1;
  const sequence = due.sequence ?? (await nextSequence(tx, due.endpointId));
  const message = {
    id: deliveryId,
    type: due.eventType,
    timestamp: due.event?.at ?? tx.now,
    sequence,
    data: due.event?.data ?? dataOf(reminder),
  };
  const body = due.body ?? messageBody(message);
  await tx.db.query(
    `UPDATE delivery SET attempts = $3, sequence = $4, body = $5,
            next_attempt_at = program_now() + $6 * interval '1 millisecond'
      WHERE hospital_id = $1 AND id = $2`,
    [tx.hospital.id, deliveryId, number, sequence, body, LEASE_MS],
  );
  const { earlierAttempts, endpointId, url, secrets } = due;
  const isTest = due.eventType === 'endpoint.test';
  return {
    id: deliveryId,
    number,
    earlierAttempts,
    startedAt: tx.now,
    endpointId,
    url,
    secrets,
    networks: tx.hospital.networks,
    body,
    isTest,
  };
}

function dataOf(reminder: ReminderNow | null): ReminderData | Record<string, never> {
  if (!reminder) return {};
  const { itemId, patientId, mrn, activity, due, overdue, kind } = reminder;
  return { itemId, patientId, mrn, activity, due, overdue, status: kind };
}

type DueRow = Omit<DueDelivery, 'event'> & {
  happened: SurveillanceEventData | null;
  happenedAt: Date;
  patientId: string;
  mrn: string;
  withheld: Withheld | null;
};

async function lockDue(tx: HospitalTransaction, deliveryId: string): Promise<DueDelivery | undefined> {
  // Skips what another process holds: that one makes the attempt.
  const [row] = await tx.db.query<DueRow[]>(
    `SELECT d.attempts, d.earlier_attempts AS "earlierAttempts", d.event_type AS "eventType",
            d.reminder_id AS "reminderId", d.sequence, d.body,
            d.endpoint_id AS "endpointId", e.url, e.deleted_at IS NOT NULL AS "endpointDeleted",
            e.resting_until AS "restingUntil",
            e.held_reason IS NOT NULL AND e.probe_id IS DISTINCT FROM d.id AND d.event_type <> 'endpoint.test' AS held,
            CASE WHEN e.previous_secret_until > program_now() THEN ARRAY[e.secret, e.previous_secret]
                 ELSE ARRAY[e.secret] END AS secrets,
            CASE WHEN d.attempts > 0 AND NOT EXISTS (
                SELECT FROM delivery_attempt a WHERE a.delivery_id = d.id AND a.number = d.attempts)
              THEN d.next_attempt_at - $3 * interval '1 millisecond' END AS "interruptedAt",
            v.data AS happened, v.occurred_at AS "happenedAt", v.patient_id AS "patientId", p.mrn, ${withheld('p')} AS withheld
       FROM delivery d JOIN webhook_endpoint e ON e.hospital_id = d.hospital_id AND e.id = d.endpoint_id
       LEFT JOIN surveillance_event v ON v.hospital_id = d.hospital_id AND v.id = d.event_id
       LEFT JOIN patient p ON p.hospital_id = v.hospital_id AND p.id = v.patient_id
      WHERE d.hospital_id = $1 AND d.id = $2 AND d.state = 'pending' AND d.next_attempt_at <= program_now()
        FOR UPDATE OF d SKIP LOCKED`,
    [tx.hospital.id, deliveryId, LEASE_MS],
  );
  if (!row) return undefined;
  const { happened, happenedAt: at, patientId, mrn, withheld: reason, ...due } = row;
  return { ...due, event: happened && { at, data: { patientId, mrn, ...happened }, withheld: reason } };
}

async function recordInterruption(
  tx: HospitalTransaction,
  deliveryId: string,
  number: number,
  at: Date,
): Promise<void> {
  await tx.db.query(
    `INSERT INTO delivery_attempt (hospital_id, delivery_id, number, started_at, duration_ms, outcome)
     VALUES ($1, $2, $3, $4, 0, 'interrupted')`,
    [tx.hospital.id, deliveryId, number, at],
  );
}

async function cancel(tx: HospitalTransaction, deliveryId: string, reason: string): Promise<void> {
  await tx.db.query(
    `UPDATE delivery SET state = 'cancelled', cancelled_reason = $3, next_attempt_at = NULL
      WHERE hospital_id = $1 AND id = $2`,
    [tx.hospital.id, deliveryId, reason],
  );
}

async function nextSequence(tx: HospitalTransaction, endpointId: string): Promise<number> {
  const [[{ sequence }]] = await tx.db.query<[[{ sequence: number }], number]>(
    `UPDATE webhook_endpoint SET last_sequence = last_sequence + 1 WHERE hospital_id = $1 AND id = $2
     RETURNING last_sequence AS sequence`,
    [tx.hospital.id, endpointId],
  );
  return sequence;
}

/**
 * Writes the attempt down together with what follows from it. When its lease had ended and another process
 * went on, the attempt is recorded but decides nothing: then the answer is false.
 */
async function recordOutcome(
  tx: HospitalTransaction,
  claim: Claim,
  result: AttemptResult,
  waitMs: number | null,
): Promise<boolean> {
  await tx.db.query(
    `INSERT INTO delivery_attempt (hospital_id, delivery_id, number, started_at, duration_ms, outcome, status, error, answer)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (delivery_id, number) DO UPDATE
       SET duration_ms = excluded.duration_ms, outcome = excluded.outcome, status = excluded.status,
           error = excluded.error, answer = excluded.answer`,
    [
      tx.hospital.id,
      claim.id,
      claim.number,
      claim.startedAt,
      result.durationMs,
      result.outcome,
      result.status,
      result.error,
      result.answer,
    ],
  );
  const state = result.outcome === 'accepted' ? 'delivered' : waitMs === null ? 'exhausted' : 'pending';
  const [, updated] = await tx.db.query<[unknown[], number]>(
    `UPDATE delivery SET state = $4,
            delivered_at = CASE WHEN $4 = 'delivered' THEN program_now() END,
            next_attempt_at = CASE WHEN $4 = 'pending' THEN program_now() + $5 * interval '1 millisecond' END
      WHERE hospital_id = $1 AND id = $2 AND attempts = $3 AND state = 'pending'`,
    [tx.hospital.id, claim.id, claim.number, state, waitMs],
  );
  // Last, and so for the shortest time: others that write to the endpoint wait for it.
  if (result.outcome === 'accepted') await wake(tx, claim.endpointId);
  else await noteFailure(tx, claim.endpointId, result);
  return updated === 1;
}
