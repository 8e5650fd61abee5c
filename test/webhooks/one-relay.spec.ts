import { setTimeout as sleep } from 'node:timers/promises';
import { ReminderSweep } from '../../src/reminders/reminder-sweep.js';
import { EventRelay } from '../../src/webhooks/deliveries/event-relay.js';
import { WebhookWorker } from '../../src/webhooks/webhook-worker.js';
import { givenItem, givenPatient } from '../support/builders.js';
import { startHospital, type ReminderHospital } from '../support/reminder-hospital.js';
import { until, WebhookReceiver } from '../support/webhook-receiver.js';

// The relay runs only when a test runs it.

// Until then PostgreSQL does not mark what the last transactions left: the server of the tests commits before it writes.
const WRITTEN_AFTER_MS = 1000;

let t: ReminderHospital;
beforeEach(async () => {
  t = await startHospital();
  await t.app.get(WebhookWorker).relays.stop();
});
afterEach(() => t.close());

const sweep = (): Promise<void> => t.app.get(ReminderSweep).sweep();
const relay = (): Promise<void> => t.app.get(EventRelay).relay();
const sql = <T>(statement: string, parameters: unknown[] = []): Promise<T> =>
  t.dataSource.query<T>(statement, parameters);
const deliveryCount = async (): Promise<number> => {
  const [{ count }] = await sql<[{ count: number }]>('SELECT count(*)::integer AS count FROM delivery');
  return count;
};

test('a recorded reminder has no delivery until the relay makes it', async () => {
  await givenItem(t, { due: '2026-03-10' });
  await sweep();
  expect(await deliveryCount()).toBe(0);
  await relay();
  await relay();
  expect(await t.settled()).toMatchObject([{ state: 'delivered', attempts: [{ number: 1 }] }]);
  expect(t.receiver.arrivals).toHaveLength(1);
});

test('looking for waiting records reads neither the whole table nor the entries of relayed records again', async () => {
  const read = async () => {
    await sql('SELECT pg_stat_force_next_flush()');
    const [row] = await sql<[{ whole: number; looks: number; entries: number }]>(
      `SELECT t.seq_scan::integer AS whole, i.idx_scan::integer AS looks, i.idx_tup_read::integer AS entries
         FROM pg_stat_user_tables t JOIN pg_stat_user_indexes i USING (relid)
        WHERE i.indexrelname = 'surveillance_event_relay_idx'`,
    );
    return row;
  };
  for (let n = 0; n < 10; n++) await givenItem(t, { due: '2026-03-10' });
  await sweep();
  await relay();
  await t.settled();
  await sleep(WRITTEN_AFTER_MS);
  await relay(); // reads the entries of the relayed records a last time
  const before = await read();
  for (let n = 0; n < 20; n++) await relay();
  const after = await until(read, ({ looks }) => looks >= before.looks + 20);
  // A session may count what came before only now.
  expect(after.whole - before.whole).toBeLessThan(20 / 2);
  expect(after.entries - before.entries).toBeLessThan((20 * 10) / 2);
});

describe('beside the previous version of the program', () => {
  /** The work of its sweep: the delivery is made with the reminder, and nothing waits under a mark. */
  const PREVIOUS_SWEEP = `
    WITH event AS (UPDATE surveillance_event SET awaiting_relay_since = NULL RETURNING *)
    INSERT INTO delivery (hospital_id, id, endpoint_id, reminder_id, event_type)
    SELECT event.hospital_id, gen_random_uuid(), e.id, event.reminder_id, event.type FROM event, webhook_endpoint e`;
  /** The work of its relay: the event gets a position, and no delivery. */
  const PREVIOUS_RELAY = `
    WITH event AS (UPDATE surveillance_event SET position = 1 RETURNING hospital_id)
    INSERT INTO event_feed (hospital_id, last_position) SELECT hospital_id, 1 FROM event
    ON CONFLICT (hospital_id) DO UPDATE SET last_position = 1`;

  test('a delivery that its sweep made is not made twice', async () => {
    await givenItem(t, { due: '2026-03-10' });
    await sweep();
    await sql(PREVIOUS_SWEEP);
    await relay();
    expect(await deliveryCount()).toBe(1);
  });

  test('a reminder whose event got its position from the other relay is delivered once', async () => {
    await givenItem(t, { due: '2026-03-10' });
    await sweep();
    await sql(PREVIOUS_RELAY);
    expect(await deliveryCount()).toBe(0);
    await relay();
    await relay();
    expect(await t.settled()).toMatchObject([{ state: 'delivered' }]);
    expect(await sql('SELECT position FROM surveillance_event')).toEqual([{ position: 1 }]);
    expect(await sql('SELECT last_position FROM event_feed')).toEqual([{ last_position: 1 }]);
  });

  test('a digest whose events got their positions from the other relay is one message', async () => {
    await sql(`UPDATE hospital SET policy = jsonb_set(policy, '{reminders,digest}', 'true')`);
    await t.request('DELETE', `/webhook-endpoints/${t.endpointId}`);
    await t.post('/webhook-endpoints', { url: t.receiver.url, eventTypes: ['*'] });
    const { id: patientId } = await givenPatient(t);
    await givenItem(t, { patientId, due: '2026-03-10' });
    await givenItem(t, { patientId, due: '2026-03-10' });
    await sweep();
    await sql('UPDATE surveillance_event SET position = ordinal WHERE reminder_id IS NOT NULL');
    await sql(
      `UPDATE event_feed SET last_position = (SELECT max(position) FROM surveillance_event WHERE position IS NOT NULL)`,
    );
    await relay();
    expect(await sql('SELECT event_type FROM delivery')).toEqual([
      { event_type: 'surveillance.patient.digest' },
    ]);
  });
});

