import { Hl7Message } from '@medplum/core';
import fc from 'fast-check';
import { Fhir } from 'fhir';
import type { CalendarDate } from '../guideline/calendar.js';
import { findGuideline } from '../guideline/published/index.js';
import { EVENT_TYPES, type EventType } from './event-types.js';
import { hl7Refusal } from './hl7-message.js';
import { type MessageFormat, writtenMessage } from './message-formats.js';
import type { ToldPatient } from './message-payload.js';
import type { MessageContext } from './told-message.js';
import type { WebhookMessage } from './webhook-message.js';

const ID = '01a207e2-a885-722e-90a7-7477d5ecf85a';
const ITEM = '01a207e2-a7d4-7507-b0af-67bf22c94fcc';
const OTHER_ITEM = '01a207e2-a7d4-7507-b0af-67bf22c94fcd';
const PATIENT = '01a207e2-a7d4-7507-b0af-67bf22c94aaa';
const CONTEXT: MessageContext = {
  ...{
    hospitalId: '01a207e2-0000-7000-8000-000000000001',
    endpointId: '01a207e2-0000-7000-8000-000000000002',
  },
  ...{ timeZone: 'Asia/Shanghai', language: 'zh', guideline: findGuideline('crlm-cn-2025') },
};
const WANG: ToldPatient = {
  ...{ name: '王建国', sex: 'male', birthDate: '1960-01-02', phone: '13800000000' },
  ...{ department: '肝胆外科', responsibleNurse: '李护士' },
};

const day = (text: string): CalendarDate => text as CalendarDate;
const of = { patientId: PATIENT, mrn: 'D100' };
const colonoscopy = {
  ...{ itemId: ITEM, activity: 'colonoscopy', due: day('2026-10-31'), overdue: day('2026-11-01') },
};
const markers = { ...colonoscopy, itemId: OTHER_ITEM, activity: 'tumour_markers', due: day('2026-10-30') };

/** What is told of each type. */
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
  'endpoint.test': {},
  'endpoint.heartbeat': {},
  'endpoint.verification': { challenge: 'x' },
};

function written(
  format: MessageFormat,
  type: EventType,
  { patient, data = DATA[type] }: { patient?: ToldPatient; data?: WebhookMessage['data'] } = {},
): string {
  const timestamp = new Date('2026-10-31T00:30:00Z');
  const patients = new Map(patient ? [[PATIENT, patient]] : []);
  const form = { format, payload: 'full', identityApproved: true, key: null } as const;
  return writtenMessage({ id: ID, type, timestamp, sequence: 583, data }, form, patients, CONTEXT);
}

const HEAD =
  'MSH|^~\\&|NEDWATCH|01a207e2-0000-7000-8000-000000000001|||20261031083000+0800||OMG^O19^OMG_O19|01a207e2-a885-722e-90a7-7477d5ecf85a|P|2.5.1|583|||||UNICODE UTF-8';
const IDS =
  'D100^^^01a207e2-0000-7000-8000-000000000001^MR~01a207e2-a7d4-7507-b0af-67bf22c94aaa^^^NEDWATCH^PI';
const ORDER = '01a207e2-a7d4-7507-b0af-67bf22c94fcc^NEDWATCH';

