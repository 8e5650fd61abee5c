import { DeliveryAttempts } from '../../src/webhooks/deliveries/delivery-attempts.js';
import { HospitalPlaces } from '../../src/webhooks/deliveries/hospital-places.js';
import { TIMEOUTS_IN_A_ROW } from '../../src/webhooks/endpoints/endpoint-health.js';
import { WebhookWorker } from '../../src/webhooks/webhook-worker.js';
import { givenItems } from '../support/builders.js';
import {
  IMPATIENT,
  nextHospital,
  type ReminderHospital,
  withHospital,
} from '../support/reminder-hospital.js';

let t: ReminderHospital;
beforeEach(async () => {
  t = await nextHospital(t);
  // A machine that stands still for seconds must not end the turn of an endpoint, whose messages then wait.
  t.app.get(HospitalPlaces).turnMs = 60_000;
});
afterAll(() => t.close());

async function givenDueReminders(count: number, at = t): Promise<void> {
  await givenItems(at, count, { due: '2026-03-10' });
  await at.sweep();
}

/** The number of deliveries in each state, with the counted and the made attempts. */
const attemptsMade = async (at = t) =>
  (
    await at.dataSource.query<{ state: string; attempts: number; made: number; count: number }[]>(
      `SELECT state, attempts, made::integer, count(*)::integer FROM delivery d,
         LATERAL (SELECT count(*) AS made FROM delivery_attempt a WHERE a.delivery_id = d.id) AS a GROUP BY 1, 2, 3 ORDER BY 4`,
    )
  ).map(({ state, attempts, made, count }) => [count, state, attempts, made]);

test('at most a hundred are in flight at a receiver; the waiting ones follow as it answers', async () => {
  let [open, most] = [0, 0];
  const answers: (() => void)[] = [];
  t.receiver.answer = async () => {
    most = Math.max(most, ++open);
    await new Promise<void>((answered) => answers.push(answered));
    open--;
    return { status: 200 };
  };
  await givenDueReminders(250);
  await t.arrived(100);
  await new Promise((later) => setTimeout(later, 300));
  expect([open, t.receiver.arrivals.length]).toEqual([100, 100]);

  const answering = setInterval(() => answers.splice(0, 10).forEach((answer) => answer()), 5);
  const all = await t.settled().finally(() => clearInterval(answering));
  expect(most).toBe(100);
  expect(t.receiver.arrivals).toHaveLength(250);
  expect(all.map(({ state, attempts }) => [state, attempts.length])).toEqual(
    Array(200).fill(['delivered', 1]), // the page's length
  );
});

test('after five timeouts in a row no more claimed deliveries are sent, and no attempt of them is counted', () =>
  withHospital(IMPATIENT, async (own) => {
    own.receiver.answer = () => new Promise(() => undefined);
    await givenDueReminders(150, own);
    await own.settled();
    const sent = own.receiver.arrivals.length;
    expect(sent).toBeGreaterThanOrEqual(100);
    expect(sent).toBeLessThan(100 + TIMEOUTS_IN_A_ROW);
    expect(await attemptsMade(own)).toEqual([
      [150 - sent, 'pending', 0, 0],
      [sent, 'pending', 1, 1],
    ]);
  }));

test('an answer makes room at the receiver; at most two hundred sent messages are unrecorded', async () => {
  const other = t.dataSource.createQueryRunner();
  await other.startTransaction();
  await other.query('LOCK TABLE delivery_attempt IN SHARE MODE'); // recording an attempt waits
  try {
    await givenDueReminders(250);
    await t.arrived(200);
    await new Promise((later) => setTimeout(later, 300));
    expect(t.receiver.arrivals).toHaveLength(200);
  } finally {
    await other.rollbackTransaction();
    await other.release();
  }
  await t.settled();
  expect(t.receiver.arrivals).toHaveLength(250);
  expect(await attemptsMade()).toEqual([[250, 'delivered', 1, 1]]);
});

test('a program that ends finishes its attempts in flight, and leaves other claims to other processes', async () => {
  const answers: (() => void)[] = [];
  t.receiver.answer = async () => {
    await new Promise<void>((answered) => answers.push(answered));
    return { status: 200 };
  };
  await givenDueReminders(150);
  await t.arrived(100);
  t.app.get(DeliveryAttempts).onModuleDestroy();
  const ended = t.app.get(WebhookWorker).onModuleDestroy();
  for (const answer of answers) answer();
  await ended;
  expect(t.receiver.arrivals).toHaveLength(100);
  expect(await attemptsMade()).toEqual([
    [50, 'pending', 0, 0],
    [100, 'delivered', 1, 1],
  ]);
});
