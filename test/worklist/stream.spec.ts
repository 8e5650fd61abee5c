import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import { EventRelay } from '../../src/webhooks/deliveries/event-relay.js';
import { OldChanges } from '../../src/worklist/changes/old-changes.js';
import type { TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';
import { givenPatient } from '../support/prepared-calls.js';
import { until } from '../support/webhook-receiver.js';

let t: TestApp;
let address: string;
const open: Stream[] = [];
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
  if (!t.app.getHttpServer().listening) await t.app.listen(0, '127.0.0.1');
  address = `http://127.0.0.1:${(t.app.getHttpServer().address() as AddressInfo).port}/api/v1/stream`;
});
afterEach(() => {
  for (const stream of open.splice(0)) stream.end();
});
afterAll(async () => {
  t.app.getHttpServer().closeAllConnections(); // those that the readers keep for later
  await t.close();
});

interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: { readonly patientId?: string; readonly kind?: string; readonly workingNow?: string[] };
}

/** A reader of the stream, as a browser is one. */
class Stream {
  readonly events: StreamEvent[] = [];
  hasEnded = false;
  private readonly abort = new AbortController();

  static async open(key: string, headers: Record<string, string> = {}): Promise<Stream> {
    const stream = new Stream();
    const { status, body } = await fetch(address, {
      headers: { authorization: `Bearer ${key}`, ...headers },
      signal: stream.abort.signal,
    });
    expect([status, body !== null]).toEqual([200, true]);
    void stream.read(body!).catch(() => (stream.hasEnded = true));
    open.push(stream);
    await stream.sees(({ event }) => event === 'ready');
    return stream;
  }

  end(): void {
    this.abort.abort();
  }

  async sees(holds: (event: StreamEvent) => boolean): Promise<StreamEvent> {
    await until(() => this.events.some(holds), Boolean);
    return this.events.find(holds)!;
  }

  private async read(body: AsyncIterable<Uint8Array>): Promise<void> {
    let text = '';
    for await (const chunk of body) {
      text += Buffer.from(chunk).toString('utf8');
      const parts = text.split('\n\n');
      text = parts.pop()!;
      this.events.push(...parts.flatMap(eventsIn));
    }
    this.hasEnded = true;
  }
}

function eventsIn(part: string): StreamEvent[] {
  const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1];
  const event = field('event');
  return event === undefined ? [] : [{ event, id: field('id')!, data: JSON.parse(field('data')!) as object }];
}

/** What has happened since, in one answer. */
async function since(lastEventId: string): Promise<StreamEvent[]> {
  const { status, body } = await t.get('/stream?follow=false', { 'last-event-id': lastEventId });
  expect(status).toBe(200);
  return (body as string).split('\n\n').flatMap(eventsIn);
}

const works = (patientId: string, working = true) =>
  t.request('PUT', `/patients/${patientId}/presence`, { payload: { working } });
const ward = () => ({ hospitalId: t.hospitalId, key: t.adminKey });

async function keyOf(limits: object): Promise<string> {
  const { body } = await t.post('/api-keys', { name: 'a screen', roles: ['nurse'], ...limits });
  return body.key as string;
}

test('a stream reports who works on which patient, and that the plan of a patient has changed', async () => {
  const patientId = await givenPatient(t, ward());
  const stream = await Stream.open(t.adminKey);
  await works(patientId);
  const { data } = await stream.sees(({ event }) => event === 'change');
  expect(data).toEqual({ patientId, kind: 'presence', workingNow: [expect.any(String)] });

  await givenPatient(t, ward());
  await t.app.get(EventRelay).relay();
  await stream.sees(({ data: { kind } }) => kind === 'plan');
});

test('a reader that comes back gets everything that it has missed', async () => {
  const [one, other] = [await givenPatient(t, ward()), await givenPatient(t, ward())];
  await t.app.get(EventRelay).relay();
  const [ready] = await since('');
  expect(ready).toMatchObject({ event: 'ready' });
  await works(one);
  await works(other);
  const missed = await since(ready!.id);
  expect(missed.map(({ event, data }) => [event, data.patientId])).toEqual([
    ['change', one],
    ['change', other],
    ['ready', undefined],
  ]);
  // A reader that loses the connection after the first of them gets the others again.
  expect(missed.map(({ id }) => id === ready!.id)).toEqual([true, true, false]);
});

test('after a day a reader has to load everything again', async () => {
  const patientId = await givenPatient(t, ward());
  const [ready] = await since('');
  await works(patientId);
  await t.setClock('2026-11-02T09:10:00+08:00');
  await t.app.get(OldChanges).visitAll();
  expect((await since(ready!.id)).map(({ event }) => event)).toEqual(['reload', 'ready']);
  expect(await t.dataSource.query('SELECT FROM worklist_change')).toEqual([]);
  expect(await t.dataSource.query('SELECT FROM patient_presence')).toEqual([]);
});

test('a stream reports only the patients whom its caller may see, and ends with the key', async () => {
  const [inner, outer] = [
    await givenPatient(t, ward(), { department: 'A' }),
    await givenPatient(t, ward(), { department: 'B' }),
  ];
  const { body: made } = await t.post('/api-keys', { name: 'ward A', roles: ['nurse'], departments: ['A'] });
  const stream = await Stream.open(made.key as string);
  await works(outer);
  await works(inner);
  await stream.sees(({ event }) => event === 'change');
  expect(stream.events.flatMap(({ data }) => data.patientId ?? [])).toEqual([inner]);

  await t.request('DELETE', `/api-keys/${made.id as string}`);
  await works(inner, false);
  await until(() => stream.hasEnded, Boolean);
  expect(stream.events.filter(({ event }) => event === 'change')).toHaveLength(1);
});

test('a caller has six streams at most, and they do not block other calls', async () => {
  const key = await keyOf({});
  for (let count = 0; count < 6; count++) await Stream.open(key);
  const refused = await t.get('/stream?follow=false', { authorization: `Bearer ${key}` });
  expect([refused.status, refused.body.code]).toEqual([429, 'too-many-streams']);
  expect((await t.get('/worklist', { authorization: `Bearer ${key}` })).status).toBe(200);
});

test('a position that no stream has sent is refused', async () => {
  const { status, body } = await t.get('/stream', { 'last-event-id': 'yesterday' });
  expect([status, body.code]).toEqual([400, 'unknown-position']);
});

test('a caller who works on a row is shown in it for a minute', async () => {
  const patientId = await givenPatient(t, ward());
  const { body } = await works(patientId);
  expect(body).toMatchObject({
    until: expect.stringMatching(/^2026-11-01T01:01:/),
    workingNow: [expect.any(String)],
  });
  const shown = async () => {
    const { body: page } = await t.get('/worklist?view=patients');
    return (page.items as { patient: { id: string }; workingNow: string[] }[]).map(
      ({ workingNow }) => workingNow,
    );
  };
  expect(await shown()).toEqual([body.workingNow]);
  await works(patientId, false);
  expect(await shown()).toEqual([[]]);
});
