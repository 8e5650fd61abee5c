import { v5 as uuidOf } from 'uuid';
import { z } from 'zod';
import type { PlanDiff } from '../../schedules/reconcile.js';
import type { ItemEventData } from '../../schedules/surveillance-events.js';
import { itemsOf, type MessageContext, titleOf, type OutgoingMessage } from './outgoing-message.js';

interface Resource {
  readonly resourceType: string;
  readonly id: string;
  readonly [element: string]: unknown;
}

const PROFILE = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription';
const IDENTIFIER_TYPE = 'http://terminology.hl7.org/CodeSystem/v2-0203';

/**
 * The message as a notification of FHIR R4 (Subscriptions R5 Backport 1.1.0), a Bundle of type history. The endpoint
 * is the subscription, the type of event its topic, and the endpoint's sequence number the event number; a heartbeat,
 * which has a number too, is an event without a focus. An item is a ServiceRequest, and the work on it a Task. A
 * changed plan is a CarePlan. Several items together have the Patient as focus.
 */
export function fhirNotification(message: OutgoingMessage, context: MessageContext): Resource {
  const happened = happenedTo(message, context);
  const patient = patientOf(message, context);
  const isDigest = message.about !== null && 'items' in message.about;
  const meta = { lastUpdated: message.timestamp.toISOString() };
  return {
    resourceType: 'Bundle',
    id: message.id,
    meta: { profile: [`${PROFILE}-notification-r4`] },
    type: 'history',
    timestamp: meta.lastUpdated,
    entry: [
      entry(
        statusOf(message, context, isDigest ? [...patient, ...happened] : [...happened, ...patient]),
        'GET',
        `Subscription/${context.endpointId}/$status`,
      ),
      ...happened.map((resource) => entry({ ...resource, meta }, 'PUT')),
      ...patient.map((resource) => entry(resource, 'GET')), // included for reference: nothing has happened to it
    ],
  };
}

const entry = (resource: Resource, method: 'GET' | 'PUT', url = pathOf(resource)): object => ({
  fullUrl: `urn:uuid:${resource.id}`,
  resource,
  request: { method, url },
  response: { status: '200' },
});

const pathOf = ({ resourceType, id }: Resource): string => `${resourceType}/${id}`;

const referenceTo = (id: string): object => ({ reference: `urn:uuid:${id}` });

const coded = (system: string, code: string, text?: string): object => ({
  coding: [{ system: `urn:nedwatch:${system}`, code, display: text }],
  text,
});

function statusOf(
  { id, type, timestamp, sequence }: OutgoingMessage,
  { endpointId }: MessageContext,
  about: readonly Resource[],
): Resource {
  const isHandshake = type === 'endpoint.verification';
  const event = {
    name: 'notification-event',
    part: [
      { name: 'event-number', valueString: String(sequence) },
      { name: 'timestamp', valueInstant: timestamp.toISOString() },
      ...about.map((resource, index) => ({
        name: index === 0 ? 'focus' : 'additional-context',
        valueReference: referenceTo(resource.id),
      })),
    ],
  };
  return {
    resourceType: 'Parameters',
    id: uuidOf('status', id),
    meta: { profile: [`${PROFILE}-status-r4`] },
    parameter: [
      { name: 'subscription', valueReference: { reference: `Subscription/${endpointId}` } },
      { name: 'topic', valueCanonical: `urn:nedwatch:topic:${type}` },
      { name: 'status', valueCode: isHandshake ? 'requested' : 'active' },
      { name: 'type', valueCode: isHandshake ? 'handshake' : 'event-notification' },
      { name: 'events-since-subscription-start', valueString: String(sequence) },
      ...(isHandshake ? [] : [event]),
    ],
  };
}

/** The errors in an OperationOutcome of an answer. Any other resource may identify the patient: null. */
export function shownOutcome(answer: string): string | null {
  const outcome = OperationOutcome.safeParse(jsonIn(answer));
  return outcome.success ? JSON.stringify(outcome.data) : null;
}

