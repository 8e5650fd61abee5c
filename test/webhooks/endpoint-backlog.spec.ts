import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isGivenUp } from '../../src/webhooks/messages/event-types.js';
import { robotText } from '../../src/webhooks/messages/robot-text.js';
import { givenItem, givenPatient } from '../support/builders.js';
import { startHospital, type ReminderHospital } from '../support/reminder-hospital.js';
import { until, WebhookReceiver } from '../support/webhook-receiver.js';

// 25 items of two patients are open, without reminders, before another endpoint is registered.

const OPEN = 25;
const counts = { open: OPEN, overdue: 0, due: 24, upcoming: 1, patients: 2 };

let t: ReminderHospital;
let receiver: WebhookReceiver;
beforeAll(async () => {
  t = await startHospital();
  receiver = await WebhookReceiver.start();
  const { id: patientId } = await givenPatient(t);
  for (let item = 0; item < OPEN - 1; item++) await givenItem(t, { patientId, due: '2026-03-10' });
  await givenItem(t, { due: '2026-03-12' });
  // There was no sweep yet: the endpoint is registered right after the import.
});
afterAll(async () => {
  await t.close();
  await receiver.stop();
});

interface Registered {
  readonly id: string;
  readonly secret: string;
  readonly backlog: object;
}

async function register(settings: object): Promise<Registered> {
  receiver.arrivals.length = 0;
  const { status, body } = await t.post('/webhook-endpoints', { url: receiver.url, ...settings });
  expect(status).toBe(201);
  return body as Registered;
}
/** The types of its messages, once there are no more to come. */
async function sentTo({ id }: Registered): Promise<string[]> {
  const deliveries = async () => (await t.get(`/webhook-endpoints/${id}/deliveries?limit=200`)).body.items;
  const items = await until(deliveries, (all) =>
    (all as { state: string }[]).every(({ state }) => state === 'delivered'),
  );
  return (items as { eventType: string }[]).map(({ eventType }) => eventType);
}

test('the number is shown in advance, without a registration', async () => {
  const before = (await t.get('/webhook-endpoints')).body;
  const preview = await t.post('/webhook-endpoints/preview', { url: receiver.url });
  expect([preview.status, preview.body]).toEqual([200, { backlog: { sent: 'digest', ...counts } }]);
  expect((await t.get('/webhook-endpoints')).body).toEqual(before);
  const filtered = { url: receiver.url, eventTypes: ['surveillance.item.upcoming'], backlog: 'new' };
  expect((await t.post('/webhook-endpoints/preview', filtered)).body.backlog).toEqual({
    ...{ sent: 'new', open: 1, overdue: 0, due: 0, upcoming: 1, patients: 1 },
  });
});

test('without a choice one message gives the number of open items, and each can be requested', async () => {
  const endpoint = await register({});
  expect(endpoint.backlog).toEqual({ sent: 'digest', ...counts });
  expect(await sentTo(endpoint)).toEqual(['endpoint.backlog']);
  expect(receiver.messages(endpoint.secret)).toMatchObject([{ type: 'endpoint.backlog', data: counts }]);

  const recovered = await t.post(`/webhook-endpoints/${endpoint.id}/recover`, {
    since: '2026-01-01T00:00:00Z',
  });
  expect(recovered.body.deliveries).toBe(OPEN);
  expect((await sentTo(endpoint)).length).toBe(OPEN + 1);
});

test('all are sent one by one on request, none where only new ones are requested', async () => {
  const all = await register({ backlog: 'all' });
  expect(await sentTo(all)).toHaveLength(OPEN);
  const none = await register({ backlog: 'new' });
  expect([none.backlog, await sentTo(none)]).toEqual([{ sent: 'new', ...counts }, []]);
});

test('a few are sent one by one without a choice', async () => {
  const few = await register({ eventTypes: ['surveillance.item.upcoming'] });
  expect(await sentTo(few)).toEqual(['surveillance.item.upcoming']);
});

test('a digest of nothing is not sent', async () => {
  const endpoint = await register({ backlog: 'digest', eventTypes: ['surveillance.item.overdue'] });
  expect(await sentTo(endpoint)).toEqual([]);
});

test('reminders due after the registration arrive, whatever the choice', async () => {
  const endpoints = [await register({ backlog: 'new' }), await register({ backlog: 'digest' })];
  await givenItem(t, { due: '2026-03-10' });
  await t.sweep();
  for (const endpoint of endpoints) expect(await sentTo(endpoint)).toContain('surveillance.item.due');
});

test('a choice that does not exist is refused', async () => {
  const { status, body } = await t.post('/webhook-endpoints', { url: receiver.url, backlog: 'some' });
  expect([status, body.errors[0].pointer]).toEqual([422, '/backlog']);
});

test('the number of open items is never given up, and a robot posts it in words', () => {
  expect([isGivenUp('endpoint.backlog'), isGivenUp('endpoint.test')]).toEqual([false, true]);
  const body = JSON.stringify({ type: 'endpoint.backlog', data: counts });
  expect(robotText(body, 'zh', undefined)).toContain(
    '现有 25 项待办（患者 2 人）：逾期 0，到期 24，即将到期 1',
  );
  expect(robotText(body, 'en', undefined)).toContain('25 items of 2 patients are open');
});
