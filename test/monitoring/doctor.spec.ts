import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { CHECKS, type Check, auditDeliveries } from '../../src/monitoring/delivery-audit.js';
import { EventRelay } from '../../src/webhooks/deliveries/event-relay.js';
import { WebhookWorker } from '../../src/webhooks/webhook-worker.js';
import { givenItem, givenPatient } from '../support/builders.js';
import { nextHospital, type ReminderHospital } from '../support/reminder-hospital.js';

let t: ReminderHospital;
beforeEach(async () => {
  t = await nextHospital(t, {}, ['*']);
});
afterAll(() => t.close());

const RELAY_EVERY_MS = 50;
const WATCH_EVERY_MS = 30_000;

const sql = (statement: string): Promise<unknown> => t.dataSource.query(statement);

async function violations(): Promise<[Check, number][]> {
  const scope = t.app.get(HospitalScope);
  const findings = await scope.run(t.hospitalId, () => scope.unaudited((tx) => auditDeliveries(tx)));
  return CHECKS.filter((check) => findings[check].count > 0).map((check) => [check, findings[check].count]);
}

/** Reminders due and delivered, a future item, and an event of each kind. */
async function givenPractice(): Promise<void> {
  await givenItem(t, { due: '2026-03-08' });
  await givenItem(t, { due: '2026-03-15' });
  await givenItem(t, { due: '2026-09-15' });
  const { id } = await givenPatient(t);
  await t.post(`/patients/${id}/events`, {
    ...{ type: 'primary_resection', date: '2026-01-15', site: 'colon', stage: 'III', intent: 'curative' },
    preoperativeColonoscopy: 'complete',
  });
  await t.sweep();
  await t.app.get(EventRelay).relay();
  await t.settled();
  await t.setClock('2026-03-10T11:00:00+08:00');
}

test('without a violation it reports nothing', async () => {
  await givenPractice();
  expect((await t.deliveries()).length).toBeGreaterThan(2);
  expect(await violations()).toEqual([]);
});

test('a receiver that is down is no violation: its messages wait for their next attempt', async () => {
  t.receiver.answer = () => ({ status: 500 });
  await givenPractice();
  await t.sweep();
  await t.settled();
  expect(await violations()).toEqual([]);
});

const DUE_ITEM = `(SELECT id FROM surveillance_item WHERE due = '2026-03-15')`;
const REMINDER = `(SELECT r.id FROM reminder r WHERE r.item_id = ${DUE_ITEM})`;
const forget = (which: string): string =>
  `DELETE FROM delivery_attempt WHERE delivery_id IN (SELECT id FROM delivery WHERE ${which})`;
const OWN = 'SELECT id FROM delivery ORDER BY created_at LIMIT 1';

test.each<[string, Check, string[]]>([
  [
    'a reminder that is not there',
    'item-not-reminded',
    [
      `CREATE TEMP TABLE lost AS SELECT ${REMINDER} AS id`,
      forget('reminder_id IN (SELECT id FROM lost)'),
      `UPDATE delivery SET reminder_id = NULL, event_id = NULL, event_type = 'endpoint.test' WHERE reminder_id IN (SELECT id FROM lost)`,
      `UPDATE surveillance_event SET reminder_id = NULL WHERE reminder_id IN (SELECT id FROM lost)`,
      `DELETE FROM reminder WHERE id IN (SELECT id FROM lost)`,
    ],
  ],
  [
    'an item that nobody will look at again',
    'item-without-next-reminder',
    [`UPDATE surveillance_item SET next_reminder_on = NULL WHERE due = '2026-09-15' AND rule = 'ct'`],
  ],
  [
    'a reminder without its message',
    'reminder-without-delivery',
    [
      forget(`reminder_id = ${REMINDER}`),
      `UPDATE delivery SET reminder_id = NULL WHERE reminder_id = ${REMINDER}`,
    ],
  ],
  [
    'an event without its message',
    'event-without-delivery',
    [
      `UPDATE delivery SET event_id = NULL WHERE id = (SELECT id FROM delivery WHERE event_id IS NOT NULL LIMIT 1)`,
    ],
  ],
  [
    'an event that nobody has passed on',
    'event-without-position',
    [
      `INSERT INTO surveillance_event (hospital_id, id, type, patient_id, data, occurred_at)
       SELECT hospital_id, gen_random_uuid(), 'surveillance.plan.changed', id, '{}', program_now() - interval '1 hour' FROM patient LIMIT 1`,
    ],
  ],
  [
    'a place without its event',
    'position-missing',
    ['UPDATE event_feed SET last_position = last_position + 1'],
  ],
  [
    'a number without its message',
    'sequence-missing',
    ['UPDATE webhook_endpoint SET last_sequence = last_sequence + 1'],
  ],
  [
    'a message that nobody moves',
    'delivery-stuck',
    [
      `UPDATE delivery SET state = 'pending', delivered_at = NULL, next_attempt_at = program_now() - interval '10 minutes' WHERE id = (${OWN})`,
    ],
  ],
  [
    'a message that ended without a word',
    'delivery-ended-silently',
    [`UPDATE delivery SET state = 'exhausted', delivered_at = NULL WHERE id = (${OWN})`],
  ],
  ['a plan that time has overtaken', 'plan-overdue', [`UPDATE patient SET replan_on = '2026-03-01'`]],
])('%s is found', async (_, check, damage) => {
  await givenPractice();
  // The worker mends what the test damages, such as an event that waits to be passed on.
  const { relays, watches } = t.app.get(WebhookWorker);
  await Promise.all([relays.stop(), watches.stop()]);
  try {
    const runner = t.dataSource.createQueryRunner();
    for (const statement of damage) await runner.query(statement);
    await runner.release();
    expect((await violations()).map(([found]) => found)).toContain(check);
  } finally {
    relays.every(RELAY_EVERY_MS);
    watches.every(WATCH_EVERY_MS);
  }
});

