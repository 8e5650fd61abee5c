import type { Language } from '../../guideline/guideline.js';
import type { SealContext } from '../../encryption/hospital-keys.js';
import { recordEvents } from '../../schedules/surveillance-events.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { budgetIn, secondsUntilBudget, withBegun } from '../../webhooks/endpoints/attempt-rate.js';
import type { GatewayConfig } from '../gateways/gateway-config.js';
import { type GatewayState, lockGateway, noteBegun, repeatsSafely } from '../gateways/gateway-rows.js';
import type { GatewayWords } from '../gateways/gateway-request.js';
import { DEFAULT_SETTINGS, type MessageSettings, messageSettings } from '../settings/message-settings.js';
import { filled } from '../templates/message-text.js';
import { type StoredTemplate, storedTemplates, templateFor } from '../templates/templates.js';
import { endAnnouncement } from './announced-call.js';
import {
  cancelMessages,
  deferMessages,
  type DueMessage,
  leaveUncertain,
  lockDue,
  recordInterruptions,
} from './due-messages.js';
import { AT_ONCE, attemptsAtOnce } from './gateway-health.js';
import { decideMessage, type Recipient } from './message-decision.js';
import { type MessageSubject, messageSubject } from './message-facts.js';
import { LEASE_MS } from './message-lease.js';
import { messageWords, namedItems } from './message-words.js';

/** An attempt that only this process may make until its lease ends. */
export interface MessageClaim {
  readonly id: string;
  readonly patientId: string;
  readonly occasion: DueMessage['occasion'];
  /** The number of the attempt, and how many before it the schedule does not count. */
  readonly number: number;
  readonly uncounted: number;
  readonly startedAt: Date;
  readonly config: GatewayConfig;
  readonly words: GatewayWords;
}

export interface ClaimedMessages {
  /** The number of due messages looked at; 0: none is left. */
  readonly due: number;
  readonly claims: readonly MessageClaim[];
}

/**
 * Claims due messages of the hospital, the longest waiting first. What must not leave is cancelled, what must wait is
 * deferred, and what the gateway may have taken is left to a person, unless it takes a number only once; attempt numbers, leases and texts are committed before anything is sent. A message that is handed over as an
 * event is recorded in the same transaction.
 */
export async function claimMessages(tx: HospitalTransaction): Promise<ClaimedMessages> {
  const gateway = await lockGateway(tx);
  const settings = (await messageSettings(tx))?.settings ?? DEFAULT_SETTINGS;
  const second = Math.floor(tx.now.getTime() / 1000);
  const isGateway = settings.route === 'gateway';
  const limit = { perMinute: gateway.config?.perMinute ?? AT_ONCE };
  const room = isGateway
    ? Math.min(attemptsAtOnce(gateway), budgetIn(gateway.begun, limit, second))
    : AT_ONCE;
  const blockedUntil = isGateway
    ? blockedUntilOf(gateway, tx.now, room > 0 ? 0 : secondsUntilBudget(gateway.begun, limit, second))
    : null;
  const due = await lockDue(tx, blockedUntil === null ? room : DEFERRED_AT_ONCE);
  if (due.length === 0) return { due: 0, claims: [] };
  await recordInterruptions(tx, due);
  const isUncertain = ({ uncertainAt, interruptedAt }: DueMessage): boolean => {
    const since = uncertainAt ?? interruptedAt;
    return since !== null && !(isGateway && repeatsSafely(gateway, since));
  };
  const uncertain = due.filter(isUncertain);
  await leaveUncertain(tx, uncertain);
  for (const message of uncertain) await endAnnouncement(tx, message, null);
  const certain = due.filter((message) => !uncertain.includes(message));
  if (blockedUntil !== null) {
    await deferMessages(
      tx,
      certain.map(({ id }) => ({ id, until: blockedUntil })),
    );
    return { due: due.length, claims: [] };
  }
  const templates = await storedTemplates(tx);
  const claims: MessageClaim[] = [];
  for (const message of certain) {
    const claim = await claimOne(tx, message, { gateway, settings, templates });
    if (claim !== null) claims.push(claim);
  }
  if (claims.length > 0) await noteBegun(tx, withBegun(gateway.begun, claims.length, second));
  return { due: due.length, claims };
}

const DEFERRED_AT_ONCE = 500;

interface Sending {
  readonly gateway: GatewayState;
  readonly settings: MessageSettings;
  readonly templates: readonly StoredTemplate[];
}

const WITHOUT_GATEWAY_MS = 5 * 60_000;
/** No pause is as long as that: a longer one means that the clock was set back. */
const LONGEST_PAUSE_MS = 26 * 3_600_000;

/** Nothing goes to the gateway before this instant; null: now. */
function blockedUntilOf({ config, pausedUntil }: GatewayState, now: Date, waitSeconds: number): Date | null {
  if (config === null) return new Date(now.getTime() + WITHOUT_GATEWAY_MS);
  const isPaused =
    pausedUntil !== null && pausedUntil > now && pausedUntil.getTime() - now.getTime() < LONGEST_PAUSE_MS;
  if (isPaused) return pausedUntil;
  return waitSeconds > 0 ? new Date(now.getTime() + waitSeconds * 1000) : null;
}

