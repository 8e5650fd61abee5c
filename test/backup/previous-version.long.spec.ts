import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { call, endAll, KEY, newDatabase, query } from '../support/backup-program.js';
import { startCommand, startProgramProcess, type Ended, type RunningProgram } from '../support/program.js';
import { WRONG_NEXT_DUE } from '../support/next-due.js';
import { until, verified, WebhookReceiver } from '../support/webhook-receiver.js';

// A backup made by version 0.1.0, with invented people: three patients, an endpoint that refused most of the
// messages, a decision, a consent and a voided event. Beside it are the answers of that version at the same hour.

jest.setTimeout(120_000);

interface Expected {
  readonly endpoint: { readonly id: string; readonly secret: string };
  readonly policy: object;
  readonly patients: readonly {
    readonly id: string;
    readonly record: object;
    readonly events: readonly object[];
    readonly decisions: readonly object[];
    readonly consents: readonly object[];
    /** One line an item: id, key, activity, earliest, due, overdue, status. */
    readonly schedule: readonly string[];
  }[];
  readonly deliveries: { readonly delivered: readonly string[]; readonly pending: readonly string[] };
}

interface Item {
  readonly id: string;
  readonly key: string;
  readonly activity: string;
  readonly earliest: string;
  readonly due: string;
  readonly overdue: string;
  readonly status: string;
}

const fixture = (ending: string): string =>
  fileURLToPath(new URL(`./fixtures/version-0.1.0.${ending}`, import.meta.url));
const expected = JSON.parse(readFileSync(fixture('json'), 'utf8')) as Expected;

let receiver: WebhookReceiver;
let environment: Record<string, string>;
let program: RunningProgram;

const nedwatch = (...args: string[]): Promise<Ended> => startCommand(args, environment).ended;
const listed = async <T>(path: string): Promise<readonly T[]> =>
  (await call<{ items: readonly T[] }>(program, path)).items;

beforeAll(async () => {
  receiver = await WebhookReceiver.start();
  const { url } = await newDatabase();
  environment = {
    DATABASE_URL: url,
    NEDWATCH_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    NEDWATCH_CLOCK: '2026-11-01T09:30:00+08:00',
    NEDWATCH_ADMIN_KEY: KEY,
    NEDWATCH_WEBHOOK_LOOPBACK: 'true',
  };
  expect(await nedwatch('restore', fixture('tar.gz'))).toMatchObject({ code: 0, stderr: '' });
  await query(url, `UPDATE webhook_endpoint SET url = '${receiver.url}'`); // where the receiver listens today
  program = await startProgramProcess(environment);
});

afterAll(async () => {
  await program.kill();
  await endAll();
  await receiver.stop();
});

test('patients, their histories and their stored plans are as the previous version showed them', async () => {
  expect(await call(program, '/policy')).toMatchObject(expected.policy);
  for (const { id, record, events, decisions, consents, schedule } of expected.patients) {
    expect(await call(program, `/patients/${id}`)).toMatchObject(record);
    expect(await listed(`/patients/${id}/events`)).toMatchObject(events);
    expect(await listed(`/patients/${id}/decisions`)).toMatchObject(decisions);
    expect(await listed(`/patients/${id}/consents`)).toMatchObject(consents);
    const items = await listed<Item>(`/patients/${id}/schedule`);
    expect(
      items.map(({ key, activity, earliest, due, overdue, status, id: item }) =>
        [item, key, activity, earliest, due, overdue, status].join(' '),
      ),
    ).toEqual(schedule);
  }
});

test('each patient has the first due date by which lists find the patient', async () => {
  expect(await query(environment['DATABASE_URL']!, WRONG_NEXT_DUE)).toEqual([]);
  const [dated] = await query<{ patients: number }>(
    environment['DATABASE_URL']!,
    'SELECT count(next_due)::integer AS patients FROM patient',
  );
  expect(dated!.patients).toBeGreaterThan(0);
});

test('messages that the previous version could not deliver arrive once, and delivered ones do not come again', async () => {
  const { endpoint, deliveries } = expected;
  const arrived = () => receiver.arrivals.map((arrival) => verified(arrival, endpoint.secret).id);
  await until(
    () => Promise.resolve(arrived()),
    (ids) => deliveries.pending.every((id) => ids.includes(id)),
    60_000,
  );
  const ids = arrived();
  expect(ids.filter((id) => deliveries.delivered.includes(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);

  const [first] = deliveries.pending;
  const attempts = await until(
    async () =>
      (
        await listed<{ id: string; attempts: readonly object[] }>(
          `/webhook-endpoints/${endpoint.id}/deliveries?limit=500`,
        )
      ).find(({ id }) => id === first)?.attempts ?? [],
    (made) => made.length > 1,
  );
  expect(attempts).toMatchObject([
    { number: 1, outcome: 'refused', status: 503, answer: 'closed for maintenance' },
    { number: 2, outcome: 'accepted' },
  ]);
});

test('work on the stored plan continues', async () => {
  const patient = expected.patients[0]!.id;
  const [open] = (await listed<Item>(`/patients/${patient}/schedule`)).filter(
    ({ status }) => status === 'upcoming',
  );
  await call(program, `/items/${open!.id}/complete`, { date: '2026-10-31', outcome: 'normal' });
  const types = () =>
    receiver
      .messages(expected.endpoint.secret)
      .flatMap(({ type, data }) => (data['itemId'] === open!.id ? [type] : []));
  await until(
    () => Promise.resolve(types()),
    (sent) => sent.includes('surveillance.item.completed'),
  );
});

test('the audit trail of the previous version is whole, and continues', async () => {
  const verification = await nedwatch('audit', 'verify');
  expect(verification).toMatchObject({ code: 0, stderr: '' });
  const { id } = expected.patients[0]!;
  const calls = (await listed<{ call: string }>(`/audit-events?patient=${id}&limit=500`)).map(
    ({ call }) => call,
  );
  expect(calls).toEqual(
    expect.arrayContaining(['POST /patients', 'POST /patients/:id/consents', 'POST /items/:id/complete']),
  );
});
