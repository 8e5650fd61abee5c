import type { HospitalKeys } from '../../encryption/hospital-keys.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { CalendarDate } from '../../guideline/calendar.js';
import { programNow } from '../../platform/database/clock.js';
import { loadDigests, loadReminders, type ReminderNow } from '../../reminders/announced-reminder.js';
import { DIGEST } from '../../reminders/reminder-events.js';
import { type RateLimited, reserve, consume } from '../endpoints/attempt-rate.js';
import {
  cancel,
  type DueRow,
  type EndpointRow,
  endpointNow,
  LEASE_MS,
  lockDue,
  recordInterruptions,
} from './due-deliveries.js';
import { deferUntil, deferWhileDisabled } from '../endpoints/endpoint-health.js';
import { backlogIn } from './endpoint-backlog.js';
import { type EndpointFilter, passes } from '../endpoints/endpoint-filter.js';
import { BEYOND_LIMITS, patientsWithin } from '../endpoints/endpoint-limits.js';
import { BACKLOG, isGivenUp } from '../messages/event-types.js';
import { rateOf } from '../sending/group-robots.js';
import { canExpress, type MessageForm, writtenMessage } from '../messages/message-formats.js';
import { disclosedPatients } from '../messages/message-payload.js';
import { sendingWindow } from '../../reminders/sending-window.js';
import { outdated } from '../../reminders/reminder-validity.js';
import { outdatedMessages, PATIENT_MESSAGE } from './patient-message-validity.js';
import { robotText } from '../messages/robot-text.js';
import { contextIn } from '../messages/outgoing-message.js';
import { bodyOf, payloadKeyOf, secretOf, transportOf, urlOf } from '../endpoints/seal-contexts.js';
import { transportIn } from '../sending/endpoint-transport.js';
import { reminderData, type WebhookMessage } from '../messages/json-message.js';
import type { Receiver } from '../sending/receiver.js';

/** At a failing endpoint: each attempt at a receiver that never answers takes 15 seconds. */
const AT_ONCE_WHILE_FAILING = 5;

/** At a paused or disabled endpoint. */
const DEFERRED_AT_ONCE = 1000;

/** An attempt that only this process may make until its lease ends. */
export interface Claim extends Receiver {
  readonly id: string;
  readonly number: number;
  readonly earlierAttempts: number;
  readonly startedAt: Date;
  readonly endpointId: string;
  readonly body: string;
  /** Whether the message is given up after its last attempt, because it is about the endpoint itself. */
  readonly givenUp: boolean;
}

/** The deliveries that may be sent to an endpoint now, and the patients who must be replanned first. */
export interface Claimed {
  /** The number of due deliveries looked at. */
  readonly due: number;
  readonly claims: readonly Claim[];
  readonly behind: readonly string[];
  /** Set while the endpoint's rate limit is used up; due deliveries stay due. */
  readonly full: RateLimited | null;
}

/**
 * Claims at most `atMost` due attempts of the endpoint, the longest waiting first: attempt numbers, leases and sequence
 * numbers are committed before anything is sent. Cancels outdated deliveries and defers those that must wait.
 */
export async function claimDue(
  tx: HospitalTransaction,
  endpointId: string,
  atMost: number,
): Promise<Claimed> {
  const endpoint = await endpointNow(tx, endpointId);
  if (!endpoint) return NOTHING;
  const { kind, perMinute } = endpoint;
  const room = perMinute === null ? null : await reserve(tx, endpointId, rateOf(kind, perMinute));
  if (room?.full) return { ...NOTHING, full: room.full };
  const most = endpoint.failing ? Math.min(AT_ONCE_WHILE_FAILING, atMost) : atMost;
  const batch = Math.min(most, room?.attempts ?? most);
  const { pausedUntil, disabledReason } = endpoint;
  const many = pausedUntil !== null || disabledReason !== null;
  const due = await lockDue(tx, endpointId, many ? DEFERRED_AT_ONCE : batch);
  if (due.length === 0) return NOTHING;
  await recordInterruptions(tx, due);
  if (pausedUntil !== null) {
    await deferUntil(tx, idsOf(due), pausedUntil);
    return { ...NOTHING, due: due.length };
  }
  const { behind, cancelled, valid } = await sortDeliveries(tx, endpoint, due);
  await cancel(tx, cancelled);
  const sendable = await deferForDisabled(tx, endpoint, await deferInQuietHours(tx, valid));
  const claims = await claim(tx, endpointId, endpoint, sendable.slice(0, batch));
  if (room) await consume(tx, endpointId, room, claims.length);
  return { due: due.length, claims, behind: [...behind], full: null };
}

interface SortedDeliveries {
  /** Patients who must be replanned first. */
  readonly behind: ReadonlySet<string>;
  readonly cancelled: readonly (readonly [id: string, reason: string])[];
  readonly valid: readonly ValidRow[];
}

