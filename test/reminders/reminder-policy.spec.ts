import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import type { ReminderPatch } from '../../src/tenancy/policy/reminder-policy.js';
import { ReminderSweep } from '../../src/reminders/reminder-sweep.js';
import { EventRelay } from '../../src/webhooks/deliveries/event-relay.js';
import { CHECKS, auditDeliveries } from '../../src/monitoring/delivery-audit.js';
import { givenItem, givenPatient, type PatientRow } from '../support/builders.js';
import { nextHospital, type ReminderHospital } from '../support/reminder-hospital.js';
import { until } from '../support/webhook-receiver.js';

let t: ReminderHospital;
afterAll(() => t.close());
afterEach(async () => {
  const scope = t.app.get(HospitalScope);
  const findings = await scope.run(t.hospitalId, () => scope.unaudited((tx) => auditDeliveries(tx)));
  expect(CHECKS.filter((check) => findings[check].count > 0)).toEqual([]);
});

const ask = (reminders: ReminderPatch) =>
  t.post('/plan-changes', {
    policy: { reminders },
    author: 'Head nurse Liu',
    reason: 'agreed in the department',
  });

/** Puts it in force like a head nurse, and waits until every plan follows it. */
async function decide(reminders: ReminderPatch): Promise<void> {
  const { status, body } = await ask(reminders);
  expect([status, body.errors]).toEqual([202, undefined]);
  const reached = (state: string) =>
    until(
      () => t.get(`/plan-changes/${body.id}`),
      (change) => change.body.state === state,
    );
  await reached('previewed');
  expect((await t.post(`/plan-changes/${body.id}/apply`)).status).toBe(202);
  await reached('applied');
}

const version = async (): Promise<number> => (await t.get('/policy')).body.version as number;
const patient = async (): Promise<PatientRow> => givenPatient(t, { policyVersion: await version() });

async function at(instant: string): Promise<void> {
  await t.setClock(`${instant}+08:00`);
  await t.sweep();
  await t.app.get(EventRelay).relay();
  await t.settled();
}
const onDay = (day: string): Promise<void> => at(`${day}T10:00:00`);

const delivered = (): string[] =>
  t.receiver
    .messages(t.secret)
    .map(({ type, timestamp, data }) =>
      [
        new Date(new Date(timestamp).getTime() + 8 * 3_600_000).toISOString().slice(5, 16).replace('T', ' '),
        type.replace('surveillance.', ''),
        ...[data['escalatedTo'], data['late'] && 'late'].filter(Boolean),
      ].join(' '),
    );