test('it runs once each night, and the metrics and the status page show its result', async () => {
  await givenPractice();
  await sql('UPDATE webhook_endpoint SET last_sequence = last_sequence + 1');
  await t.sweep();
  const metric = async (name: string): Promise<string | undefined> =>
    new RegExp(`^${name} (.*)$`, 'm').exec((await t.get('/metrics')).body as string)?.[1];
  const examination = async () => (await t.get('/status')).body.examination;
  expect(await metric('nedwatch_doctor_violations')).toBe('0'); // of the night before
  const { madeAt } = await examination();

  await t.setClock('2026-03-11T01:59:00+08:00');
  await t.sweep();
  expect((await examination()).madeAt).toBe(madeAt);
  await t.setClock('2026-03-11T02:01:00+08:00');
  await t.sweep();
  await t.sweep();
  expect(await metric('nedwatch_doctor_violations')).toBe('1');
  expect(await examination()).toMatchObject({ violations: { 'sequence-missing': 1, 'delivery-stuck': 0 } });
});

test('the status page says what waits and what fails', async () => {
  t.receiver.answer = () => ({ status: 500 });
  await givenPractice();
  const { body } = await t.get('/status');
  expect(body).toMatchObject({
    deliveries: { pending: (await t.deliveries()).length },
    events: { waiting: 0 },
    endpoints: [{ id: t.endpointId, state: 'failing', lastDeliveredAt: null, acknowledgedThrough: 0 }],
  });
  expect(body.events.position).toBeGreaterThan(0);
  expect((await t.get('/metrics')).body).toMatch(
    new RegExp(`^nedwatch_endpoint_failing_seconds\\{endpoint="${t.endpointId}"\\} \\d`, 'm'),
  );
});

test('attempts under way and attempts that failed lately are counted for each endpoint', async () => {
  let answer: (value: { status: number }) => void = () => undefined;
  t.receiver.answer = () => new Promise((resolve) => (answer = resolve));
  await givenItem(t, { due: '2026-03-10' });
  await t.sweep();
  await t.arrived(1);
  const [underWay] = (await t.get('/status')).body.endpoints;
  expect(underWay).toMatchObject({ pending: 1, inFlight: 1, failedLately: 0 });

  answer({ status: 500 });
  await t.settled();
  const [failed] = (await t.get('/status')).body.endpoints;
  expect(failed).toMatchObject({ pending: 1, inFlight: 0, failedLately: 1, state: 'failing' });

  await t.setClock('2026-03-11T10:01:00+08:00');
  t.receiver.answer = () => ({ status: 200 });
  await t.sweep();
  await t.settled();
  const [taken] = (await t.get('/status')).body.endpoints;
  expect(taken).toMatchObject({ pending: 0, inFlight: 0, failedLately: 0, state: 'ok' });
  expect(taken.lastDeliveredAt).toMatch(/^2026-03-11T02:01:0/);
});
