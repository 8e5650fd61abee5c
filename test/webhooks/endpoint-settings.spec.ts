import { createDecipheriv } from 'node:crypto';
import { auditDeliveries } from '../../src/monitoring/delivery-audit.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { givenItem, givenPatient } from '../support/builders.js';
import {
  type RegisteredEndpoint,
  nextHospital,
  type ReminderHospital,
} from '../support/reminder-hospital.js';
import { type ReceivedMessage, refuseUndocumented } from '../support/webhook-receiver.js';

let t: ReminderHospital;
beforeEach(async () => {
  t = await nextHospital(t);
});
afterAll(() => t.close());

const received = ({ secret }: RegisteredEndpoint): ReceivedMessage[] => t.receiver.messages(secret);
const DECIDED = { author: 'Director Wu', reason: 'contract 2026-17, data protection assessment of 1 March' };
const approve = (id: string, approved = true) =>
  t.post(`/webhook-endpoints/${id}/identity-approval`, { approved, ...DECIDED });

const deliveriesOf = async ({ id }: RegisteredEndpoint) =>
  (await t.get(`/webhook-endpoints/${id}/deliveries?limit=200`)).body.items as {
    eventType: string;
    state: string;
    cancelledReason: string | null;
  }[];

describe('a filter', () => {
  test('leaves out other activities and other departments, with the reason; events about a whole plan pass', async () => {
    const endpoint = await t.register({
      eventTypes: ['*'],
      filter: { activities: ['chest-ct'], departments: ['肝胆外科'] },
    });
    const ours = await givenPatient(t, { department: '肝胆外科' });
    const others = await givenPatient(t, { department: '胃肠外科' });
    const nobodys = await givenPatient(t, { department: null });
    for (const { id: patientId } of [ours, others, nobodys])
      for (const activity of ['chest-ct', 'colonoscopy'])
        await givenItem(t, { patientId, activity, due: '2026-03-10' });
    await t.tellAll();

    const messages = received(endpoint).map(({ data }) => [data['patientId'], data['activity']]);
    expect(messages.sort()).toEqual(
      [
        [ours.id, 'chest-ct'],
        [nobodys.id, 'chest-ct'],
      ].sort(),
    );
    expect(
      received(endpoint)
        .map(({ sequence }) => sequence)
        .sort(),
    ).toEqual([1, 2]);
    const left = (await deliveriesOf(endpoint)).filter(({ state }) => state === 'cancelled');
    expect(left.map(({ cancelledReason }) => cancelledReason)).toEqual(Array(4).fill('filtered'));

    await t.post(`/patients/${ours.id}/events`, {
      ...{ type: 'primary_resection', date: '2026-01-15', site: 'colon', stage: 'III', intent: 'curative' },
      preoperativeColonoscopy: 'complete',
    });
    await t.tellAll();
    expect(received(endpoint).map(({ type }) => type)).toContain('surveillance.plan.changed');
  });

  test('that is changed applies from then on, and can be removed', async () => {
    const endpoint = await t.register({ filter: { activities: ['colonoscopy'] } });
    await givenItem(t, { due: '2026-03-10' });
    await t.tellAll();
    expect(received(endpoint)).toHaveLength(0);

    const { body } = await t.request('PATCH', `/webhook-endpoints/${endpoint.id}`, {
      payload: { filter: null },
    });
    expect(body).toMatchObject({ id: endpoint.id, filter: null, rateLimit: null });
    await givenItem(t, { due: '2026-03-10' });
    await t.tellAll();
    expect(received(endpoint)).toHaveLength(1);
  });
});

