import { Hl7Message } from '@medplum/core';
import { Fhir } from 'fhir';
import { controlIdOf } from '../../src/webhooks/messages/hl7-message.js';
import { givenItem, givenPatient } from '../support/builders.js';
import {
  type RegisteredEndpoint,
  nextHospital,
  type ReminderHospital,
} from '../support/reminder-hospital.js';
import { issued } from '../support/certificates.js';
import { MllpReceiver } from '../support/mllp-receiver.js';
import { type Arrival, type ReceiverAnswer, refuseForged } from '../support/webhook-receiver.js';

let t: ReminderHospital;
beforeEach(async () => {
  t = await nextHospital(t);
});
afterAll(() => t.close());

const deliveriesOf = async ({ id }: RegisteredEndpoint) =>
  (await t.get(`/webhook-endpoints/${id}/deliveries?limit=200`)).body.items as {
    state: string;
    eventType: string;
    nextAttemptAt: string;
    cancelledReason: string | null;
    attempts: { outcome: string; status: number; error: string | null }[];
  }[];

/** The answer of a hospital's engine: an acknowledgement, which another program writes. */
const acknowledging =
  (code: 'AA' | 'AE' | 'CA') =>
  ({ body }: Arrival): ReceiverAnswer => ({
    status: 200,
    body: Hl7Message.parse(body).buildAck({ ackCode: code }).toString(),
  });

describe('HL7 v2 over MLLP', () => {
  let engine: MllpReceiver;
  afterEach(() => engine.close());

  test('is delivered once it is acknowledged, and is sent again after AE, a cut connection and silence', async () => {
    engine = await MllpReceiver.start();
    const endpoint = await t.register({ format: 'hl7-v2', url: engine.url });
    await givenItem(t, { due: '2026-03-10' });
    await t.tellAll();
    expect(await deliveriesOf(endpoint)).toMatchObject([{ state: 'delivered' }]);

    await givenItem(t, { due: '2026-03-10' });
    const codes = ['AE', 'AR', undefined, 'CA'];
    engine.code = codes.shift();
    await t.tellAll();
    while (codes.length > 0) {
      engine.code = codes.shift();
      const waiting = (await deliveriesOf(endpoint)).find(({ state }) => state === 'pending');
      await t.setClock(waiting!.nextAttemptAt);
      await t.tellAll();
    }
    const [first] = (await deliveriesOf(endpoint)).filter(({ attempts }) => attempts.length > 1);
    expect(first?.state).toBe('delivered');
    expect(first?.attempts.map(({ outcome, error }) => `${outcome} ${error ?? ''}`).sort()).toEqual([
      'accepted ',
      expect.stringMatching(/^refused answered with MSA-1 AE/) as string,
      expect.stringMatching(/^refused answered with MSA-1 AR/) as string,
      expect.stringMatching(/^unreachable .*(without an acknowledgement|reset)/) as string,
    ]);
    expect(new Set(engine.messages).size).toBe(2);
    expect(Hl7Message.parse(engine.messages[0]!).getSegment('MSH')?.getField(9).toString()).toBe(
      'OMG^O19^OMG_O19',
    );
  });

  test('goes through TLS to a receiver whose authority is known, and to no other', async () => {
    const certificate = issued('engine.hospital.example');
    engine = await MllpReceiver.start(certificate);
    const known = await t.register({
      ...{ format: 'hl7-v2', url: engine.url, tls: { ca: certificate.certificate } },
    });
    const unknown = await t.register({ format: 'hl7-v2', url: engine.url });
    await givenItem(t, { due: '2026-03-10' });
    await t.tellAll();
    expect(await deliveriesOf(known)).toMatchObject([{ state: 'delivered' }]);
    expect(await deliveriesOf(unknown)).toMatchObject([
      { state: 'pending', attempts: [{ outcome: 'unreachable' }] },
    ]);
  });

  test.each([
    ['mllp://127.0.0.1:2575', 'json', '/url'],
    ['mllp://127.0.0.1', 'hl7-v2', '/url'],
    ['mllp://127.0.0.1:2575/path', 'hl7-v2', '/url'],
    ['mllp://169.254.169.254:2575', 'hl7-v2', '/url'],
    ['mllp://10.1.2.3:2575', 'hl7-v2', '/url'],
  ])('%s with %s is refused', async (url, format, pointer) => {
    engine = await MllpReceiver.start();
    const { status, body } = await t.post('/webhook-endpoints', { url, format });
    expect({ status, pointer: body.errors?.[0]?.pointer }).toEqual({ status: 422, pointer });
  });
});

