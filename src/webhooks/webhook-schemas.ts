import { z } from 'zod';
import { Author } from '../tenancy/author.js';
import { LONGEST_PAGE, pageBy, Uuid } from '../platform/http/paging.js';
import { text } from '../platform/text.js';
import { SURVEILLANCE_EVENT_TYPES } from '../schedules/surveillance-events.js';
import { BACKLOG_CHOICES, SENT_ONE_BY_ONE } from './deliveries/endpoint-backlog.js';
import { EndpointAddress } from './endpoint-address.js';
import { EndpointFilter } from './endpoints/endpoint-filter.js';
import { EndpointLimitsInput, EndpointLimitsView } from './endpoints/endpoint-limits.js';
import { OAuth2Input, TlsInput, TransportView } from './sending/endpoint-transport.js';
import { MESSAGE_FORMATS } from './messages/message-formats.js';
import { PAYLOADS } from './messages/message-payload.js';
import { REMINDER_EVENT_TYPES } from '../reminders/reminder-events.js';
import { EVENT_TYPES } from './messages/event-types.js';
import { ENDPOINT_KINDS } from './sending/group-robots.js';
import { SIGNATURE_FINDINGS } from './sending/signature-check.js';
import { SIGNATURES } from './sending/webhook-signature.js';
import { Instant } from '../platform/instant.js';

const instant = z.iso.datetime({ offset: true });

export const IdParam = z.object({ id: Uuid });
export type IdParam = z.output<typeof IdParam>;

const nextCursor = z.string().nullable().describe('Null on the last page.');

const kind = z
  .enum(ENDPOINT_KINDS)
  .describe(
    'webhook: a system that takes signed messages. dingtalk, wecom, feishu: a robot that says them in words to a group.',
  );

const rateLimit = z
  .strictObject({ perMinute: z.int().min(1).max(6000) })
  .describe(
    'So many attempts begin in a minute at most; what is due beyond waits. Of a robot never more than its vendor takes: ' +
      'dingtalk and wecom 20, feishu 100.',
  );

const heartbeatMinutes = z
  .int()
  .min(1)
  .max(1440)
  .describe('An endpoint.heartbeat so often, whose number tells whether anything was missed.');

const EventTypes = z
  .array(z.enum([...EVENT_TYPES, '*']))
  .min(1)
  .transform((types) => [...new Set(types)]);

export const WebhookEndpointInput = z
  .strictObject({
    kind: kind.default('webhook'),
    url: EndpointAddress,
    robotSecret: text(200)
      .optional()
      .describe('Of dingtalk and feishu, where the robot verifies signatures: the secret that it shows.'),
    rateLimit: rateLimit.optional(),
    eventTypes: EventTypes.default([...REMINDER_EVENT_TYPES]).describe(
      'What it is told; "*" is everything. Without it: the three reminders.',
    ),
    signature: z
      .enum(SIGNATURES)
      .default('hmac')
      .describe('hmac: by a secret that both sides know. ed25519: by a key of ours; you get the public one.'),
    payload: z
      .enum(PAYLOADS)
      .default('thin')
      .describe(
        "thin: ids, dates, the hospital's own number. full: who the patient is as well, once an administrator has approved " +
          'that. encrypted: the same under a key that is shown once (AES-256-GCM).',
      ),
    format: z
      .enum(MESSAGE_FORMATS)
      .default('json')
      .describe(
        'json: as /api/docs/events says. fhir-r4: a notification Bundle (Subscriptions R5 Backport). hl7-v2: OMG^O19 in ER7, ' +
          'answered by an ACK; also to mllp://HOST:PORT. Not of robots; only json is encrypted.',
      ),
    eventVersion: z
      .literal(1)
      .default(1)
      .describe('The version of the events, which stays; see /api/docs/events.'),
    verify: z
      .boolean()
      .default(false)
      .describe('Whether everything waits until POST …/verify has shown that the receiver understands.'),
    filter: EndpointFilter.optional(),
    limits: EndpointLimitsInput.optional(),
    backlog: z
      .enum(BACKLOG_CHOICES)
      .optional()
      .describe(
        'What it is sent of the reminders before it that are still current. new: nothing. digest: one endpoint.backlog that says ' +
          `how much is open. all: each. Without it: all where there are no more than ${SENT_ONE_BY_ONE}, else digest.`,
      ),
    heartbeatMinutes: heartbeatMinutes.optional(),
    tls: TlsInput.optional(),
    oauth2: OAuth2Input.optional(),
  })
  .meta({ id: 'WebhookEndpointInput' });