describe('as a hospital decides', () => {
  beforeEach(async () => {
    t = await nextHospital(t);
  });

  test('a late item is announced every ten days, and the message names who has to act; so does the worklist', async () => {
    await decide({
      overdueEveryDays: 10,
      escalation: { responsibleNurseAfterDays: 7, headNurseAfterDays: 14 },
    });
    const { id } = await givenItem(t, { patientId: (await patient()).id, due: '2026-02-15' }); // late from 15 March
    const escalated = async () => (await t.get('/worklist')).body.items[0].escalatedTo as string | null;
    const listed = async (to: string) =>
      (await t.get(`/worklist?escalatedTo=${to}`)).body.items.map(
        (item: { id: string }) => item.id,
      ) as string[];

    await onDay('2026-03-15');
    expect(await escalated()).toBeNull();
    expect(await listed('responsible_nurse')).toEqual([]);
    await onDay('2026-03-22');
    expect(await escalated()).toBe('responsible_nurse');
    expect([await listed('responsible_nurse'), await listed('head_nurse')]).toEqual([[id], []]);
    for (const day of ['23', '24', '25', '28', '29', '30', '31']) await onDay(`2026-03-${day}`);
    expect([await listed('responsible_nurse'), await listed('head_nurse')]).toEqual([[], [id]]);
    await onDay('2026-04-04');

    expect(delivered()).toEqual([
      '03-15 10:00 item.overdue',
      '03-22 10:00 item.overdue responsible_nurse',
      '03-25 10:00 item.overdue responsible_nurse',
      '03-29 10:00 item.overdue head_nurse',
      '04-04 10:00 item.overdue head_nurse',
    ]);
  });

  test('activities may have different settings', async () => {
    await decide({ leadDays: 7, activities: { colonoscopy: { leadDays: [60, 30] } } });
    const { id: patientId } = await patient();
    await givenItem(t, { patientId, due: '2026-05-30', activity: 'colonoscopy' });
    await givenItem(t, { patientId, due: '2026-05-30', activity: 'chest-ct' });

    for (const day of ['03-30', '03-31', '04-30', '05-16', '05-23']) await onDay(`2026-${day}`);

    expect(delivered()).toEqual(['03-31', '04-30', '05-23'].map((day) => `${day} 10:00 item.upcoming`));
  });

  test('in quiet hours no reminder is sent, neither new messages nor retries', async () => {
    await decide({ until: '20:00' });
    await givenItem(t, { patientId: (await patient()).id, due: '2026-03-11' });
    await at('2026-03-11T19:59:00');
    await givenItem(t, { patientId: (await patient()).id, due: '2026-03-11' });
    await at('2026-03-11T20:00:00');
    await at('2026-03-12T07:59:00');
    expect(delivered()).toEqual(['03-11 19:59 item.due']);

    await at('2026-03-12T08:00:00');
    expect(delivered()).toEqual(['03-11 19:59 item.due', '03-12 08:00 item.due late']);

    t.receiver.answer = () => ({ status: 500 });
    await givenItem(t, { patientId: (await patient()).id, due: '2026-03-12' });
    await at('2026-03-12T19:59:58');
    t.receiver.answer = () => undefined;
    for (const time of ['20:01', '21:00', '23:00']) await at(`2026-03-12T${time}:00`);
    expect(t.receiver.arrivals).toHaveLength(3);
    await at('2026-03-13T08:02:00');
    expect(t.receiver.arrivals).toHaveLength(4);
  });

  test('a reminder that waits for a lock until the quiet hours have begun is not sent', async () => {
    await decide({ until: '20:00' });
    const { id } = await t.register({ rateLimit: { perMinute: 60 } });
    await givenItem(t, { patientId: (await patient()).id, due: '2026-03-11' });
    const other = t.dataSource.createQueryRunner();
    await other.startTransaction();
    await other.query('SELECT FROM webhook_endpoint WHERE id = $1 FOR NO KEY UPDATE', [id]);
    await t.setClock('2026-03-11T19:59:30+08:00');
    await t.app.get(ReminderSweep).sweep();
    await t.app.get(EventRelay).relay();
    await until(
      () =>
        t.dataSource.query<unknown[]>(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%recent_attempts%'`,
        ),
      (waiting) => waiting.length > 0,
    );
    await t.setClock('2026-03-11T20:00:00+08:00');
    await other.rollbackTransaction();
    await other.release();
    await t.settled();
    expect(t.receiver.arrivals).toEqual([]);
    await at('2026-03-12T08:02:00');
    expect(t.receiver.arrivals).toHaveLength(1);
  });

  test('in quiet hours a recovered receiver is noticed by messages that may leave', async () => {
    await decide({ until: '20:00' });
    t.receiver.answer = () => ({ status: 500 });
    await t.post(`/webhook-endpoints/${t.endpointId}/test`);
    for (let hour = 14; hour < 20; hour++) await at(`2026-03-11T${hour}:45:00`);
    await givenItem(t, { patientId: (await patient()).id, due: '2026-03-11' });
    await at('2026-03-11T19:59:00');

    t.receiver.answer = () => ({ status: 200 });
    await at('2026-03-11T20:31:00');
    const states = (await t.deliveries()).map(({ eventType, state }) => `${eventType} ${state}`);
    expect(states).toEqual(['endpoint.test delivered', 'surveillance.item.due pending']);
  });

  test('on holidays and at weekends no reminder is sent: upcoming ones are sent before, the others after', async () => {
    await decide({
      leadDays: 7,
      workingDays: { weekdays: [1, 2, 3, 4, 5], holidays: ['2026-04-06' as never], extra: [] },
    });
    await givenItem(t, { patientId: (await patient()).id, due: '2026-04-04' }); // a Saturday
    for (let day = 27; day <= 31; day++) await onDay(`2026-03-${day}`);
    for (let day = 1; day <= 8; day++) await onDay(`2026-04-0${day}`);

    expect(delivered()).toEqual(['03-27 10:00 item.upcoming', '04-07 10:00 item.due']);
  });

  test('a later policy applies to earlier plans, and no reminder is sent twice', async () => {
    const { body } = await t.post('/patients', {
      ...{ mrn: '17', name: '王五', sex: 'male', birthDate: '1955-03-03', diagnosisDate: '2025-12-01' },
    });
    await t.post(`/patients/${body.id}/events`, {
      ...{ type: 'primary_resection', date: '2026-01-15', site: 'colon', stage: 'III', intent: 'curative' },
      preoperativeColonoscopy: 'complete',
    });
    await onDay('2026-03-26'); // review due on 15 April
    expect(delivered()).toEqual([]);

    await decide({ leadDays: [30, 10] });
    await onDay('2026-03-26');
    const upcoming = delivered().length;
    expect(upcoming).toBeGreaterThan(0);
    await decide({ leadDays: [28, 10] });
    await onDay('2026-03-27');
    expect(delivered()).toHaveLength(upcoming);
    await onDay('2026-04-05');
    expect(delivered()).toHaveLength(2 * upcoming);
  });

  test.each([
    ['quiet hours that begin before the day', { until: '07:00' }, '/policy/reminders/until out-of-range'],
    [
      'a head nurse before the responsible nurse',
      { escalation: { responsibleNurseAfterDays: 9, headNurseAfterDays: 9 } },
      '/policy/reminders/escalation/headNurseAfterDays',
    ],
    ['an unknown examination', { activities: { x: {} } }, '/policy/reminders/activities/x unknown-activity'],
    [
      'a day that is none',
      { workingDays: { weekdays: [1], holidays: ['2026-02-30'] } },
      '/policy/reminders/workingDays/holidays/0',
    ],
    ['six lead times', { leadDays: [1, 2, 3, 4, 5, 6] }, '/policy/reminders/leadDays'],
    ['no working day', { workingDays: { weekdays: [] } }, '/policy/reminders/workingDays/weekdays'],
  ])('refused is %s', async (_, reminders, fault) => {
    const { status, body } = await ask(reminders as never);
    expect([status, body.errors.length]).toEqual([422, 1]);
    expect(`${body.errors[0].pointer} ${body.errors[0].code}`).toContain(fault);
  });
});