/** Sorts due deliveries into valid ones, outdated ones and those whose patients must be replanned. */
async function sortDeliveries(
  tx: HospitalTransaction,
  endpoint: EndpointRow,
  due: readonly DueRow[],
): Promise<SortedDeliveries> {
  const reminders = await loadReminders(
    tx,
    due.flatMap(({ reminderId }) => reminderId ?? []),
  );
  const digests = await loadDigests(
    tx,
    due.flatMap(({ eventType, eventId }) => (eventType === DIGEST && eventId ? eventId : [])),
  );
  const behind = new Set<string>();
  const cancelled: [id: string, reason: string][] = [];
  const valid: ValidRow[] = [];
  const patientOf = ({ reminderId, patientId }: DueRow): string | null =>
    reminders.get(reminderId ?? '')?.patientId ?? patientId;
  const within = await patientsWithin(
    tx,
    endpoint.reach,
    due.flatMap((row) => patientOf(row) ?? []),
  );
  const outdatedOnes = await outdatedMessages(tx, due);
  for (const row of due) {
    const patientId = patientOf(row);
    if (patientId !== null && !within.has(patientId)) {
      cancelled.push([row.id, BEYOND_LIMITS]);
      continue;
    }
    const announced = announcedBy(row, reminders, digests);
    const [reasons, current] = validReminders(announced, tx.today, endpoint.filter);
    const reason = endpoint.deleted
      ? 'endpoint-deleted'
      : (row.withheld ??
        outdatedOnes.get(row.id) ??
        reasons.find(() => current.length === 0) ??
        eventFiltered(row, endpoint));
    if (announced.some((reminder) => reminder.behind) && !endpoint.deleted)
      for (const { patientId } of announced) behind.add(patientId);
    else if (reason) cancelled.push([row.id, reason]);
    else valid.push({ ...row, reminders: current });
  }
  return { behind, cancelled, valid };
}

/** A delivery with its reminders that are still valid. */
interface ValidRow extends DueRow {
  readonly reminders: readonly ReminderNow[];
}

function announcedBy(
  { reminderId, eventId }: DueRow,
  reminders: ReadonlyMap<string, ReminderNow>,
  digests: ReadonlyMap<string, readonly ReminderNow[]>,
): readonly ReminderNow[] {
  const one = reminderId === null ? undefined : reminders.get(reminderId);
  return one ? [one] : ((eventId === null ? undefined : digests.get(eventId)) ?? []);
}

/** The reminders that are still valid, and the reasons why others are not. */
function validReminders(
  announced: readonly ReminderNow[],
  today: CalendarDate,
  filter: EndpointFilter | null,
): [reasons: readonly string[], current: readonly ReminderNow[]] {
  const all = announced.map((reminder) => ({
    reminder,
    reason: reminder.withheld ?? outdated(reminder, today) ?? (passes(filter, reminder) ? null : FILTERED),
  }));
  return [
    all.flatMap(({ reason }) => reason ?? []),
    all.flatMap(({ reminder, reason }) => (reason === null ? reminder : [])),
  ];
}

const FILTERED = 'filtered';

/** Why an event is not sent to the endpoint: its filter excludes it, or its format cannot express it. */
const eventFiltered = (
  { eventData, eventType, department }: DueRow,
  { filter, format, kind }: EndpointRow,
): string | null => {
  if (!canExpress(format, eventType)) return FILTERED;
  if (kind !== 'webhook' && eventType === PATIENT_MESSAGE) return FILTERED; // a group is no patient
  if (eventData === null || eventType === DIGEST) return null;
  const activity = 'activity' in eventData ? eventData.activity : null;
  return passes(filter, { activity, department }) ? null : FILTERED;
};

const NOTHING: Claimed = { due: 0, claims: [], behind: [], full: null };

/** Defers reminders in quiet hours, by the time at which they were found due; returns the rest. */
async function deferInQuietHours(
  tx: HospitalTransaction,
  valid: readonly ValidRow[],
): Promise<readonly ValidRow[]> {
  const isReminder = ({ reminders }: ValidRow): boolean => reminders.length > 0;
  if (!tx.hospital.policy.reminders.until || !valid.some(isReminder)) return valid;
  const { quietUntil } = await sendingWindow({ ...tx, now: await programNow(tx.db) });
  if (quietUntil === null) return valid;
  await deferUntil(tx, idsOf(valid.filter(isReminder)), quietUntil);
  return valid.filter((row) => !isReminder(row));
}

/** Defers deliveries to a disabled endpoint; returns the rest. */
async function deferForDisabled(
  tx: HospitalTransaction,
  { disabledReason, probeId }: EndpointRow,
  valid: readonly ValidRow[],
): Promise<readonly ValidRow[]> {
  if (disabledReason === null) return valid;
  const isProbed = disabledReason !== 'paused';
  const tried = ({ id, eventType }: ValidRow): boolean =>
    disabledReason !== 'unverified' && ((isProbed && id === probeId) || eventType === 'endpoint.test');
  await deferWhileDisabled(tx, idsOf(valid.filter((row) => !tried(row))));
  return valid.filter(tried);
}

const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

