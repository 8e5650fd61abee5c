import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { auditDeliveries, CHECKS } from '../../src/monitoring/delivery-audit.js';
import { PolicyRolloutWorker } from '../../src/schedules/policy-changes/policy-rollout-worker.js';
import { nextHospital, type ReminderHospital } from '../support/reminder-hospital.js';
import { answered, givenFollowedUp } from '../support/ward.js';
import { until } from '../support/webhook-receiver.js';

let t: ReminderHospital;
beforeEach(async () => {
  t = await nextHospital(t);
});
afterAll(() => t.close());

const WEEK = { weekdays: [1, 2, 3, 4, 5] };

/** Puts working days in force, and waits until every plan follows them. */
async function decide(workingDays: object | null): Promise<void> {
  const policy = { reminders: { leadDays: 14, workingDays } };
  const { id } = await answered<{ id: string }>(
    t.post('/plan-changes', { policy, author: 'Head nurse Liu', reason: 'agreed in the department' }),
    202,
  );
  const reached = (state: string) =>
    until(
      () => t.get(`/plan-changes/${id}`),
      ({ body }) => (body as { state: string }).state === state,
    );
  await reached('previewed');
  await answered(t.post(`/plan-changes/${id}/apply`), 202);
  await reached('applied');
}

async function replanned(): Promise<void> {
  await t.app.get(PolicyRolloutWorker).rounds.round();
  const [{ stale }] = await t.dataSource.query<[{ stale: number }]>(
    `SELECT count(*) AS stale FROM patient p JOIN hospital h ON h.id = p.hospital_id WHERE p.policy_version < h.policy_version`,
  );
  expect(stale).toBe(0);
}

async function put(date: string, kind: 'closure' | 'extra_workday'): Promise<void> {
  await answered(t.request('PUT', `/work-calendar/days/${date}`, { payload: { kind, name: '搬迁' } }));
  await replanned();
}

/** The stored day of the next reminder of each open item that is due on `due`. */
async function nextReminders(due: string): Promise<(string | null)[]> {
  const rows = await t.dataSource.query<{ on: string | null }[]>(
    `SELECT DISTINCT next_reminder_on AS on FROM surveillance_item WHERE state = 'active' AND due = $1`,
    [due],
  );
  return rows.map(({ on }) => on);
}

const version = async (): Promise<number> => ((await t.get('/policy')).body as { version: number }).version;

// The first reviews of this patient are due on Friday 1 May 2026, a holiday to 5 May; 9 May is a make-up Saturday.
const RESECTED_FOR_MAY = '2026-02-01';
const DUE_IN_MAY = '2026-05-01';

test('reminders on working days know the national holidays and make-up workdays', async () => {
  await givenFollowedUp(t, RESECTED_FOR_MAY);
  await decide(WEEK);
  await t.setClock('2026-04-20T10:00:00+08:00');
  await t.sweep();
  expect(await nextReminders(DUE_IN_MAY)).toEqual(['2026-05-06']);
});

test('without working days in the policy, the calendar changes neither reminders nor the policy', async () => {
  await givenFollowedUp(t, RESECTED_FOR_MAY);
  await t.setClock('2026-04-20T10:00:00+08:00');
  await t.sweep();
  const before = await version();
  await put('2026-05-01', 'closure');
  expect(await nextReminders(DUE_IN_MAY)).toEqual(['2026-05-01']);
  expect(await version()).toBe(before);
});

test('the lists of the policy take precedence over the calendar', async () => {
  await givenFollowedUp(t, RESECTED_FOR_MAY);
  await decide({ ...WEEK, holidays: ['2026-05-06'], extra: ['2026-05-04'] });
  await t.setClock('2026-04-20T10:00:00+08:00');
  await t.sweep();
  expect(await nextReminders(DUE_IN_MAY)).toEqual(['2026-05-04']);
});

test('a day that the hospital enters moves the stored reminders of open items, and back when it is removed', async () => {
  await givenFollowedUp(t, RESECTED_FOR_MAY);
  await decide(WEEK);
  expect(await nextReminders(DUE_IN_MAY)).toEqual(['2026-04-17']);
  await put('2026-04-17', 'closure');
  expect(await nextReminders(DUE_IN_MAY)).toEqual(['2026-04-16']);
  await put('2026-04-16', 'closure');
  expect(await nextReminders(DUE_IN_MAY)).toEqual(['2026-04-15']);
  for (const day of ['16', '17']) await answered(t.request('DELETE', `/work-calendar/days/2026-04-${day}`));
  await replanned();
  expect(await nextReminders(DUE_IN_MAY)).toEqual(['2026-04-17']);
  const { body } = await t.get('/policy');
  expect(body).toMatchObject({ reason: '工作日历：删除 2026-04-17' });
});