describe('several reminders of one patient on one day', () => {
  beforeEach(async () => {
    t = await nextHospital(t, {}, ['*']);
    await decide({ digest: true });
  });

  test('are one message, and another patient has a separate one; the feed contains each', async () => {
    const { id: patientId } = await patient();
    const [ct, markers] = [
      await givenItem(t, { patientId, due: '2026-03-11', activity: 'chest-ct' }),
      await givenItem(t, { patientId, due: '2026-03-20', activity: 'tumour_markers' }),
    ];
    await givenItem(t, { patientId: (await patient()).id, due: '2026-03-11' });
    await onDay('2026-03-11');

    expect(delivered().sort()).toEqual(['03-11 10:00 item.due', '03-11 10:00 patient.digest']);
    const digest = t.receiver.messages(t.secret).find(({ type }) => type === 'surveillance.patient.digest');
    expect(digest?.data).toEqual({
      patientId,
      mrn: expect.any(String),
      items: [
        { itemId: ct.id, activity: 'chest-ct', due: '2026-03-11', overdue: '2026-04-08', status: 'due' },
        expect.objectContaining({ itemId: markers.id, status: 'upcoming' }),
      ],
    });
    const { body } = await t.get('/events?after=0');
    const types = body.items.map(({ type }: { type: string }) =>
      type.replace('surveillance.', ''),
    ) as string[];
    expect(types.sort()).toEqual(['item.due', 'item.due', 'item.upcoming', 'patient.digest']);
  });

  test('go one by one to an endpoint that is not subscribed to digests', async () => {
    const other = await t.post('/webhook-endpoints', {
      url: t.receiver.url,
      eventTypes: ['surveillance.item.due', 'surveillance.item.upcoming'],
    });
    const { id: patientId } = await patient();
    await givenItem(t, { patientId, due: '2026-03-11' });
    await givenItem(t, { patientId, due: '2026-03-20' });
    await onDay('2026-03-11');

    const { body } = await t.get(`/webhook-endpoints/${other.body.id}/deliveries`);
    const types = body.items.map(({ eventType }: { eventType: string }) => eventType) as string[];
    expect(types.sort()).toEqual(['surveillance.item.due', 'surveillance.item.upcoming']);
    expect((await t.deliveries()).map(({ eventType }) => eventType)).toEqual(['surveillance.patient.digest']);
  });

  test('after two weeks without the program each patient has one, marked late, the longest due first', async () => {
    const [first, second] = [await patient(), await patient()];
    for (const { id: patientId } of [second, first])
      for (const due of ['2026-03-18', '2026-03-20']) await givenItem(t, { patientId, due });
    await givenItem(t, { patientId: first.id, due: '2026-03-17' });
    await onDay('2026-04-02');

    const messages = t.receiver.messages(t.secret);
    expect(messages.map(({ data }) => data['patientId'])).toEqual([first.id, second.id]);
    expect(messages[0]?.data['items']).toEqual(
      ['17', '18', '20'].map((day) =>
        expect.objectContaining({ due: `2026-03-${day}`, status: 'due', late: true }),
      ),
    );
  });
});