describe('HL7 v2', () => {
  test('arrives as ER7, signed, and is delivered once the receiver acknowledges it', async () => {
    const endpoint = await t.register({ format: 'hl7-v2' });
    t.receiver.answer = acknowledging('AA');
    const { id: patientId, mrn } = await givenPatient(t);
    const { id: itemId } = await givenItem(t, { patientId, activity: 'colonoscopy', due: '2026-03-10' });
    await t.tellAll();

    const [arrival] = t.receiver.arrivals;
    if (!arrival) throw new Error('Nothing has arrived.');
    refuseForged(arrival, endpoint.secret);
    expect(arrival.headers['content-type']).toBe('application/hl7-v2; charset=utf-8');
    const message = Hl7Message.parse(arrival.body);
    const field = (segment: string, number: number): string | undefined =>
      message.getSegment(segment)?.getField(number).toString();
    const id = arrival.headers['webhook-id'] ?? '';
    expect([field('MSH', 9), field('MSH', 10)]).toEqual(['OMG^O19^OMG_O19', controlIdOf(id)]);
    expect(field('PID', 3)).toContain(`${mrn}^`);
    expect([field('ORC', 1), field('ORC', 3), field('OBR', 4)]).toEqual([
      'SC',
      `${itemId}^NEDWATCH`,
      'colonoscopy^结肠镜^99NEDWATCH',
    ]);
    expect(arrival.body).toContain('|DT|due^^99NEDWATCH||20260310|');
    expect(arrival.body).toContain(`\rZNW|1|surveillance.item.due|${id}|${patientId}\r`);
    expect(await deliveriesOf(endpoint)).toMatchObject([{ state: 'delivered' }]);
  });

  test.each([
    ['an error', acknowledging('AE'), /^answered 200 with MSA-1 AE/],
    ['nothing', () => ({ status: 200 }), /^answered 200 without MSA/],
    ['a page that says no more than 200', () => ({ status: 200, body: '<html>OK</html>' }), /without MSA/],
    [
      'an acknowledgement with 500',
      (arrival: Arrival) => ({ ...acknowledging('AA')(arrival), status: 500 }),
      /^answered 500$/,
    ],
    [
      'an error, with 500 as HL7 over HTTP has it',
      (arrival: Arrival) => ({ ...acknowledging('AE')(arrival), status: 500 }),
      /^answered 500, with MSA-1 AE/,
    ],
  ])('answered with %s is sent again, the same bytes, until it is acknowledged', async (_, answer, error) => {
    const endpoint = await t.register({ format: 'hl7-v2' });
    t.receiver.answer = answer;
    await givenItem(t, { due: '2026-03-10' });
    await t.tellAll();
    expect(await deliveriesOf(endpoint)).toMatchObject([
      { state: 'pending', attempts: [{ outcome: 'refused', error: expect.stringMatching(error) as string }] },
    ]);

    t.receiver.answer = acknowledging('CA');
    await t.setClock('2026-03-10T10:30:00+08:00');
    await t.tellAll();
    expect(await deliveriesOf(endpoint)).toMatchObject([{ state: 'delivered' }]);
    const [first, second] = t.receiver.arrivals;
    expect(second?.body).toBe(first?.body);
  });

  test('a whole plan has no message, and its items have one each', async () => {
    const endpoint = await t.register({ format: 'hl7-v2', eventTypes: ['*'] });
    t.receiver.answer = acknowledging('AA');
    const { id: patientId } = await givenPatient(t);
    const { id: itemId } = await givenItem(t, { patientId, due: '2026-03-10' });
    await t.tellAll();
    await t.post(`/items/${itemId}/complete`, { date: '2026-03-09' });
    await t.tellAll();
    const types = t.receiver.arrivals.map(({ body }) => /\rZNW\|\d+\|([a-z.]+)\|/.exec(body)?.[1]);
    expect(types.sort()).toEqual(['surveillance.item.cancelled', 'surveillance.item.due']);
    const unsaid = (await deliveriesOf(endpoint)).filter(({ state }) => state === 'cancelled');
    expect(unsaid).toMatchObject([{ eventType: 'surveillance.plan.changed', cancelledReason: 'filtered' }]);
  });

  test('a 200 answer that breaks off before the acknowledgement is a failure', async () => {
    const endpoint = await t.register({ format: 'hl7-v2' });
    t.receiver.answer = () => ({ status: 200, headers: { 'content-length': '1000' }, body: 'MSH|' });
    await givenItem(t, { due: '2026-03-10' });
    await t.tellAll();
    expect(await deliveriesOf(endpoint)).toMatchObject([
      { state: 'pending', attempts: [{ outcome: 'unreachable', error: 'other side closed' }] },
    ]);
  });

  test('only a receiver that acknowledges the message of its verification is verified', async () => {
    const endpoint = await t.register({ format: 'hl7-v2', verify: true });
    const { body: refused } = await t.post(`/webhook-endpoints/${endpoint.id}/verify`);
    expect(refused).toMatchObject({ status: 409, code: 'not-verified' });
    t.receiver.answer = acknowledging('AA');
    expect((await t.post(`/webhook-endpoints/${endpoint.id}/verify`)).body).toMatchObject({ state: 'ok' });
    expect(t.receiver.arrivals.at(-1)?.body).toContain('|NMD^N02^NMD_N02|');
  });
});