const OperationOutcome = z.object({
  resourceType: z.literal('OperationOutcome'),
  issue: z.array(z.object({ severity: z.string(), code: z.string(), diagnostics: z.string().optional() })),
});

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/** The subjects of the message, the longest due first. */
function happenedTo(message: OutgoingMessage, context: MessageContext): Resource[] {
  const { about } = message;
  if (about === null) return [];
  if ('added' in about) return [carePlan(about.patientId, about)];
  const items = itemsOf(about);
  return [
    ...items.map((item) => task(item, about.patientId, message)),
    ...items.map((item) => serviceRequest(item, about.patientId, context)),
  ];
}

/** The status of an item that is no longer open, and of its task. */
const ENDED: Readonly<Record<string, readonly [request: string, task: string]>> = {
  completed: ['completed', 'completed'],
  cancelled: ['revoked', 'cancelled'],
  before_enrolment: ['unknown', 'cancelled'],
  missed: ['unknown', 'failed'], // no person has cancelled it
};
const OPEN = ['active', 'requested'] as const;

function serviceRequest(item: ItemEventData, patientId: string, context: MessageContext): Resource {
  const { itemId, activity, due, status } = item;
  return {
    resourceType: 'ServiceRequest',
    id: itemId,
    status: (ENDED[status] ?? OPEN)[0],
    intent: 'plan',
    code: coded('activity', activity, titleOf(activity, context)),
    subject: referenceTo(patientId),
    occurrenceDateTime: due,
  };
}

function task(item: ItemEventData, patientId: string, { timestamp, patient }: OutgoingMessage): Resource {
  const { itemId, status, previousDue, escalatedTo, late, completedOn } = item;
  return {
    resourceType: 'Task',
    id: uuidOf('task', itemId),
    status: (ENDED[status] ?? OPEN)[1],
    businessStatus: coded('status', status),
    intent: 'plan',
    focus: referenceTo(itemId),
    for: referenceTo(patientId),
    executionPeriod: completedOn && { start: completedOn, end: completedOn },
    lastModified: timestamp.toISOString(),
    performerType: escalatedTo && [coded('escalated-to', escalatedTo)],
    owner:
      patient?.responsibleNurse && escalatedTo !== 'head_nurse'
        ? { display: patient.responsibleNurse }
        : undefined,
    input: [
      { type: coded('input', 'overdue'), valueDate: item.overdue },
      ...(previousDue ? [{ type: coded('input', 'previous-due'), valueDate: previousDue }] : []),
      ...(late ? [{ type: coded('input', 'late'), valueBoolean: true }] : []),
      ...(patient?.department
        ? [{ type: coded('input', 'department'), valueString: patient.department }]
        : []),
    ],
  };
}

const carePlan = (patientId: string, { added, moved, cancelled, kept }: PlanDiff): Resource => ({
  resourceType: 'CarePlan',
  id: uuidOf('plan', patientId),
  status: 'active',
  intent: 'plan',
  subject: referenceTo(patientId),
  note: [{ text: `Drawn up anew: ${added} added, ${moved} moved, ${cancelled} cancelled, ${kept} kept` }],
});

function patientOf({ about, patient }: OutgoingMessage, { hospitalId }: MessageContext): Resource[] {
  if (about === null) return [];
  const { patientId: id, mrn: value } = about;
  const system = `urn:nedwatch:hospital:${hospitalId}:mrn`;
  const identifier = [{ type: { coding: [{ system: IDENTIFIER_TYPE, code: 'MR' }] }, system, value }];
  if (!patient) return [{ resourceType: 'Patient', id, identifier }];
  const { name, sex: gender, birthDate, phone } = patient;
  return [
    {
      ...{ resourceType: 'Patient', id, identifier },
      name: [{ text: name }],
      ...{ gender, birthDate },
      telecom: phone === null ? undefined : [{ system: 'phone', value: phone }],
    },
  ];
}