export type WebhookEndpointInput = z.output<typeof WebhookEndpointInput>;

export const WebhookEndpointPatch = z
  .strictObject({
    eventTypes: EventTypes.optional().describe(
      'What it gets from now on: POST …/recover sends what was recorded before. Further types end the approval of identities.',
    ),
    paused: z
      .boolean()
      .optional()
      .describe('true: its messages wait, test messages apart. false: they leave, the oldest first.'),
    rateLimit: rateLimit.nullable().optional().describe("Null: none; of a robot its vendor's."),
    filter: EndpointFilter.nullable()
      .optional()
      .describe('Null: everything that it asked for. A wider one ends the approval of identities.'),
    limits: EndpointLimitsInput.optional().describe(
      'As in the registration; null: every department. Wider ones end the approval of identities.',
    ),
    heartbeatMinutes: heartbeatMinutes.nullable().optional().describe('Null: none.'),
    tls: TlsInput.nullable().optional().describe('In place of all that was; null: none.'),
    oauth2: OAuth2Input.nullable().optional().describe('In place of what was; null: none.'),
  })
  .meta({ id: 'WebhookEndpointPatch' });
export type WebhookEndpointPatch = z.output<typeof WebhookEndpointPatch>;

export const WebhookEndpointView = z
  .object({
    id: z.uuid(),
    kind,
    url: z.string().describe('Of a robot without what is secret in it.'),
    eventTypes: z.array(z.string()),
    rateLimit: rateLimit.nullable(),
    signature: z.enum([...SIGNATURES, 'vendor']).describe("vendor: a robot, which has its vendor's way."),
    publicKey: z.string().nullable().describe('whpk_ and base64, where messages are signed by ed25519.'),
    createdAt: instant,
    payload: z.enum(PAYLOADS),
    format: z.enum(MESSAGE_FORMATS),
    payloadKeyId: z
      .uuid()
      .nullable()
      .describe('By which the messages name the key that they are encrypted with.'),
    eventVersion: z.int(),
    identityApproval: z
      .object({ at: instant, by: z.string(), reason: z.string() })
      .nullable()
      .describe('Since when it is told who the patients are; null: it is not.'),
    filter: EndpointFilter.nullable(),
    limits: EndpointLimitsView,
    createdBy: z.string().nullable().describe('Null: it was registered before that was recorded.'),
    heartbeatMinutes: heartbeatMinutes.nullable(),
    transport: TransportView,
    state: z
      .enum(['ok', 'failing', 'held'])
      .describe(
        'held: its messages wait, and one is tried every half hour until it is taken; nothing is dropped.',
      ),
    failingSince: instant.nullable(),
    heldReason: z
      .string()
      .nullable()
      .describe(
        'failing; gone: it answered 410; unverified: nothing is sent before POST …/verify; paused: by a person.',
      ),
    previousSecretUntil: instant
      .nullable()
      .describe('Until then messages are signed by the previous secret too; null: by one secret.'),
  })
  .meta({ id: 'WebhookEndpoint' });
export type WebhookEndpointView = z.output<typeof WebhookEndpointView>;

const secret = z
  .string()
  .optional()
  .describe('whsec_ and base64, as in Standard Webhooks 1.0. Shown this once; where there is no public key.');

