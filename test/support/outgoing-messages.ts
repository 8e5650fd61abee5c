import type { CalendarDate } from '../../src/guideline/calendar.js';
import { findGuideline } from '../../src/guideline/published/index.js';
import type { EventType } from '../../src/webhooks/messages/event-types.js';
import { type MessageFormat, writtenMessage } from '../../src/webhooks/messages/message-formats.js';
import type { DisclosedPatient } from '../../src/webhooks/messages/message-payload.js';
import type { MessageContext } from '../../src/webhooks/messages/outgoing-message.js';
import type { WebhookMessage } from '../../src/webhooks/messages/json-message.js';

export const ID = '01a207e2-a885-722e-90a7-7477d5ecf85a';
export const ITEM = '01a207e2-a7d4-7507-b0af-67bf22c94fcc';
const OTHER_ITEM = '01a207e2-a7d4-7507-b0af-67bf22c94fcd';
export const PATIENT = '01a207e2-a7d4-7507-b0af-67bf22c94aaa';
export const CONTEXT: MessageContext = {
  ...{
    hospitalId: '01a207e2-0000-7000-8000-000000000001',
    endpointId: '01a207e2-0000-7000-8000-000000000002',
  },
  ...{ timeZone: 'Asia/Shanghai', language: 'zh', guideline: findGuideline('crlm-cn-2025') },
};
export const WANG: DisclosedPatient = {
  ...{ name: '王建国', sex: 'male', birthDate: '1960-01-02', phone: '13800000000' },
  ...{ department: '肝胆外科', responsibleNurse: '李护士' },
};

export const day = (text: string): CalendarDate => text as CalendarDate;
export const of = { patientId: PATIENT, mrn: 'D100' };
export const colonoscopy = {
  ...{ itemId: ITEM, activity: 'colonoscopy', due: day('2026-10-31'), overdue: day('2026-11-01') },
};
const markers = { ...colonoscopy, itemId: OTHER_ITEM, activity: 'tumour_markers', due: day('2026-10-30') };

/** One example of each type. */
const DATA: Readonly<Record<EventType, WebhookMessage['data']>> = {
  'surveillance.item.upcoming': { ...of, ...colonoscopy, status: 'upcoming', late: true },
  'surveillance.item.due': { ...of, ...colonoscopy, status: 'due' },
  'surveillance.item.overdue': { ...of, ...colonoscopy, status: 'overdue', escalatedTo: 'head_nurse' },
  'surveillance.item.completed': {
    ...{ ...of, ...colonoscopy, status: 'completed', completedOn: day('2026-10-29') },
  },
  'surveillance.item.rescheduled': {
    ...{ ...of, ...colonoscopy, status: 'upcoming', previousDue: day('2026-09-30') },
  },
  'surveillance.item.cancelled': { ...of, ...colonoscopy, status: 'cancelled' },
  'surveillance.plan.changed': { ...of, added: 3, moved: 2, cancelled: 1, kept: 40 },
  'surveillance.patient.digest': {
    ...of,
    items: [
      { ...markers, status: 'overdue' },
      { ...colonoscopy, status: 'due' },
    ],
  },
  'surveillance.patient.message': {
    ...of,
    ...{ messageId: ID, occasion: 'overdue', channel: 'sms', language: 'zh', on: day('2026-11-02') },
    ...{ appointmentId: null, resultId: null, relativeId: null },
    examinations: [{ itemId: ITEM, activity: 'colonoscopy', due: day('2026-10-31') }],
  },
  'endpoint.test': {},
  'endpoint.heartbeat': {},
  'endpoint.backlog': { open: 808, overdue: 112, due: 96, upcoming: 600, patients: 405 },
  'endpoint.verification': { challenge: 'x' },
};

/** One of the examples in the form for an endpoint that may identify the patient, with the identity if given. */
export function written(
  format: MessageFormat,
  type: EventType,
  { patient, data = DATA[type] }: { patient?: DisclosedPatient; data?: WebhookMessage['data'] } = {},
): string {
  const timestamp = new Date('2026-10-31T00:30:00Z');
  const patients = new Map(patient ? [[PATIENT, patient]] : []);
  const form = { format, payload: 'full', identityApproved: true, key: null } as const;
  return writtenMessage({ id: ID, type, timestamp, sequence: 583, data }, form, patients, CONTEXT);
}