describe('heartbeats', () => {
  test('come again after a clock that was ahead is set back', async () => {
    const endpoint = await t.register({ heartbeatMinutes: 10 });
    await t.dataSource.query(`UPDATE webhook_endpoint SET heartbeat_at = program_now() + interval '1 year'`);
    await t.tellAll();
    expect(received(endpoint).map(({ type }) => type)).toEqual(['endpoint.heartbeat']);
  });

  test('come at the requested interval, with the next number, and in place of an unsent one', async () => {
    const endpoint = await t.register({ heartbeatMinutes: 10 });
    for (const minute of ['00', '05', '11', '12', '22']) {
      await t.setClock(`2026-03-10T11:${minute}:00+08:00`);
      await t.tellAll();
    }
    await givenItem(t, { due: '2026-03-10' });
    await t.tellAll();

    expect(received(endpoint).map(({ type, sequence }) => [type, sequence])).toEqual([
      ...[1, 2, 3].map((number) => ['endpoint.heartbeat', number]),
      ['surveillance.item.due', 4],
    ]);

    await t.dataSource.query(`UPDATE webhook_endpoint SET resting_until = '2026-03-10T12:30:00+08:00'`);
    for (const time of ['11:40', '12:00', '12:20']) {
      await t.setClock(`2026-03-10T${time}:00+08:00`);
      await t.tellAll();
    }
    const waiting = (await deliveriesOf(endpoint)).filter(({ state }) => state !== 'delivered');
    expect(waiting.map(({ state, cancelledReason }) => [state, cancelledReason])).toEqual([
      ['pending', null],
      ['cancelled', 'superseded'],
      ['cancelled', 'superseded'],
    ]);
  });
});

describe('a paused endpoint', () => {
  const patch = (id: string, payload: object) => t.request('PATCH', `/webhook-endpoints/${id}`, { payload });

  test('keeps its messages, sends tests alone, and sends what waited once it is resumed', async () => {
    const endpoint = await t.register({});
    const { body } = await patch(endpoint.id, { paused: true });
    expect(body).toMatchObject({ state: 'held', heldReason: 'paused' });
    await givenItem(t, { due: '2026-03-10' });
    await t.tellAll();
    expect(received(endpoint)).toEqual([]);

    const path = `/webhook-endpoints/${endpoint.id}`;
    expect((await t.post(`${path}/test`)).status).toBe(202);
    await t.tellAll();
    expect(received(endpoint).map(({ type }) => type)).toEqual(['endpoint.test']);
    expect((await t.get(path)).body).toMatchObject({ heldReason: 'paused' });

    const [waiting] = (await t.get(`${path}/deliveries?eventType=surveillance.item.due`)).body.items as {
      id: string;
      state: string;
    }[];
    expect(waiting!.state).toBe('pending');
    expect((await t.post(`/deliveries/${waiting!.id}/replay`)).body.code).toBe('paused-endpoint');
    expect((await t.post(`${path}/recover`, { since: '2026-01-01T00:00:00Z' })).body.code).toBe(
      'paused-endpoint',
    );

    expect((await patch(endpoint.id, { paused: false })).body).toMatchObject({ state: 'ok' });
    await t.tellAll();
    expect(received(endpoint).map(({ type }) => type)).toEqual(['endpoint.test', 'surveillance.item.due']);
  });

  test('stays paused when its receiver answers 410', async () => {
    const endpoint = await t.register({});
    await patch(endpoint.id, { paused: true });
    t.receiver.answer = () => ({ status: 410 });
    await t.post(`/webhook-endpoints/${endpoint.id}/test`);
    await t.tellAll();
    expect((await t.get(`/webhook-endpoints/${endpoint.id}`)).body).toMatchObject({ heldReason: 'paused' });
  });

  test('cannot be one that waits for its verification', async () => {
    const { id } = await t.register({ verify: true });
    expect((await patch(id, { paused: true })).body.code).toBe('unverified-endpoint');
  });
});

describe('another subscription', () => {
  test('holds for what is recorded from then on; the delivery audit agrees, and further types end the approval', async () => {
    const endpoint = await t.register({ payload: 'full', eventTypes: ['surveillance.item.due'] });
    await approve(endpoint.id);
    const patient = await givenPatient(t);
    const record = (date: string) =>
      t.post(`/patients/${patient.id}/events`, {
        ...{ type: 'primary_resection', date, site: 'colon', stage: 'III', intent: 'curative' },
        preoperativeColonoscopy: 'complete',
      });
    await record('2026-01-15');
    const eventTypes = ['surveillance.item.due', 'surveillance.plan.changed'];
    const { body } = await t.request('PATCH', `/webhook-endpoints/${endpoint.id}`, {
      payload: { eventTypes },
    });
    expect(body).toMatchObject({ eventTypes, identityApproval: null });
    await t.tellAll();
    expect(received(endpoint)).toEqual([]);

    await t.setClock('2026-03-10T10:30:00+08:00');
    await record('2026-02-01');
    await t.tellAll();
    expect(received(endpoint).map(({ type }) => type)).toEqual(['surveillance.plan.changed']);
    const findings = await t.app
      .get(HospitalScope)
      .run(t.hospitalId, () => t.app.get(HospitalScope).transaction((tx) => auditDeliveries(tx)));
    expect(findings['event-without-delivery'].count).toBe(0);
  });

  test('is refused where the format of the endpoint cannot express a type', async () => {
    const { id } = await t.register({ format: 'hl7-v2' });
    const payload = { eventTypes: ['surveillance.plan.changed'] };
    const { status, body } = await t.request('PATCH', `/webhook-endpoints/${id}`, { payload });
    expect([status, body.errors?.[0]?.pointer]).toEqual([422, '/eventTypes/0']);
  });
});