const payloadKey = z
  .string()
  .optional()
  .describe('32 bytes in base64, where messages are encrypted. Shown this once.');

/** An administrator's decision whether the endpoint receives patients' identities. */
export const IdentityApprovalInput = z
  .strictObject({ approved: z.boolean(), author: Author, reason: text(500) })
  .meta({ id: 'IdentityApprovalInput' });
export type IdentityApprovalInput = z.output<typeof IdentityApprovalInput>;

const items = (what: string) => z.int().min(0).describe(what);

export const Backlog = z
  .object({
    sent: z.enum(BACKLOG_CHOICES).describe('What is sent of it: see backlog of the registration.'),
    open: items('Items of which the endpoint would be reminded at once.'),
    ...{
      overdue: items('Of these, late.'),
      due: items('Of these, due.'),
      upcoming: items('Of these, due soon.'),
    },
    patients: items('Patients whose items they are.'),
  })
  .meta({ id: 'WebhookBacklog' });

export const BacklogPreview = z.object({ backlog: Backlog }).meta({ id: 'WebhookBacklogPreview' });
export type BacklogPreview = z.output<typeof BacklogPreview>;

export const NewWebhookEndpoint = WebhookEndpointView.extend({ secret, payloadKey, backlog: Backlog }).meta({
  id: 'NewWebhookEndpoint',
});
export type NewWebhookEndpoint = z.output<typeof NewWebhookEndpoint>;

export const WebhookEndpointPage = z
  .object({ items: z.array(WebhookEndpointView).max(LONGEST_PAGE), nextCursor })
  .meta({ id: 'WebhookEndpointPage' });
export type WebhookEndpointPage = z.output<typeof WebhookEndpointPage>;

/** The cursor contains the id of the last row seen. */
export const PageQuery = pageBy(z.tuple([z.uuid()]));
export type PageQuery = z.output<typeof PageQuery>;

export const RotatedSecret = z
  .object({
    secret,
    publicKey: z.string().nullable(),
    previousSecretUntil: instant.describe('Until then messages are signed with both.'),
    payloadKey,
    payloadKeyId: z.uuid().nullable(),
  })
  .meta({ id: 'RotatedSecret' });
export type RotatedSecret = z.output<typeof RotatedSecret>;

const DELIVERY_STATES = ['pending', 'delivered', 'cancelled', 'exhausted'] as const;

export const DeliveriesQuery = PageQuery.extend({
  state: z.enum(DELIVERY_STATES).optional(),
  eventType: z.enum(EVENT_TYPES).optional(),
});
export type DeliveriesQuery = z.output<typeof DeliveriesQuery>;

/** Of one delivery in a list. */
export const MOST_ATTEMPTS_SHOWN = 20;

export const DeliveryView = z
  .object({
    id: z.uuid().describe('The webhook-id, the same over all attempts.'),
    eventType: z.string(),
    reminderId: z.uuid().nullable(),
    eventId: z.uuid().nullable().describe('What it tells of, unless that is a reminder; as in GET /events.'),
    sequence: z.int().nullable(),
    state: z.enum(DELIVERY_STATES),
    createdAt: instant,
    deliveredAt: instant.nullable(),
    acknowledgedAt: instant.nullable().describe('When the receiver said that it has dealt with it.'),
    nextAttemptAt: instant.nullable(),
    cancelledReason: z.string().nullable(),
    attempts: z
      .array(
        z.object({
          number: z.int(),
          startedAt: instant,
          durationMs: z.int(),
          outcome: z.enum(['accepted', 'refused', 'unreachable', 'interrupted']),
          status: z.int().nullable(),
          error: z.string().nullable(),
          answer: z
            .string()
            .nullable()
            .describe(
              "The first 4,000 characters of the receiver's answer to the latest attempt, 200 of those to earlier ones.",
            ),
        }),
      )
      .max(MOST_ATTEMPTS_SHOWN)
      .describe('The latest ones, the newest last.'),
  })
  .meta({ id: 'Delivery' });