describe('HL7 v2', () => {
  const lines = (type: EventType, patient?: ToldPatient): string[] =>
    written('hl7-v2', type, { patient }).split('\r').slice(0, -1);

  test('a due examination, to whom may not know who the patient is', () => {
    expect(lines('surveillance.item.due')).toEqual([
      HEAD,
      `PID|1||${IDS}||^^^^^^S`,
      `ORC|SC||${ORDER}||SC||||20261031083000+0800`,
      'TQ1|1|||||||20261031',
      `OBR|1||${ORDER}|colonoscopy^结肠镜^99NEDWATCH||||||||||||||||||||||||||||||||20261031`,
      'OBX|1|CWE|status^^99NEDWATCH||due^^99NEDWATCH||||||F',
      'OBX|2|DT|overdue^^99NEDWATCH||20261101||||||F',
    ]);
  });

  test('a late one that the head nurse has to see to, with who the patient is', () => {
    expect(lines('surveillance.item.overdue', WANG)).toEqual([
      HEAD,
      `PID|1||${IDS}||王建国^^^^^^L||19600102|M|||||13800000000`,
      'PV1|1|N|肝胆外科',
      `ORC|SC||${ORDER}||SC||||20261031083000+0800`,
      'TQ1|1|||||||20261031',
      `OBR|1||${ORDER}|colonoscopy^结肠镜^99NEDWATCH||||||||||||||||||||||||||||||||20261031`,
      'CTD|O^Responsible nurse|李护士',
      'OBX|1|CWE|status^^99NEDWATCH||overdue^^99NEDWATCH||||||F',
      'OBX|2|DT|overdue^^99NEDWATCH||20261101||||||F',
      'OBX|3|CWE|escalated-to^^99NEDWATCH||head_nurse^^99NEDWATCH||||||F',
    ]);
  });

  test.each<[EventType, string[]]>([
    ['surveillance.item.upcoming', ['ORC|SC', 'OBX|3|CWE|late^^99NEDWATCH||Y^^HL70136||||||F']],
    ['surveillance.item.completed', [`ORC|SC||${ORDER}||CM`, '^99NEDWATCH|||20261029|||||']],
    [
      'surveillance.item.rescheduled',
      [`ORC|XX||${ORDER}||SC`, 'OBX|3|DT|previous-due^^99NEDWATCH||20260930|'],
    ],
    ['surveillance.item.cancelled', [`ORC|OC||${ORDER}||CA`]],
    [
      'surveillance.plan.changed',
      [
        'OBR|1||01a207e2-a7d4-7507-b0af-67bf22c94aaa^NEDWATCH|plan^',
        'OBX|1|NM|added^^99NEDWATCH||3|',
        'OBX|4|NM|kept^^99NEDWATCH||40|',
      ],
    ],
  ])('%s says what has become of the order', (type, said) => {
    const message = lines(type).join('\r');
    for (const part of said) expect(message).toContain(part);
  });

  test('several examinations of one patient are several orders of one message', () => {
    const orders = lines('surveillance.patient.digest').filter((line) => /^OBR/.test(line));
    expect(orders.map((line) => line.split('|').slice(0, 5))).toEqual([
      [
        'OBR',
        '1',
        '',
        '01a207e2-a7d4-7507-b0af-67bf22c94fcd^NEDWATCH',
        'tumour_markers^肿瘤标志物^99NEDWATCH',
      ],
      ['OBR', '2', '', ORDER, 'colonoscopy^结肠镜^99NEDWATCH'],
    ]);
  });

  test('nothing is ever a new order', () => {
    for (const type of EVENT_TYPES) expect(lines(type).join('\r')).not.toMatch(/\rORC\|NW/);
  });

  test.each<EventType>(['endpoint.test', 'endpoint.heartbeat', 'endpoint.verification'])(
    '%s is a clock',
    (type) => {
      expect(lines(type)).toEqual([
        HEAD.replace('OMG^O19^OMG_O19', 'NMD^N02^NMD_N02'),
        'NCK|20261031083000+0800',
      ]);
    },
  );

  test('what people wrote is never taken for structure, and is read as it was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (word) => {
        const patient = { ...WANG, name: word, department: word };
        const data = { ...of, ...colonoscopy, status: 'due', mrn: word };
        const plain = Hl7Message.parse(written('hl7-v2', 'surveillance.item.due', { patient: WANG }));
        const message = Hl7Message.parse(written('hl7-v2', 'surveillance.item.due', { patient, data }));
        expect(message.segments.map(({ name, fields }) => [name, fields.length])).toEqual(
          plain.segments.map(({ name, fields }) => [name, fields.length]),
        );
        expect(unescaped(message.getSegment('PID')?.getComponent(3, 1))).toBe(word);
        expect(unescaped(message.getSegment('PID')?.getComponent(5, 1))).toBe(word);
        expect(unescaped(message.getSegment('PV1')?.getComponent(3, 1))).toBe(word);
      }),
    );
  });

  const ack = (code: string, id: string, rest = ''): string =>
    `MSH|^~\\&|HIS|WARD|NEDWATCH||20261031083001||ACK^O19^ACK|1|P|2.5.1\rMSA|${code}|${id}${rest}\r`;
  test.each([
    ['AA', ack('AA', ID), null],
    ['CA, in lines of text', ack('CA', ID).replaceAll('\r', '\n'), null],
    ['with another separator', ack('AA', ID).replaceAll('|', '#'), null],
    ['AE', ack('AE', ID, '|no such patient'), 'with MSA-1 AE: no such patient'],
    ['AR', ack('AR', ID), 'with MSA-1 AR'],
    ['of another message', ack('AA', 'x'), 'with the acknowledgement of another message, x'],
    ['nothing', '', 'without MSA: this is no acknowledgement of HL7 v2'],
    ['a page', '<html>', 'without MSA: this is no acknowledgement of HL7 v2'],
    [
      'built by another program',
      Hl7Message.parse(written('hl7-v2', 'endpoint.test')).buildAck().toString(),
      null,
    ],
  ])('an answer: %s', (_, answer, refusal) => {
    expect(hl7Refusal(answer, ID)).toBe(refusal);
  });
});