test('a reminder that was sent before a closure is not sent again, and the next one leaves on a working day', async () => {
  await givenFollowedUp(t, RESECTED_FOR_MAY);
  await decide(WEEK);
  for (const day of ['04-17', '04-18', '05-01', '05-06']) {
    await t.setClock(`2026-${day}T10:00:00+08:00`);
    await t.sweep();
    if (day === '04-17') await put('2026-05-06', 'closure');
  }
  await t.setClock('2026-05-07T10:00:00+08:00');
  await t.sweep();
  const sent = await t.dataSource.query<{ kind: string; on: string }[]>(
    `SELECT DISTINCT r.kind, r.remind_on AS on FROM reminder r WHERE r.due = $1 ORDER BY 2`,
    [DUE_IN_MAY],
  );
  expect(sent).toEqual([
    { kind: 'upcoming', on: '2026-04-17' },
    { kind: 'due', on: '2026-05-07' },
  ]);
  const scope = t.app.get(HospitalScope);
  const findings = await scope.run(t.hospitalId, () => scope.unaudited((tx) => auditDeliveries(tx)));
  expect(CHECKS.filter((check) => findings[check].count > 0)).toEqual([]);
});

test('an imported year moves the reminders of that year', async () => {
  await t.setClock('2026-12-01T10:00:00+08:00');
  await givenFollowedUp(t, '2026-11-04');
  await decide(WEEK);
  const due = '2027-02-04';
  await t.setClock('2027-01-22T10:00:00+08:00');
  await t.sweep();
  expect(await nextReminders(due)).toEqual([due]);
  const days = ['04', '05'].map((day) => ({ name: '春节', date: `2027-02-${day}`, isOffDay: true }));
  const makeUp = { name: '春节', date: '2027-02-06', isOffDay: false };
  await answered(t.post('/work-calendar/imports', { year: 2027, days: [...days, makeUp] }), 201);
  await replanned();
  expect(await nextReminders(due)).toEqual(['2027-02-06']);
});

test('after an upgrade with another calendar the next sweep puts it in force once', async () => {
  await givenFollowedUp(t, RESECTED_FOR_MAY);
  await decide(WEEK);
  await t.setClock('2026-04-20T10:00:00+08:00');
  await t.sweep();
  // As an older version stored them: working days without the calendar, and a reminder on the holiday.
  for (const table of ['hospital', 'hospital_policy'])
    await t.dataSource.query(`UPDATE ${table} SET policy = policy #- '{reminders,workCalendar}'`);
  await t.dataSource.query('UPDATE surveillance_item SET next_reminder_on = due WHERE due = $1', [
    DUE_IN_MAY,
  ]);
  const before = await version();
  await t.sweep();
  await replanned();
  await t.sweep();
  expect(await version()).toBe(before + 1);
  expect(await nextReminders(DUE_IN_MAY)).toEqual(['2026-05-06']);
});

test('undoing a policy restores its working days with the calendar of today', async () => {
  await givenFollowedUp(t, RESECTED_FOR_MAY);
  await decide(WEEK);
  await decide(null);
  await answered(
    t.request('PUT', '/work-calendar/days/2026-04-17', { payload: { kind: 'closure', name: '搬迁' } }),
  );
  const { body } = await t.get('/plan-changes?limit=1');
  const [{ id }] = (body as { items: [{ id: string }] }).items;
  await answered(t.post(`/plan-changes/${id}/undo`, { author: 'Head nurse Liu', reason: 'a mistake' }), 202);
  await replanned();
  expect(await nextReminders(DUE_IN_MAY)).toEqual(['2026-04-16']);
});

test('from November on, the status and the health of the program warn while the next year is missing', async () => {
  const missing = async (): Promise<unknown> => (await t.get('/status')).body.calendarYearMissing;
  const warnings = async (): Promise<string[]> => {
    await t.sweep();
    return ((await t.get('/health/ready')).body as { warnings?: string[] }).warnings ?? [];
  };
  await t.setClock('2026-10-31T23:50:00+08:00');
  expect([await missing(), await warnings()]).toEqual([null, []]);
  await t.setClock('2026-11-01T00:10:00+08:00');
  expect(await missing()).toBe(2027);
  expect((await warnings()).join()).toContain('2027');
  const days = [{ name: '元旦', date: '2027-01-01', isOffDay: true }];
  await answered(t.post('/work-calendar/imports', { year: 2027, days }), 201);
  expect([await missing(), await warnings()]).toEqual([null, []]);
});
