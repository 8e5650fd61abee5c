import { DeliveryFigures } from '../../src/monitoring/delivery-figures.js';
import { ReminderSweep } from '../../src/reminders/reminder-sweep.js';
import { givenItem, givenPatient, moveItem } from '../support/builders.js';
import { nextHospital, type ReminderHospital } from '../support/reminder-hospital.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

let t: ReminderHospital;
beforeEach(async () => {
  t = await nextHospital(t);
});
afterAll(() => t.close());

const messages = () => t.receiver.messages(t.secret);
const kinds = () => messages().map(({ type }) => type.split('.').at(-1));

/** The hospital's day, at ten in the morning. */
async function onDay(day: string): Promise<void> {
  await t.setClock(`${day}T10:00:00+08:00`);
  await t.sweep();
  await t.settled();
}

describe('the reminders of an item', () => {
  test('an item is announced 14 days before, on its day and on its first late day, once each', async () => {
    const patient = await givenPatient(t, { mrn: '0017' });
    const item = await givenItem(t, { patientId: patient.id, due: '2026-04-01', activity: 'chest-ct' });
    for (const day of [
      '03-17',
      '03-18',
      '03-19',
      '03-31',
      '04-01',
      '04-02',
      '04-28',
      '04-29',
      '04-30',
      '06-30',
    ]) {
      await onDay(`2026-${day}`);
      await t.sweep();
    }
    await t.settled();

    expect(
      messages().map(({ type, timestamp, sequence, data }) => ({
        type,
        day: timestamp.slice(0, 10),
        sequence,
        ...data,
      })),
    ).toEqual(
      [
        { type: 'surveillance.item.upcoming', day: '2026-03-18', sequence: 1, status: 'upcoming' },
        { type: 'surveillance.item.due', day: '2026-04-01', sequence: 2, status: 'due' },
        { type: 'surveillance.item.overdue', day: '2026-04-29', sequence: 3, status: 'overdue' },
      ].map((message) => ({
        ...message,
        ...{
          itemId: item.id,
          patientId: patient.id,
          mrn: '0017',
          activity: 'chest-ct',
          due: '2026-04-01',
          overdue: '2026-04-29',
        },
      })),
    );
  });

  test('no reminder is sent before eight in the morning at the hospital', async () => {
    await givenItem(t, { due: '2026-04-01' });

    await t.setClock('2026-03-18T07:59:30+08:00');
    await t.sweep();
    expect(await t.settled()).toEqual([]);

    await t.setClock('2026-03-18T08:00:00+08:00');
    await t.sweep();
    await t.settled();
    expect(kinds()).toEqual(['upcoming']);
  });

  test('after an outage the latest reminder is sent, without the skipped ones', async () => {
    await givenItem(t, { due: '2026-04-01' });

    await onDay('2026-04-10');

    expect(kinds()).toEqual(['due']);
  });

  test('a missed item is not announced', async () => {
    await givenItem(t, { due: '2026-04-01', missedOn: '2026-04-20' as never });

    await onDay('2026-05-01');

    expect(messages()).toEqual([]);
  });

  test('a message contains no name, phone or diagnosis', async () => {
    await givenItem(t, { due: '2026-03-10' });
    await onDay('2026-03-10');

    const [message] = messages();
    expect(Object.keys(message!).sort()).toEqual(['data', 'id', 'sequence', 'timestamp', 'type']);
    expect(Object.keys(message!.data).sort()).toEqual([
      'activity',
      'due',
      'itemId',
      'mrn',
      'overdue',
      'patientId',
      'status',
    ]);
  });

  test('two simultaneous sweeps announce each of 1,200 items once', async () => {
    const patient = await givenPatient(t);
    for (let n = 0; n < 12; n++)
      await Promise.all(
        Array.from({ length: 100 }, () => givenItem(t, { patientId: patient.id, due: '2026-03-10' })),
      );

    const sweep = t.app.get(ReminderSweep);
    await Promise.all([sweep.sweep(), sweep.sweep(), sweep.sweep()]);
    await t.settled();

    expect(new Set(messages().map(({ data }) => data.itemId)).size).toBe(1200);
    expect(t.receiver.arrivals).toHaveLength(1200);
    const numbers = messages().map(({ sequence }) => sequence);
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1200 }, (_, n) => n + 1));
  });
});