describe('FHIR R4', () => {
  interface Entry {
    readonly fullUrl: string;
    readonly resource: { readonly resourceType: string; readonly [element: string]: unknown };
  }
  const bundle = (type: EventType, patient?: ToldPatient): { readonly entry: readonly Entry[] } =>
    JSON.parse(written('fhir-r4', type, { patient })) as { entry: Entry[] };
  const resources = (type: EventType, patient?: ToldPatient): Entry['resource'][] =>
    bundle(type, patient).entry.map(({ resource }) => resource);

  test('a due examination, to whom may not know who the patient is', () => {
    const subject = { reference: `urn:uuid:${PATIENT}` };
    const [status, task, request, patient] = resources('surveillance.item.due');
    expect(status).toMatchObject({
      resourceType: 'Parameters',
      parameter: [
        { name: 'subscription', valueReference: { reference: `urn:uuid:${CONTEXT.endpointId}` } },
        { name: 'topic', valueCanonical: 'urn:nedwatch:topic:surveillance.item.due' },
        { name: 'status', valueCode: 'active' },
        { name: 'type', valueCode: 'event-notification' },
        { name: 'events-since-subscription-start', valueString: '583' },
        {
          name: 'notification-event',
          part: [{ valueString: '583' }, { valueInstant: '2026-10-31T00:30:00.000Z' }, {}, {}, {}],
        },
      ],
    });
    expect(task).toEqual({
      ...{
        resourceType: 'Task',
        id: task?.id,
        status: 'requested',
        intent: 'plan',
        lastModified: '2026-10-31T00:30:00.000Z',
      },
      businessStatus: { coding: [{ system: 'urn:nedwatch:status', code: 'due' }] },
      focus: { reference: `urn:uuid:${ITEM}` },
      for: subject,
      restriction: { period: { end: '2026-10-31' } },
    });
    expect(request).toEqual({
      ...{
        resourceType: 'ServiceRequest',
        id: ITEM,
        status: 'active',
        intent: 'plan',
        subject,
        occurrenceDateTime: '2026-10-31',
      },
      code: {
        coding: [{ system: 'urn:nedwatch:activity', code: 'colonoscopy', display: '结肠镜' }],
        text: '结肠镜',
      },
    });
    expect(patient).toEqual({
      ...{ resourceType: 'Patient', id: PATIENT },
      identifier: [
        {
          type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] },
          ...{ system: `urn:nedwatch:hospital:${CONTEXT.hospitalId}:mrn`, value: 'D100' },
        },
      ],
    });
  });

  test.each<[EventType, object, object]>([
    [
      'surveillance.item.overdue',
      { performerType: [{ coding: [{ code: 'head_nurse' }] }], owner: { display: '李护士' } },
      { status: 'active' },
    ],
    ['surveillance.item.upcoming', { input: [{ valueBoolean: true }] }, { status: 'active' }],
    [
      'surveillance.item.completed',
      { status: 'completed', executionPeriod: { start: '2026-10-29', end: '2026-10-29' } },
      { status: 'completed' },
    ],
    [
      'surveillance.item.rescheduled',
      { input: [{ valueDate: '2026-09-30' }] },
      { status: 'active', occurrenceDateTime: '2026-10-31' },
    ],
    ['surveillance.item.cancelled', { status: 'cancelled' }, { status: 'revoked' }],
  ])('%s says what has become of task and request', (type, task, request) => {
    expect(resources(type, WANG)).toMatchObject([
      {},
      task,
      request,
      { name: [{ text: '王建国' }], gender: 'male', managingOrganization: { display: '肝胆外科' } },
    ]);
  });

  test('several examinations of one patient are one notification; a plan is a CarePlan', () => {
    const types = (type: EventType): string[] => resources(type).map(({ resourceType }) => resourceType);
    expect(types('surveillance.patient.digest')).toEqual([
      'Parameters',
      'Task',
      'Task',
      'ServiceRequest',
      'ServiceRequest',
      'Patient',
    ]);
    expect(types('surveillance.plan.changed')).toEqual(['Parameters', 'CarePlan', 'Patient']);
  });

  test.each([
    ['endpoint.verification', 'handshake'],
    ['endpoint.heartbeat', 'heartbeat'],
    ['endpoint.test', 'heartbeat'],
  ] as const)('%s is a %s', (type, notification) => {
    expect(resources(type)).toMatchObject([
      { parameter: [{}, {}, {}, { name: 'type', valueCode: notification }, {}] },
    ]);
  });

  test.each(EVENT_TYPES)('%s is valid, and what it refers to is in it, once', (type) => {
    const notification = bundle(type, WANG);
    const { valid, messages } = new Fhir().validate(notification, { errorOnUnexpected: true });
    expect({ valid, messages: valid ? [] : messages }).toEqual({ valid: true, messages: [] });
    const urls = notification.entry.map(({ fullUrl }) => fullUrl);
    expect(new Set(urls).size).toBe(urls.length);
    const references = [...JSON.stringify(notification).matchAll(/"reference":"([^"]+)"/g)].map(
      ([, to]) => to,
    );
    const elsewhere = references.filter((to) => !urls.includes(to ?? ''));
    expect([...new Set(elsewhere)]).toEqual([`urn:uuid:${CONTEXT.endpointId}`]);
  });
});

/** As chapter 2.7 says, by another way than it is written. */
const unescaped = (field = ''): string =>
  field.replace(/\\([EFSTR]|X[0-9A-F]+)\\/g, (_, code: string) =>
    code.startsWith('X')
      ? Buffer.from(code.slice(1), 'hex').toString()
      : ({ E: '\\', F: '|', S: '^', T: '&', R: '~' }[code] ?? ''),
  );