describe('FHIR R4', () => {
  test('arrives as a valid notification, signed', async () => {
    const endpoint = await t.register({ format: 'fhir-r4', eventTypes: ['*'] });
    const { id: patientId } = await givenPatient(t);
    const { id: itemId } = await givenItem(t, { patientId, due: '2026-03-10' });
    await t.tellAll();
    await t.post(`/items/${itemId}/complete`, { date: '2026-03-09' });
    await t.post(`/webhook-endpoints/${endpoint.id}/test`);
    await t.tellAll();

    for (const arrival of t.receiver.arrivals) {
      refuseForged(arrival, endpoint.secret);
      expect(arrival.headers['content-type']).toBe('application/fhir+json; fhirVersion=4.0');
      expect(
        new Fhir().validate(JSON.parse(arrival.body) as object, { errorOnUnexpected: true }),
      ).toMatchObject({
        valid: true,
      });
    }
    const topics = t.receiver.arrivals.map(({ body }) => /urn:nedwatch:topic:([a-z.]+)/.exec(body)?.[1]);
    const numbers = t.receiver.arrivals.map(
      ({ body }) => /"events-since-subscription-start","valueString":"(\d+)"/.exec(body)?.[1],
    );
    // The recorded exam creates a plan, and the item is not part of it.
    expect(topics.sort()).toEqual([
      'endpoint.test',
      'surveillance.item.cancelled',
      'surveillance.item.due',
      'surveillance.plan.changed',
    ]);
    expect(numbers.sort()).toEqual(numbers.map((_, index) => String(index + 1)));
    expect(t.receiver.arrivals.map(({ body }) => body).join()).toContain(`"ServiceRequest","id":"${itemId}"`);
  });

  test('a handshake answered with 2xx is enough', async () => {
    const endpoint = await t.register({ format: 'fhir-r4', verify: true });
    expect((await t.post(`/webhook-endpoints/${endpoint.id}/verify`)).body).toMatchObject({ state: 'ok' });
    expect(t.receiver.arrivals.at(-1)?.body).toContain('"valueCode":"handshake"');
  });
});

test.each(['fhir-r4', 'hl7-v2'])(
  '%s identifies the patient once that is approved, and is stored sealed',
  async (format) => {
    const endpoint = await t.register({ format, payload: 'full' });
    t.receiver.answer = format === 'hl7-v2' ? acknowledging('AA') : () => ({ status: 200 });
    const NAME = '欧阳朝露';
    const { id: patientId } = await givenPatient(t, { name: NAME });
    await givenItem(t, { patientId, due: '2026-03-10' });
    await t.tellAll();
    expect(t.receiver.arrivals.map(({ body }) => body.includes(NAME))).toEqual([false]);

    await t.post(`/webhook-endpoints/${endpoint.id}/identity-approval`, {
      ...{ approved: true, author: 'Director Wu', reason: 'contract 2026-17' },
    });
    await givenItem(t, { patientId, due: '2026-03-10' });
    await t.tellAll();
    expect(t.receiver.arrivals.map(({ body }) => body.includes(NAME))).toEqual([false, true]);
    const stored = await t.dataSource.query<{ body: string }[]>('SELECT body FROM delivery');
    expect(stored.filter(({ body }) => body.includes(NAME))).toHaveLength(0);
  },
);
