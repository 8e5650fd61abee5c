import { z } from 'zod';
import { ITEM_STATUSES } from '../../schedules/item-view.js';
import { ESCALATED_TO, REMINDER_KINDS } from '../../schedules/reminder-calendar.js';
import type { EventType } from './event-types.js';

/** The parts of an event's form on which receivers may rely; an incompatible change is a new version beside it. */
const VERSION = 1;

const patient = {
  patientId: z.uuid(),
  mrn: z.string().describe("The hospital's own number of the patient"),
  patient: z
    .strictObject({
      name: z.string(),
      sex: z.string(),
      birthDate: z.iso.date(),
      phone: z.string().nullable(),
      department: z.string().nullable(),
      responsibleNurse: z.string().nullable(),
    })
    .optional()
    .describe(
      'Who it is; only to endpoints with payload full or encrypted of which an administrator approved that',
    ),
};
const itemAlone = {
  itemId: z.uuid(),
  activity: z.string().describe('The examination: tumour_markers, colonoscopy, …'),
  due: z.iso.date(),
  overdue: z.iso.date().describe('The first late day; 9999-12-31: it is never late'),
};
const late = z
  .literal(true)
  .optional()
  .describe('It should have left on an earlier day: the program did not run');
const escalatedTo = z
  .enum(ESCALATED_TO)
  .optional()
  .describe("Who has to act now that nobody did, as the hospital's policy says");
const item = { ...itemAlone, ...patient };
const reminder = <S extends string>(status: S) =>
  z.strictObject({ ...item, status: z.literal(status), late });
const count = (what: string) => z.int().min(0).describe(what);

/** The description and the schema of each type of event. */
const DATA: Readonly<Record<EventType, readonly [when: string, data: z.ZodType]>> = {
  'surveillance.item.upcoming': ['An examination comes due soon', reminder('upcoming')],
  'surveillance.item.due': ['An examination is due', reminder('due')],
  'surveillance.item.overdue': [
    'An examination is late: its first late day has begun; again, as often as the policy says, while it is late',
    reminder('overdue').extend({ escalatedTo }),
  ],
  'surveillance.item.completed': [
    'An examination was recorded as done',
    z.strictObject({
      ...item,
      status: z.literal('completed'),
      completedOn: z.iso.date().describe('The day of the examination'),
    }),
  ],
  'surveillance.item.rescheduled': [
    'The dates of an examination have moved, or it is open again',
    z.strictObject({
      ...item,
      status: z.enum(ITEM_STATUSES),
      previousDue: z.iso.date().describe('The due date before'),
    }),
  ],
  'surveillance.item.cancelled': [
    'An examination is no longer asked for',
    z.strictObject({ ...item, status: z.literal('cancelled') }),
  ],
  'surveillance.plan.changed': [
    "A patient's plan was drawn up anew: read it again",
    z.strictObject({
      ...patient,
      added: count('Items that are new'),
      moved: count('Items whose dates are others'),
      cancelled: count('Items that are no longer asked for'),
      kept: count('Items that stay as they are'),
    }),
  ],
  'surveillance.patient.digest': [
    'Several reminders of one patient leave together: this takes the place of theirs',
    z.strictObject({
      ...patient,
      items: z
        .array(z.strictObject({ ...itemAlone, status: z.enum(REMINDER_KINDS), late, escalatedTo }))
        .min(1)
        .describe('The longest due first'),
    }),
  ],
  'surveillance.patient.message': [
    'A message to a patient, for the system that sends it: only where the hospital chose the route webhook',
    z.strictObject({
      ...patient,
      messageId: z.uuid().describe('Of GET /patients/{id}/messages, which says text and number'),
      occasion: z
        .string()
        .describe('appointment_tomorrow, due_soon, overdue, not_attended, result_in_range or call_announced'),
      channel: z.string().describe('The channel to which the patient consented: sms or wechat'),
      language: z.enum(['zh', 'en']),
      on: z.iso
        .date()
        .describe('The day of the appointment, of the reminder, of the examination, or of the announcement'),
      appointmentId: z.uuid().nullable(),
      resultId: z.uuid().nullable(),
      relativeId: z.uuid().nullable().describe('The relative to whom it goes; null: to the patient'),
      examinations: z
        .array(z.strictObject({ itemId: z.uuid(), activity: z.string(), due: z.iso.date() }))
        .describe('The examinations that it names'),
    }),
  ],
  'endpoint.test': ['Somebody asked for a test message', z.strictObject({})],
  'endpoint.heartbeat': [
    'As often as the endpoint asked for: its number tells whether anything was missed',
    z.strictObject({}),
  ],
  'endpoint.backlog': [
    'Right after the registration, in place of one reminder for each item that is open already: how much that is. Read the worklist, or ask for each by POST …/recover',
    z.strictObject({
      open: count('Items whose last reminder is current, of those that the endpoint asked for'),
      overdue: count('Of these, late'),
      due: count('Of these, due'),
      upcoming: count('Of these, due soon'),
      patients: count('Patients whose items they are'),
    }),
  ],
  'endpoint.verification': [
    'Whoever receives this answers 2xx with {"challenge": …} and the same text; outside the numbers, 0 stands there',
    z.strictObject({ challenge: z.string() }),
  ],
};

/** A whole message of one type, in the form that is sent. */
const messageOf = (type: EventType): z.ZodType =>
  z.strictObject({
    id: z.uuid().describe('The webhook-id: the same at every attempt; know by it what you have already'),
    type: z.literal(type),
    timestamp: z.iso.datetime().describe('When it happened'),
    sequence: z
      .int()
      .min(type === 'endpoint.verification' ? 0 : 1)
      .describe("Counts this endpoint's messages without a gap"),
    data: DATA[type][1],
  });

/** The documentation of one type of event. */
export interface CatalogueEntry {
  readonly type: EventType;
  readonly version: number;
  readonly description: string;
  /** JSON Schema (2020-12) of the message's body. */
  readonly schema: object;
}

/** Replaces `data` in a message to an endpoint with an encrypted payload. */
export const ENCRYPTED_DATA = z.toJSONSchema(
  z.strictObject({
    resource: z.strictObject({
      algorithm: z.literal('AES-256-GCM'),
      keyId: z.uuid().describe('payloadKeyId of the endpoint when it was encrypted'),
      nonce: z.base64().describe('12 bytes'),
      associatedData: z.uuid().describe('The id of the message'),
      ciphertext: z.base64().describe('The data as JSON, and the tag of 16 bytes at its end'),
    }),
  }),
);

export const EVENT_CATALOGUE: readonly CatalogueEntry[] = (Object.keys(DATA) as EventType[]).map((type) => ({
  ...{ type, version: VERSION, description: DATA[type][0] },
  schema: z.toJSONSchema(messageOf(type)),
}));