test('a digest is sent without its stale reminders, and not at all when all are stale', async () => {
  t = await nextHospital(t, {}, ['*']);
  await decide({ digest: true });
  await givenItem(t, { patientId: (await patient()).id, due: '2026-03-10' });
  await onDay('2026-03-10');
  const { id: patientId } = await patient();
  const done = await givenItem(t, { patientId, due: '2026-03-10' });
  const open = await givenItem(t, { patientId, due: '2026-03-11' });
  const gone = await patient();
  for (const due of ['2026-03-10', '2026-03-11']) await givenItem(t, { patientId: gone.id, due });
  await t.dataSource.query(`UPDATE webhook_endpoint SET resting_until = '2026-03-11T11:00:00+08:00'`);
  await at('2026-03-11T10:00:30');
  for (const condition of [`id = '${done.id}'`, `patient_id = '${gone.id}'`])
    await t.dataSource.query(
      `UPDATE surveillance_item SET state = 'completed', completed_on = '2026-03-10', next_reminder_on = NULL WHERE ${condition}`,
    );
  await at('2026-03-11T12:00:00');

  const digests = (await t.deliveries()).filter(
    ({ eventType }) => eventType === 'surveillance.patient.digest',
  );
  expect(digests.map(({ state, cancelledReason }) => [state, cancelledReason]).sort()).toEqual([
    ['cancelled', 'completed'],
    ['delivered', null],
  ]);
  const [digest] = t.receiver.messages(t.secret).filter(({ type }) => type === 'surveillance.patient.digest');
  expect(digest?.data['items']).toEqual([expect.objectContaining({ itemId: open.id })]);
});