describe('verification', () => {
  test('until the receiver has answered a challenge everything waits, and then leaves in order', async () => {
    const endpoint = await t.register({ verify: true });
    await givenItem(t, { due: '2026-03-10' });
    await t.tellAll();
    expect(t.receiver.arrivals).toHaveLength(0);
    const path = `/webhook-endpoints/${endpoint.id}`;
    expect((await t.get(path)).body).toMatchObject({ state: 'held', heldReason: 'unverified' });
    for (const way of ['test', 'recover'])
      expect((await t.post(`${path}/${way}`, { since: '2026-01-01T00:00:00Z' })).body.code).toMatch(
        way === 'test' ? /unverified-endpoint|unknown|invalid/ : 'unverified-endpoint',
      );

    const refused: [(body: string) => { status: number; body?: string } | undefined, RegExp][] = [
      [() => ({ status: 500 }), /answered 500/],
      [() => ({ status: 200, body: 'ok' }), /does not repeat the challenge/],
      [() => ({ status: 200, body: '{"challenge":"x"}' }), /does not repeat the challenge/],
      [() => undefined, /could not be verified/],
    ];
    for (const [answer, why] of refused) {
      t.receiver.answer = ({ body }) => answer(body);
      const { status, body } = await t.post(`${path}/verify`);
      expect([status, body.code]).toEqual([409, 'not-verified']);
      expect(body.title).toMatch(why);
    }
    t.receiver.answer = ({ body }) => ({
      status: 200,
      body: JSON.stringify((JSON.parse(body) as ReceivedMessage).data),
    });
    expect((await t.post(`${path}/verify`)).body).toMatchObject({ state: 'ok', heldReason: null });
    await t.tellAll();
    expect(received(endpoint).map(({ type, sequence }) => [type, sequence])).toEqual([
      ...Array<unknown>(5).fill(['endpoint.verification', 0]),
      ['surveillance.item.due', 1],
    ]);
  });
});

