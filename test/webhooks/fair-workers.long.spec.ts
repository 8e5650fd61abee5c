import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { hashOfToken } from '../../src/tenancy/tokens.js';
import { givenItem, givenPatient } from '../support/builders.js';
import { startApp, type TestApp } from '../support/app.js';
import { type RunningProgram, startProgramProcess } from '../support/program.js';
import { withHospital } from '../support/reminder-hospital.js';
import { as } from '../support/signed-in.js';
import { until, WebhookReceiver } from '../support/webhook-receiver.js';

// Two workers. The systems of a large hospital take their time; a small hospital has one that answers at once.

const CLOCK = '2026-11-01T09:00:00+08:00';
/** As many as a hospital may have, and more than both workers serve at once. */
const ENDPOINTS = 50;
/** Slow, and in time. */
const ANSWERED_AFTER_MS = 10_000;
/** Far below the time that a place of the large hospital is taken for. */
const PROMPT_MS = 6000;

jest.setTimeout(120_000);

let t: TestApp;
let slow: WebhookReceiver;
let quick: WebhookReceiver;
let small: Record<string, string>;
let workers: readonly RunningProgram[] = [];
beforeAll(async () => {
  t = await startApp({ clock: CLOCK, role: 'api' });
  [slow, quick] = [await WebhookReceiver.start(), await WebhookReceiver.start()];
  slow.answer = () => sleep(ANSWERED_AFTER_MS, { status: 200 }, { ref: false });
  small = as(await smallHospital());
  for (let n = 0; n < ENDPOINTS; n++) await register(`${slow.url}/${n}`);
  await register(quick.url, small);
});
afterAll(async () => {
  await Promise.all(workers.map((one) => one.kill()));
  await t.close();
  await Promise.all([slow.stop(), quick.stop()]);
});

async function smallHospital(): Promise<string> {
  const administrator = { login: 'small-admin', name: 'Small Admin' };
  await t.post('/hospitals', { name: 'Small', code: 'small', administrator });
  const key = `nw_${randomUUID()}`;
  await t.dataSource.query(
    `INSERT INTO api_key (id, hospital_id, name, key_hash) SELECT gen_random_uuid(), id, 'small', $1 FROM hospital WHERE code = 'small'`,
    [hashOfToken(key)],
  );
  return key;
}

/** Events are relayed at once; reminders would wait for the next sweep. */
async function register(url: string, headers: Record<string, string> = {}): Promise<void> {
  const { status } = await t.post('/webhook-endpoints', { url, eventTypes: ['*'] }, headers);
  expect(status).toBe(201);
}

const startWorker = (): Promise<RunningProgram> =>
  startProgramProcess({
    ...{ DATABASE_URL: t.config.databaseUrl ?? '', NEDWATCH_ROLE: 'worker' },
    ...{ NEDWATCH_CLOCK: CLOCK, NEDWATCH_WEBHOOK_LOOPBACK: 'true' },
  });

/** A patient with a plan, which is an event for each endpoint. */
const enrol = async (mrn: string, headers: Record<string, string> = {}): Promise<void> => {
  const person = { mrn, name: '李敏', sex: 'female', birthDate: '1960-05-05' };
  const patient = { ...person, diagnosisDate: '2026-01-02', enrolledOn: '2026-05-05' };
  const { body } = await t.post('/patients', patient, headers);
  const { status } = await t.post(
    `/patients/${(body as { id: string }).id}/events`,
    {
      ...{ type: 'primary_resection', date: '2026-05-05', site: 'colon', stage: 'III', intent: 'curative' },
      preoperativeColonoscopy: 'complete',
    },
    headers,
  );
  expect(status).toBe(201);
};

const endpointsReached = (): number => new Set(slow.arrivals.map(({ path }) => path)).size;

test('while all systems of a large hospital are slow, a message of a small one leaves at once', async () => {
  await enrol('L1');
  workers = await Promise.all([startWorker(), startWorker()]);
  await until(endpointsReached, (count) => count >= ENDPOINTS / 3);
  await sleep(1500); // the workers take what else they can
  const began = performance.now();
  await enrol('S1', small);
  await until(
    () => quick.arrivals.length,
    (count) => count > 0,
  );
  const waited = performance.now() - began;
  expect(waited).toBeLessThan(PROMPT_MS);
});

test('each system of the large hospital gets its message, without a watch', async () => {
  await until(endpointsReached, (count) => count === ENDPOINTS);
});

test('when a turn ends, what is left of an endpoint follows by the queue, each message once', () =>
  withHospital({}, async (one) => {
    // A hundred at a time: three rounds, longer than a turn, and each shorter than the time to a watch.
    one.receiver.answer = () => sleep(2500, { status: 200 });
    const { id: patientId } = await givenPatient(one);
    for (let n = 0; n < 250; n++) await givenItem(one, { patientId, due: '2026-03-10' });
    const began = performance.now();
    await one.sweep();
    await one.arrived(250);
    expect(performance.now() - began).toBeLessThan(25_000);
    await one.settled();
    expect(one.receiver.arrivals).toHaveLength(250);
  }));