export type DeliveryView = z.output<typeof DeliveryView>;

export const DeliveryPage = z
  .object({ items: z.array(DeliveryView).max(LONGEST_PAGE), nextCursor })
  .meta({ id: 'DeliveryPage' });
export type DeliveryPage = z.output<typeof DeliveryPage>;

export const QueuedDelivery = z.object({ deliveryId: z.uuid() }).meta({ id: 'QueuedDelivery' });
export type QueuedDelivery = z.output<typeof QueuedDelivery>;

export const RecoveryInput = z
  .strictObject({ since: Instant.describe('What was recorded from this instant on.') })
  .meta({ id: 'RecoveryInput' });
export type RecoveryInput = z.output<typeof RecoveryInput>;

export const Recovery = z
  .object({ deliveries: z.int().describe('How many are sent.') })
  .meta({ id: 'Recovery' });
export type Recovery = z.output<typeof Recovery>;

export const AcknowledgementInput = z
  .strictObject({
    through: z
      .int()
      .min(1)
      .describe('The highest sequence number up to which everything has been dealt with.'),
  })
  .meta({ id: 'AcknowledgementInput' });
export type AcknowledgementInput = z.output<typeof AcknowledgementInput>;

export const Acknowledgement = z
  .object({
    acknowledged: z.int().describe('How many messages this call acknowledged.'),
    missing: z
      .array(z.int())
      .max(100)
      .describe('Sequence numbers up to `through` that have not arrived yet; they still come. 100 at most.'),
  })
  .meta({ id: 'Acknowledgement' });
export type Acknowledgement = z.output<typeof Acknowledgement>;

export const SignatureCheckInput = z
  .strictObject({
    webhookId: z.string().min(1).max(200).describe('The header webhook-id, as it came.'),
    webhookTimestamp: z.string().max(100).describe('The header webhook-timestamp, as it came.'),
    webhookSignature: z
      .string()
      .max(4000)
      .describe('The header webhook-signature, as it came; or what the receiver has computed, after "v1,".'),
    body: z.string().max(1_000_000).describe('What the receiver has verified, as text.'),
  })
  .meta({ id: 'SignatureCheckInput' });
export type SignatureCheckInput = z.output<typeof SignatureCheckInput>;

export const SignatureCheck = z
  .object({
    valid: z.boolean().describe('Whether the signature is right; of time and id the findings tell.'),
    findings: z.array(z.object({ code: z.enum(SIGNATURE_FINDINGS), message: z.string() })),
  })
  .meta({ id: 'SignatureCheck' });
export type SignatureCheck = z.output<typeof SignatureCheck>;

export const EventsQuery = z.object({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('The position of the last event read; 0: from the beginning.'),
  limit: z.coerce.number().int().min(1).max(LONGEST_PAGE).default(100),
});
export type EventsQuery = z.output<typeof EventsQuery>;

export const EventView = z
  .object({
    id: z.uuid(),
    type: z.enum(SURVEILLANCE_EVENT_TYPES),
    position: z.int().describe("In the hospital's order, counted from 1 without a gap."),
    timestamp: instant.describe('When it happened.'),
    data: z
      .looseObject({ patientId: z.uuid(), mrn: z.string().optional(), withheld: z.string().optional() })
      .describe(
        'As in the webhook of this type; of a patient about whom nothing may be told: withheld, and why.',
      ),
  })
  .meta({ id: 'SurveillanceEvent' });
export type EventView = z.output<typeof EventView>;

export const EventPage = z
  .object({
    items: z.array(EventView).max(LONGEST_PAGE),
    after: z.int().describe('What to ask with next; the same as was asked with when nothing is new.'),
  })
  .meta({ id: 'EventPage' });
export type EventPage = z.output<typeof EventPage>;