describe('who the patients are', () => {
  const NAME = '司马相如';
  const given = async (): Promise<string> => {
    const { body } = await t.post('/patients', {
      ...{ mrn: '17', name: NAME, sex: 'male', birthDate: '1955-03-03', diagnosisDate: '2025-12-01' },
      ...{ phone: '13812345678', department: '肝胆外科' },
    });
    return body.id as string;
  };

  test('is in no message before an administrator has approved it, and in none after the approval ended', async () => {
    const endpoint = await t.register({ payload: 'full' });
    const patientId = await given();
    const tell = async (): Promise<ReceivedMessage | undefined> => {
      await givenItem(t, { patientId, due: '2026-03-10' });
      await t.tellAll();
      return received(endpoint).at(-1);
    };
    expect((await tell())?.data['patient']).toBeUndefined();

    expect((await approve(endpoint.id)).body.identityApproval).toMatchObject({
      by: DECIDED.author,
      reason: DECIDED.reason,
    });
    expect((await tell())?.data['patient']).toEqual({
      ...{ name: NAME, sex: 'male', birthDate: '1955-03-03', phone: '13812345678' },
      ...{ department: '肝胆外科', responsibleNurse: null },
    });
    const stored = await t.dataSource.query<{ body: string }[]>('SELECT body FROM delivery');
    expect(stored.filter(({ body }) => body.includes(NAME) || body.includes('13812345678'))).toEqual([]);

    expect((await approve(endpoint.id, false)).body.identityApproval).toBeNull();
    expect((await tell())?.data['patient']).toBeUndefined();
  });

  test('a message with names in it is the same at every attempt', async () => {
    const endpoint = await t.register({ payload: 'full' });
    await approve(endpoint.id);
    await givenItem(t, { patientId: await given(), due: '2026-03-10' });
    const statuses = [500, 200];
    t.receiver.answer = () => ({ status: statuses.shift() ?? 200 });
    await t.tellAll();
    await t.setClock('2026-03-10T10:05:00+08:00');
    await t.tellAll();

    expect(t.receiver.arrivals).toHaveLength(2);
    expect(new Set(t.receiver.arrivals.map(({ body }) => body)).size).toBe(1);
  });

  test('encrypted, can be read by the holder of the key only; another key has another id', async () => {
    const endpoint = await t.register({ payload: 'encrypted' });
    await approve(endpoint.id);
    const patientId = await given();
    await givenItem(t, { patientId, due: '2026-03-10' });
    await t.tellAll();

    const [arrival] = t.receiver.arrivals;
    expect(arrival?.body).not.toContain(patientId);
    const message = JSON.parse(arrival?.body ?? '') as ReceivedMessage & {
      data: { resource: Record<string, string> };
    };
    expect(message.data.resource['keyId']).toBe(endpoint.payloadKeyId);
    const data = opened(message, endpoint.payloadKey ?? '');
    expect(data['patient']).toMatchObject({ name: NAME });
    refuseUndocumented({ ...message, data });
    const shown = JSON.stringify([(await t.get('/webhook-endpoints')).body, await deliveriesOf(endpoint)]);
    expect(shown).not.toContain(endpoint.payloadKey);

    const { body: rotated } = await t.post(`/webhook-endpoints/${endpoint.id}/rotate-secret`);
    expect(rotated.payloadKeyId).not.toBe(endpoint.payloadKeyId);
    await givenItem(t, { patientId, due: '2026-03-10' });
    await t.tellAll();
    const next = JSON.parse(t.receiver.arrivals.at(-1)?.body ?? '') as typeof message;
    expect(next.data.resource['keyId']).toBe(rotated.payloadKeyId);
    expect(opened(next, rotated.payloadKey as string)['patient']).toMatchObject({ name: NAME });
    expect(() => opened(next, endpoint.payloadKey ?? '')).toThrow();
  });

  function opened(message: ReceivedMessage, key: string): ReceivedMessage['data'] {
    const { nonce, ciphertext, associatedData } = message.data['resource'] as unknown as Record<
      string,
      string
    >;
    const bytes = Buffer.from(ciphertext ?? '', 'base64');
    const cipher = createDecipheriv(
      'aes-256-gcm',
      Buffer.from(key, 'base64'),
      Buffer.from(nonce ?? '', 'base64'),
    )
      .setAAD(Buffer.from(message.id))
      .setAuthTag(bytes.subarray(-16));
    expect(associatedData).toBe(message.id);
    const text = Buffer.concat([cipher.update(bytes.subarray(0, -16)), cipher.final()]).toString('utf8');
    return JSON.parse(text) as ReceivedMessage['data'];
  }

  test('is not approved for thin messages', async () => {
    expect((await approve(t.endpointId)).body).toMatchObject({ status: 409, code: 'thin-endpoint' });
  });
});

test.each([
  ['an empty filter', { filter: { activities: [] } }, '/filter/activities'],
  ['a heartbeat each second', { heartbeatMinutes: 0 }, '/heartbeatMinutes'],
  ['another version of the events', { eventVersion: 2 }, '/eventVersion'],
  ['certificates for http', { tls: { ca: 'x' } }, '/tls'],
  ['an unknown form', { format: 'edifact' }, '/format'],
  ['FHIR for a robot', { kind: 'wecom', format: 'fhir-r4' }, '/format'],
  [
    'HL7 about a whole plan',
    { format: 'hl7-v2', eventTypes: ['surveillance.plan.changed'] },
    '/eventTypes/0',
  ],
  ['HL7 that nobody can read', { format: 'hl7-v2', payload: 'encrypted' }, '/payload'],
  ['an unknown payload', { payload: 'everything' }, '/payload'],
  ['names for a robot', { kind: 'wecom', payload: 'full' }, '/payload'],
  ['a challenge for a robot', { kind: 'wecom', verify: true }, '/verify'],
  [
    'a token from a metadata service',
    { oauth2: { tokenUrl: 'http://169.254.169.254/token', clientId: 'a', clientSecret: 'b' } },
    '/oauth2/tokenUrl',
  ],
])('refused is %s', async (_, settings, pointer) => {
  const { status, body } = await t.post('/webhook-endpoints', { url: t.receiver.url, ...settings });
  expect([status, body.errors?.map((fault: { pointer: string }) => fault.pointer)]).toEqual([422, [pointer]]);
});