async function claimOne(
  tx: HospitalTransaction,
  message: DueMessage,
  sending: Sending,
): Promise<MessageClaim | null> {
  const { settings, gateway } = sending;
  const subject = await messageSubject(tx, message, settings);
  const { timeZone } = tx.hospital;
  const decision = decideMessage(subject.facts, { now: tx.now, today: tx.today, timeZone });
  if (decision.is === 'cancel') {
    await cancelMessages(tx, [{ id: message.id, reason: decision.reason }]);
    await endAnnouncement(tx, message, 0);
    return null;
  }
  if (decision.is === 'wait') {
    await deferMessages(tx, [{ id: message.id, until: decision.until }]);
    return null;
  }
  const { recipient } = decision;
  const written = await writtenMessage(tx, { message, subject, recipient, ...sending });
  if (settings.route === 'webhook') {
    await handOver(tx, { message, subject, written });
    return null;
  }
  if (gateway.config === null) return null; // deferred above
  await saveClaim(tx, message, written, 'gateway');
  return {
    ...{ id: message.id, patientId: message.patientId, occasion: message.occasion, startedAt: tx.now },
    ...{ number: message.attempts + 1, uncounted: message.uncounted, config: gateway.config },
    words: {
      ...written.words,
      ...{ id: message.id, number: written.number, text: written.text, occasion: message.occasion },
      template: gateway.config.templates[message.occasion] ?? '',
    },
  };
}

/** What a message says, and to whom; the same at every attempt. */
interface WrittenMessage {
  readonly number: string;
  readonly text: string;
  readonly relativeId: string | null;
  readonly language: Language;
  readonly words: GatewayWords;
}

const contextOf = (row: string, column: 'number' | 'text'): SealContext => ({
  table: 'patient_message',
  column,
  row,
});

async function writtenMessage(
  tx: HospitalTransaction,
  {
    message,
    subject,
    recipient,
    settings,
    templates,
  }: Sending & {
    readonly message: DueMessage;
    readonly subject: MessageSubject;
    readonly recipient: Recipient | null;
  },
): Promise<WrittenMessage> {
  const language = settings.language ?? tx.hospital.language;
  const { number: storedNumber, text: storedText } = message;
  if (storedNumber !== null && storedText !== null) {
    const keys = await tx.keys([storedNumber, storedText]);
    const stored = JSON.parse(keys.open(storedText, contextOf(message.id, 'text'))) as Pick<
      WrittenMessage,
      'text' | 'words'
    >;
    return {
      ...{ number: keys.open(storedNumber, contextOf(message.id, 'number')), ...stored },
      ...{ relativeId: message.relativeId, language },
    };
  }
  if (recipient === null) throw new Error(`Message ${message.id} has neither a recipient nor a text.`);
  const words = await messageWords(tx, subject, recipient, { settings, language });
  const template = templateFor(templates, message.occasion, language);
  const text = filled(recipient.relative === null ? template.text : template.relativeText, words);
  return { number: recipient.number, text, relativeId: recipient.relative?.id ?? null, language, words };
}

/** Commits the attempt before it is made. */
async function saveClaim(
  tx: HospitalTransaction,
  { id }: DueMessage,
  { number, text, relativeId, language, words }: WrittenMessage,
  route: 'gateway' | 'webhook',
): Promise<void> {
  const keys = await tx.keys();
  await tx.db.query(
    `UPDATE patient_message SET attempts = attempts + 1, first_tried_at = coalesce(first_tried_at, $3),
            next_attempt_at = $3::timestamptz + $4 * interval '1 millisecond', route = $5, relative_id = $6, language = $7,
            number = coalesce(number, $8), text = coalesce(text, $9),
            number_index = coalesce(number_index, $10), reason = NULL
      WHERE hospital_id = $1 AND id = $2`,
    [
      ...[tx.hospital.id, id, tx.now, LEASE_MS, route, relativeId, language],
      keys.seal(number, contextOf(id, 'number')),
      keys.seal(JSON.stringify({ text, words }), contextOf(id, 'text')),
      keys.blindIndex('phone', number),
    ],
  );
}

/** Records the event that hands the message over, once and for all: message and event are one transaction. */
async function handOver(
  tx: HospitalTransaction,
  {
    message,
    subject,
    written,
  }: {
    readonly message: DueMessage;
    readonly subject: MessageSubject;
    readonly written: WrittenMessage;
  },
): Promise<void> {
  await saveClaim(tx, message, written, 'webhook');
  await tx.db.query(
    `UPDATE patient_message SET state = 'handed_over', next_attempt_at = NULL, sent_at = $3 WHERE hospital_id = $1 AND id = $2`,
    [tx.hospital.id, message.id, tx.now],
  );
  const { facts } = subject;
  await recordEvents(tx, [
    {
      type: 'surveillance.patient.message',
      patientId: message.patientId,
      data: {
        ...{ messageId: message.id, occasion: message.occasion, channel: message.channel },
        ...{ language: written.language, on: message.aboutOn },
        ...{ appointmentId: message.appointmentId, resultId: message.eventId },
        relativeId: written.relativeId,
        examinations: namedItems(facts).map(({ id, activity, due }) => ({ itemId: id, activity, due })),
      },
    },
  ]);
  await endAnnouncement(tx, message, null);
}
