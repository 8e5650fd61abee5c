import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { claimDue } from '../../src/webhooks/deliveries/delivery-claims.js';
import { givenItem } from '../support/builders.js';
import { nextHospital, type ReminderHospital, startHospital } from '../support/reminder-hospital.js';

let t: ReminderHospital;
beforeEach(async () => {
  t = await nextHospital(t);
});
afterAll(() => t.close());

const endpoint = async () => (await t.get(`/webhook-endpoints/${t.endpointId}`)).body;

async function givenDueReminder(due = '2026-03-10'): Promise<void> {
  await givenItem(t, { due });
  await t.sweep();
  await t.settled();
}

async function later(hours: number): Promise<void> {
  await t.setClock(new Date((await t.now()).getTime() + hours * 3_600_000).toISOString());
  await t.sweep();
  await t.settled();
}

const warned = async (): Promise<number> => {
  const [{ percent }] = await t.dataSource.query<[{ percent: number }]>(
    'SELECT warned_percent AS percent FROM webhook_endpoint',
  );
  return percent;
};

test('a recovered receiver gets its messages within half an hour, however long their waits', async () => {
  t.receiver.answer = () => ({ status: 500 });
  await givenDueReminder();
  await givenDueReminder();
  for (let n = 0; n < 6; n++) await later(3); // the next attempts are many hours away by now
  expect(await endpoint()).toMatchObject({ state: 'failing', failingSince: expect.any(String) });

  t.receiver.answer = () => ({ status: 200 });
  await later(0.51);
  await later(0.01);
  expect(await t.deliveries()).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }]);
  expect(await endpoint()).toMatchObject({ state: 'ok', failingSince: null });
});

test('an endpoint that accepts nothing for 75 hours is disabled after warnings at 50, 70 and 90 %: messages wait, and none is lost', async () => {
  t.receiver.answer = () => ({ status: 500 });
  await givenDueReminder();
  const steps: number[] = [];
  for (let hour = 0; hour < 76; hour += 2) {
    await later(2);
    const percent = await warned();
    if (percent !== steps.at(-1)) steps.push(percent);
  }
  expect(steps).toEqual([0, 50, 70, 90, 100]);
  await later(1);
  expect(await endpoint()).toMatchObject({ state: 'held', heldReason: 'failing' });

  await givenDueReminder('2026-03-13');
  const [, waiting] = await t.deliveries();
  expect(waiting).toMatchObject({ state: 'pending', attempts: [], sequence: null });

  t.receiver.answer = () => ({ status: 200 });
  await later(1); // one is tried,
  await later(0.01); // and what waited follows it
  const all = await t.deliveries();
  expect(all).toMatchObject([
    { state: 'delivered', sequence: 1 },
    { state: 'delivered', sequence: 2 },
  ]);
  expect(await endpoint()).toMatchObject({ state: 'ok', heldReason: null });
  expect(await warned()).toBe(0);
});

test('one refused message does not block the others, though an endpoint was disabled for nothing else', async () => {
  t.receiver.answer = () => ({ status: 422 });
  await givenDueReminder();
  const [refused] = await t.deliveries();
  for (let hour = 0; hour < 78; hour += 2) await later(2);
  expect(await endpoint()).toMatchObject({ state: 'held' });

  t.receiver.answer = ({ body }) => ({ status: body.includes(refused!.id) ? 422 : 200 });
  await givenDueReminder('2026-03-13');
  await later(1);
  expect((await t.deliveries()).map(({ state }) => state)).toEqual(['pending', 'delivered']);
  expect(await endpoint()).toMatchObject({ heldReason: null });
});

test('the recovery of an endpoint is recorded while another transaction still adds messages for it', async () => {
  t.receiver.answer = () => ({ status: 500 });
  await givenDueReminder();
  t.receiver.answer = () => ({ status: 200 });
  const other = t.dataSource.createQueryRunner();
  await other.startTransaction();
  try {
    await other.query(
      `INSERT INTO delivery (hospital_id, id, endpoint_id, event_type) VALUES ($1, gen_random_uuid(), $2, 'endpoint.heartbeat')`,
      [t.hospitalId, t.endpointId],
    );
    await later(1);
    expect(await t.deliveries()).toMatchObject([{ state: 'delivered' }]);
    expect(await endpoint()).toMatchObject({ state: 'ok' });
  } finally {
    await other.rollbackTransaction();
    await other.release();
  }
});

test('410 disables an endpoint at once; its owner enables it with a test message', async () => {
  t.receiver.answer = () => ({ status: 410 });
  await givenDueReminder();
  expect(await endpoint()).toMatchObject({ state: 'held', heldReason: 'gone' });
  await givenDueReminder();
  expect(t.receiver.arrivals).toHaveLength(1);

  t.receiver.answer = () => ({ status: 200 });
  await t.post(`/webhook-endpoints/${t.endpointId}/test`);
  await later(0.01);
  expect(await t.deliveries()).toMatchObject([
    { state: 'delivered' },
    { state: 'delivered' },
    { state: 'delivered', eventType: 'endpoint.test' },
  ]);
});

test('one message that is refused among accepted ones is not retried with each of them', async () => {
  t.receiver.answer = () => ({ status: 400 });
  await givenDueReminder();
  const [refused] = await t.deliveries();
  t.receiver.answer = ({ body }) => ({ status: body.includes(refused!.id) ? 400 : 200 });
  const before = t.receiver.arrivals.length;
  for (let n = 0; n < 5; n++) await givenDueReminder();
  await t.settled();
  const ofRefused = t.receiver.arrivals.slice(before).filter(({ body }) => body.includes(refused!.id));
  expect(ofRefused.length).toBeLessThanOrEqual(1); // its own second attempt, five seconds after the first
  expect(await endpoint()).toMatchObject({ heldReason: null });
});

test('deliveries deferred by a clock that has been set back since leave soon', async () => {
  await t.setClock('2026-03-12T10:00:00+08:00');
  t.receiver.answer = () => ({ status: 500 });
  await givenDueReminder('2026-03-12');
  // The state after five consecutive timeouts.
  await t.dataSource.query(
    `UPDATE webhook_endpoint SET timeouts = 5, resting_until = program_now() + interval '5 minutes'`,
  );
  await givenDueReminder('2026-03-12');
  expect(t.receiver.arrivals).toHaveLength(1);

  t.receiver.answer = () => ({ status: 200 });
  await t.setClock('2026-03-12T02:00:00+08:00');
  await later(0); // one is tried,
  await later(0.01); // and what waited follows it
  expect(await t.deliveries()).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }]);
  expect(await endpoint()).toMatchObject({ state: 'ok' });
});

test('due deliveries of a paused endpoint are deferred in one step, however many there are', async () => {
  const idle = await startHospital({ role: 'api' }); // no process makes attempts
  const { app, hospitalId } = idle;
  for (let n = 0; n < 300; n++) await givenItem(idle, { due: '2026-03-10' });
  await idle.sweep();
  await idle.dataSource.query(
    `UPDATE webhook_endpoint SET failing_since = program_now(), timeouts = 5, resting_until = program_now() + interval '5 minutes'`,
  );
  const look = () =>
    app
      .get(HospitalScope)
      .run(hospitalId, () => app.get(HospitalScope).transaction((tx) => claimDue(tx, idle.endpointId, 100)));
  expect(await look()).toMatchObject({ due: 300, claims: [] });
  expect(await look()).toMatchObject({ due: 0, claims: [] });
  await idle.close();
});