test('a cancelled reminder of before events were recorded opens again, with an event of its own', async () => {
  t.receiver.answer = () => ({ status: 500 });
  const { id } = await givenItem(t, { due: '2026-03-10' });
  const set = (change: string) => sql(`UPDATE surveillance_item SET ${change} WHERE id = $1`, [id]);
  await t.sweep();
  await t.settled();
  await set(`state = 'completed', completed_on = '2026-03-10', next_reminder_on = NULL`);
  await t.setClock('2026-03-11T10:00:00+08:00');
  await t.sweep();
  expect(await t.settled()).toMatchObject([{ state: 'cancelled' }]);
  await sql('DELETE FROM surveillance_event');

  t.receiver.answer = () => ({ status: 200 });
  await set(`state = 'active', completed_on = NULL, next_reminder_on = due`);
  await t.sweep();
  expect(await t.settled()).toMatchObject([{ state: 'delivered' }]);
  expect(await sql('SELECT type FROM surveillance_event')).toEqual([{ type: 'surveillance.item.due' }]);
});

test.each([
  ['new', []],
  ['digest', ['endpoint.backlog']],
  ['all', ['surveillance.item.due', 'surveillance.item.due']],
])(
  'records from before an endpoint reach it as its backlog %s says, and later ones as usual',
  async (backlog, types) => {
    await givenItem(t, { due: '2026-03-10' });
    await givenItem(t, { due: '2026-03-10' });
    await sweep();
    const late = await WebhookReceiver.start();
    const { body } = await t.post('/webhook-endpoints', { url: late.url, backlog });
    await relay();
    await t.settled();
    expect(late.messages(body.secret as string).map(({ type }) => type)).toEqual(types);
    expect(t.receiver.arrivals).toHaveLength(2);
    await late.stop();
  },
);

test('consent opens a delivery again that a claim cancels at the same moment', async () => {
  const { id: patientId } = await givenPatient(t);
  const consent = (decision: string) =>
    t.post(`/patients/${patientId}/consents`, { channel: 'webhook', decision, author: 'Li Min' });
  await givenItem(t, { patientId, due: '2026-03-10' });
  await consent('withdrawn');
  await t.receiver.stop();
  await sweep();
  await relay();
  await t.settled();
  await sql(
    `UPDATE delivery SET state = 'pending', next_attempt_at = program_now() + interval '1 hour', cancelled_reason = NULL`,
  );
  const claim = t.dataSource.createQueryRunner();
  try {
    await claim.startTransaction();
    await claim.query(
      `UPDATE delivery SET state = 'cancelled', next_attempt_at = NULL, cancelled_reason = 'consent-withdrawn'`,
    );
    await consent('given');
    const relayed = relay();
    await t.until(async () => {
      const [{ waiting }] = await sql<[{ waiting: number }]>(
        `SELECT count(*)::integer AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      );
      return waiting > 0;
    });
    await claim.commitTransaction();
    await relayed;
  } finally {
    await claim.release();
  }
  expect((await t.deliveries()).map(({ state }) => state)).toEqual(['pending']);
});

test('a failure in one hospital does not stop the relay in the others', async () => {
  await givenItem(t, { due: '2026-03-10' });
  await sweep();
  // The first record for the relay, in any order: an event of a hospital that cannot be entered.
  await sql('ALTER TABLE surveillance_event DISABLE TRIGGER ALL');
  await sql(
    `INSERT INTO surveillance_event (hospital_id, id, type, patient_id, data)
     SELECT '00000000-0000-0000-0000-000000000001', gen_random_uuid(), 'surveillance.plan.changed', id, '{}' FROM patient`,
  );
  await expect(relay()).rejects.toThrow('The relay failed in 1 hospitals.');
  expect(await t.settled()).toMatchObject([{ state: 'delivered' }]);
});