async function claim(
  tx: HospitalTransaction,
  endpointId: string,
  endpoint: EndpointRow,
  sendable: readonly ValidRow[],
): Promise<Claim[]> {
  if (sendable.length === 0) return [];
  const keys = await tx.keys([
    ...[...endpoint.secrets, endpoint.url, endpoint.transport, endpoint.payloadKey],
    ...sendable.map(({ body }) => body),
  ]);
  const url = keys.open(endpoint.url, urlOf(endpointId));
  const secrets = endpoint.secrets.map((secret) => keys.open(secret, secretOf(endpointId)));
  const form = formOf(endpoint, endpointId, keys);
  const context = contextIn(tx, endpointId);
  const transport =
    endpoint.transport === null ? {} : transportIn(keys.open(endpoint.transport, transportOf(endpointId)));
  const patients = await disclosedPatients(
    tx,
    form,
    patientsIn(sendable.filter(({ body }) => body === null)),
  );
  const backlog = await backlogIn(tx, endpoint, sendable);
  let next = await takeSequences(tx, endpointId, sendable.filter(({ sequence }) => sequence === null).length);
  const claimed = sendable.map((row) => {
    const sequence = row.sequence ?? next++;
    const { id, eventType: type } = row;
    if (row.body !== null)
      return { ...row, sequence, body: keys.open(row.body, bodyOf(id)), stored: row.body };
    const { timestamp, data } =
      type === BACKLOG && backlog ? { timestamp: tx.now, data: backlog } : messageContent(row, tx.now);
    const body = writtenMessage({ id, type, timestamp, sequence, data }, form, patients, context);
    // A body that contains names is sealed.
    return {
      ...row,
      sequence,
      body,
      stored: patients.size > 0 && form.key === null ? keys.seal(body, bodyOf(id)) : body,
    };
  });
  await saveClaims(tx, claimed);
  return claimed.map(({ id, attempts, earlierAttempts, body, eventType }) => ({
    ...{ id, number: attempts + 1, earlierAttempts, startedAt: tx.now, endpointId, body },
    ...{
      url,
      secrets,
      hospitalId: tx.hospital.id,
      networks: tx.hospital.networks,
      transport,
      format: form.format,
    },
    ...{ givenUp: isGivenUp(eventType), robot: robotOf(tx, endpoint, body) },
  }));
}

/** Saves the claimed attempts with their leases. */
async function saveClaims(
  tx: HospitalTransaction,
  claimed: readonly { readonly id: string; readonly sequence: number; readonly stored: string }[],
): Promise<void> {
  await tx.db.query(
    `UPDATE delivery d SET attempts = d.attempts + 1, sequence = c.sequence, body = c.body,
            next_attempt_at = (SELECT program_now()) + $5 * interval '1 millisecond'
       FROM unnest($2::uuid[], $3::bigint[], $4::text[]) AS c (id, sequence, body) WHERE d.hospital_id = $1 AND d.id = c.id`,
    [
      tx.hospital.id,
      idsOf(claimed),
      claimed.map(({ sequence }) => sequence),
      claimed.map(({ stored }) => stored),
      LEASE_MS,
    ],
  );
}

const patientsIn = (rows: readonly ValidRow[]): string[] =>
  rows.flatMap(({ patientId, reminders }) => reminders[0]?.patientId ?? patientId ?? []);

function formOf(
  { payload, format, identityApproved, payloadKey, payloadKeyId }: EndpointRow,
  endpointId: string,
  keys: HospitalKeys,
): MessageForm {
  const key =
    payloadKey === null || payloadKeyId === null
      ? null
      : { id: payloadKeyId, bytes: Buffer.from(keys.open(payloadKey, payloadKeyOf(endpointId)), 'base64') };
  return { payload, format, identityApproved, key };
}

function robotOf({ hospital }: HospitalTransaction, { kind }: EndpointRow, body: string): Receiver['robot'] {
  if (kind === 'webhook') return null;
  return { kind, text: robotText(body, hospital.language, hospital.guideline) };
}

/** Reserves sequence numbers and returns the first. Called last: all claims of the endpoint share the locked row. */
async function takeSequences(tx: HospitalTransaction, endpointId: string, count: number): Promise<number> {
  if (count === 0) return 0;
  const [[{ first }]] = await tx.db.query<[[{ first: number }], number]>(
    `UPDATE webhook_endpoint SET last_sequence = last_sequence + $3 WHERE hospital_id = $1 AND id = $2
     RETURNING last_sequence - $3 + 1 AS first`,
    [tx.hospital.id, endpointId, count],
  );
  return first;
}

/** The data and the timestamp of a message. A digest contains its valid reminders. */
function messageContent(
  { eventType, reminders, eventData, occurredAt, patientId, mrn }: ValidRow,
  now: Date,
): Pick<WebhookMessage, 'timestamp' | 'data'> {
  if (eventData === null) return { timestamp: now, data: reminders[0] ? reminderData(reminders[0]) : {} };
  const patient = { patientId: patientId ?? '', mrn: mrn ?? '' }; // an event has one
  if (eventType !== DIGEST) return { timestamp: occurredAt, data: { ...patient, ...eventData } };
  const items = reminders.map((reminder) => {
    const { itemId, activity, due, overdue, status, escalatedTo, late } = reminderData(reminder);
    return { itemId, activity, due, overdue, status, escalatedTo, late };
  });
  return { timestamp: now, data: { ...patient, items } };
}