describe('an outdated reminder is not sent', () => {
  const changes: [string, (itemId: string) => Promise<unknown>, string][] = [
    [
      'completed',
      (id) => set(id, `state = 'completed', completed_on = '2026-03-10', next_reminder_on = NULL`),
      'completed',
    ],
    [
      'cancelled, as when the patient died',
      (id) => set(id, `state = 'cancelled', next_reminder_on = NULL`),
      'cancelled',
    ],
    ['moved', (id) => set(id, `due = due + 5, next_reminder_on = due + 5, revision = 2`), 'moved'],
    ['missed', (id) => set(id, `missed_on = '2026-03-10'`), 'missed'],
    [
      'found to lie before the enrolment',
      (id) => set(id, `before_enrolment = true, next_reminder_on = NULL`),
      'before-enrolment',
    ],
  ];
  const set = (id: string, change: string): Promise<unknown> =>
    t.dataSource.query(`UPDATE surveillance_item SET ${change} WHERE id = $1`, [id]);

  test.each(changes)('an item %s between two attempts', async (_, change, reason) => {
    t.receiver.answer = () => ({ status: 500 });
    const item = await givenItem(t, { due: '2026-03-10' });
    await t.sweep();
    expect(await t.settled()).toMatchObject([{ state: 'pending', attempts: [{ number: 1, status: 500 }] }]);

    await change(item.id);
    await t.setClock('2026-03-10T10:01:00+08:00');
    await t.sweep();

    expect(await t.settled()).toMatchObject([
      { state: 'cancelled', cancelledReason: reason, attempts: [{ number: 1 }] },
    ]);
    expect(t.receiver.arrivals).toHaveLength(1);
  });

  test('an item that moves is announced again, under another id', async () => {
    const item = await givenItem(t, { due: '2026-03-10' });
    await onDay('2026-03-10');
    await moveItem(t, item, '2026-03-12');
    await onDay('2026-03-10');
    await onDay('2026-03-12');

    expect(messages().map(({ data }) => data.due)).toEqual(['2026-03-10', '2026-03-12', '2026-03-12']);
    expect(kinds()).toEqual(['due', 'upcoming', 'due']);
    expect(new Set(messages().map(({ id }) => id)).size).toBe(3);
  });

  test('an item that moves away and back is announced again only if the other date was announced', async () => {
    const announced = await givenItem(t, { due: '2026-03-10' });
    const untold = await givenItem(t, { due: '2026-03-10' });
    await onDay('2026-03-10');
    await moveItem(t, await moveItem(t, untold, '2026-03-20'), '2026-03-10');
    const moved = await moveItem(t, announced, '2026-03-20');
    await onDay('2026-03-10');
    await moveItem(t, moved, '2026-03-10');
    await onDay('2026-03-10');

    const datesOf = (id: string) =>
      messages()
        .filter(({ data }) => data.itemId === id)
        .map(({ data }) => data.due);
    expect(datesOf(announced.id)).toEqual(['2026-03-10', '2026-03-20', '2026-03-10']);
    expect(datesOf(untold.id)).toEqual(['2026-03-10']);
  });

  test('a cancelled reminder is sent after all when its item comes back before the sweep', async () => {
    t.receiver.answer = () => undefined;
    const item = await givenItem(t, { due: '2026-03-10' });
    await onDay('2026-03-10');
    await set(item.id, `state = 'completed', completed_on = '2026-03-10', next_reminder_on = NULL`);
    await onDay('2026-03-11');
    expect(await t.settled()).toMatchObject([{ state: 'cancelled' }]);

    t.receiver.answer = () => ({ status: 204 });
    await set(item.id, `state = 'active', completed_on = NULL, next_reminder_on = due`);
    await onDay('2026-03-11');

    expect(await t.settled()).toMatchObject([
      { state: 'delivered', attempts: [{ number: 1 }, { number: 2 }] },
    ]);
  });
});

test('patients may be loaded before the endpoint: it gets the reminders that are still valid', async () => {
  const first = await givenItem(t, { due: '2026-03-10' });
  const second = await givenItem(t, { due: '2026-03-20' });
  const done = await givenItem(t, { due: '2026-03-10' });
  await onDay('2026-03-10');
  await t.dataSource.query(
    `UPDATE surveillance_item SET state = 'completed', completed_on = due, next_reminder_on = NULL WHERE id = $1`,
    [done.id],
  );
  await onDay('2026-03-20'); // the second's `upcoming` is followed by its `due`

  const late = await WebhookReceiver.start();
  const { body } = await t.post('/webhook-endpoints', { url: late.url });
  await t.settled();

  const announced = late
    .messages(body.secret as string)
    .map(({ type, data }) => [data.itemId, type.split('.').at(-1)]);
  expect(announced.toSorted()).toEqual(
    [
      [first.id, 'due'],
      [second.id, 'due'],
    ].toSorted(),
  );
  await late.stop();
});

test('an endpoint registered while the sweep runs misses nothing', async () => {
  const patient = await givenPatient(t);
  for (let n = 0; n < 7; n++)
    await Promise.all(
      Array.from({ length: 100 }, () => givenItem(t, { patientId: patient.id, due: '2026-03-10' })),
    );
  const late = await WebhookReceiver.start();
  // PostgreSQL then takes the tables of messages for empty, as on the first day of a hospital.
  await t.dataSource.query('ANALYZE');

  const [{ body }] = await Promise.all([
    t.post('/webhook-endpoints', { url: late.url, backlog: 'all' }),
    t.sweep(),
  ]);
  await t.settled();

  expect(new Set(late.messages(body.secret as string).map(({ data }) => data.itemId)).size).toBe(700);
  expect(late.arrivals).toHaveLength(700);
  await late.stop();
}, 180_000);

test('the metrics count waiting deliveries and those given up', async () => {
  t.receiver.answer = () => ({ status: 500 });
  await givenItem(t, { due: '2026-03-10' });
  await onDay('2026-03-10');
  await t.dataSource.query(`UPDATE delivery SET next_attempt_at = program_now() + interval '1 hour'`);

  const figures = t.app.get(DeliveryFigures);
  expect(await figures.read()).toMatchObject({ pending: 1, oldestDueSeconds: 0, exhausted: 0 });
  await t.dataSource.query(`UPDATE delivery SET state = 'exhausted', next_attempt_at = NULL`);
  expect(await figures.read()).toMatchObject({ pending: 0, oldestDueSeconds: 0, exhausted: 1 });
});
