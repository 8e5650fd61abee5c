import { Fhir } from 'fhir';
import {
  colonoscopy,
  CONTEXT,
  day,
  ITEM,
  of,
  PATIENT,
  WANG,
  written,
} from '../../../test/support/outgoing-messages.js';
import { EVENT_TYPES, type EventType } from './event-types.js';
import type { DisclosedPatient } from './message-payload.js';

describe('FHIR R4', () => {
  interface Entry {
    readonly fullUrl: string;
    readonly resource: { readonly resourceType: string; readonly [element: string]: unknown };
  }
  const bundle = (type: EventType, patient?: DisclosedPatient): { readonly entry: readonly Entry[] } =>
    JSON.parse(written('fhir-r4', type, { patient })) as { entry: Entry[] };
  const resources = (type: EventType, patient?: DisclosedPatient): Entry['resource'][] =>
    bundle(type, patient).entry.map(({ resource }) => resource);

  const overdue = {
    type: { coding: [{ system: 'urn:nedwatch:input', code: 'overdue' }] },
    valueDate: '2026-11-01',
  };
  test('a due examination, to whom may not know who the patient is', () => {
    const meta = { lastUpdated: '2026-10-31T00:30:00.000Z' };
    const subject = { reference: `urn:uuid:${PATIENT}` };
    const [status, task, request, patient] = resources('surveillance.item.due');
    expect(status).toMatchObject({
      resourceType: 'Parameters',
      parameter: [
        { name: 'subscription', valueReference: { reference: `Subscription/${CONTEXT.endpointId}` } },
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
      input: [overdue],
      meta,
    });
    expect(request).toEqual({
      ...{
        resourceType: 'ServiceRequest',
        id: ITEM,
        status: 'active',
        intent: 'plan',
        subject,
        occurrenceDateTime: '2026-10-31',
        meta,
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

  const department = { type: { coding: [{ code: 'department' }] }, valueString: '肝胆外科' };
  test.each<[EventType, object, object]>([
    [
      'surveillance.item.due',
      { status: 'requested', owner: { display: '李护士' }, input: [overdue, department] },
      { status: 'active' },
    ],
    [
      'surveillance.item.overdue',
      { performerType: [{ coding: [{ code: 'head_nurse' }] }] },
      { status: 'active' },
    ],
    [
      'surveillance.item.upcoming',
      { input: [overdue, { valueBoolean: true }, department] },
      { status: 'active' },
    ],
    [
      'surveillance.item.completed',
      { status: 'completed', executionPeriod: { start: '2026-10-29', end: '2026-10-29' } },
      { status: 'completed' },
    ],
    [
      'surveillance.item.rescheduled',
      { input: [overdue, { valueDate: '2026-09-30' }, department] },
      { status: 'active', occurrenceDateTime: '2026-10-31' },
    ],
    ['surveillance.item.cancelled', { status: 'cancelled' }, { status: 'revoked' }],
  ])('%s says what has become of task and request', (type, task, request) => {
    const [, ...written] = resources(type, WANG);
    expect(written).toMatchObject([
      task,
      request,
      {
        name: [{ text: '王建国' }],
        gender: 'male',
        birthDate: '1960-01-02',
        telecom: [{ value: '13800000000' }],
      },
    ]);
  });

  test('the head nurse has to act, not the nurse, where it is escalated to her', () => {
    expect(resources('surveillance.item.overdue', WANG)[1]).not.toHaveProperty('owner');
  });

  test('a missed item has no person who cancelled it', () => {
    const data = { ...of, ...colonoscopy, status: 'missed', previousDue: day('2026-09-30') };
    const { entry } = JSON.parse(written('fhir-r4', 'surveillance.item.rescheduled', { data })) as {
      entry: Entry[];
    };
    expect(entry.map(({ resource }) => resource['status'])).toEqual([
      undefined,
      'failed',
      'unknown',
      undefined,
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

  test('a digest is about the patient, so that no examination stands for the others', () => {
    const [status] = resources('surveillance.patient.digest');
    const coded = JSON.stringify(status);
    expect(coded).toContain(`{"name":"focus","valueReference":{"reference":"urn:uuid:${PATIENT}"}}`);
    expect(coded.match(/additional-context/g)).toHaveLength(4);
  });

  test.each([
    ['endpoint.verification', 'handshake', 5],
    ['endpoint.heartbeat', 'event-notification', 6],
    ['endpoint.test', 'event-notification', 6],
  ] as const)('%s is a %s about nothing', (type, notification, parameters) => {
    const [status, ...others] = resources(type);
    expect([others, status?.['parameter']]).toMatchObject([
      [],
      [{}, {}, {}, { name: 'type', valueCode: notification }, {}, {}].slice(0, parameters),
    ]);
    expect(JSON.stringify(status)).not.toContain('focus');
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
    expect([...new Set(elsewhere)]).toEqual([`Subscription/${CONTEXT.endpointId}`]);
  });
});
