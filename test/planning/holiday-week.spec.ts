import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PolicyRolloutWorker } from '../../src/schedules/policy-changes/policy-rollout-worker.js';
import { type MessagingHospital, nextMessagingHospital } from '../support/messaging-hospital.js';
import { type Colleague, type StoryPatient, Ward } from '../support/ward-story.js';
import { answered, type ScheduledItem } from '../support/ward.js';
import { until } from '../support/webhook-receiver.js';

// The ward before, in and after the National Day holiday of 2026: 1 to 7 October are off, Saturday 10 October works. Each test
// is a day, and continues where the day before ended.

const MONDAY = '2026-09-28';
const HOLIDAY = '2026-10-03';
const FIRST_DAY_BACK = '2026-10-08';
const FRIDAY = '2026-10-09';
const LAST_OF_MONTH = '2026-10-31';
/** Late enough for each item of October to be done, late or missed. */
const INSPECTION = '2026-12-28';
/** Reviews of six months, due within the holiday. */
const RESECTED = '2026-04-03';
const DUE = '2026-10-03';
/** Of one patient; the others have one number together. */
const NUMBER = '13900001111';

interface Visit {
  readonly date: string;
  readonly items: readonly { readonly itemId: string; readonly activity: string }[];
  readonly reasons: readonly { readonly code: string }[];
}

let t: MessagingHospital;
let ward: Ward;
let headNurse: Colleague;
let lin: Colleague;
const patients: StoryPatient[] = [];
let li: StoryPatient;
let wang: StoryPatient;

beforeAll(async () => {
  t = await nextMessagingHospital(undefined, 'aliyun', { clock: `${MONDAY}T08:00:00+08:00` });
  ward = new Ward(t);
  headNurse = await ward.hires('护士长孙', 'head_nurse');
  lin = await ward.hires('护士林', 'nurse');
  for (const name of ['李娜', '王强', '张伟', '刘洋', '陈静', '杨帆'])
    patients.push(await ward.enrols(name, RESECTED, lin));
  [li, wang] = [patients[0]!, patients[1]!];
  await answered(t.request('PATCH', `/patients/${li.id}`, { payload: { phone: NUMBER } }));
  // What fell due in July was done on its day.
  for (const patient of patients) await completeDueBy(patient, '2026-07-31');
}, 120_000);
afterAll(async () => {
  await t.gateway.stop();
  await t.close();
});

async function scheduleOf({ id }: StoryPatient): Promise<readonly ScheduledItem[]> {
  return (await answered<{ items: ScheduledItem[] }>(t.get(`/patients/${id}/schedule`))).items;
}

async function completeDueBy(patient: StoryPatient, day: string): Promise<void> {
  for (const { id, due, status } of await scheduleOf(patient))
    if (due <= day && status !== 'completed')
      await answered(t.post(`/items/${id}/complete`, { date: due, outcome: 'normal' }));
}

const visitsOf = async ({ id }: StoryPatient): Promise<readonly Visit[]> =>
  (await answered<{ visits: Visit[] }>(t.get(`/patients/${id}/visits?days=30`, lin.caller))).visits;

const decideOnWorkingDays = async (): Promise<void> => {
  const policy = { reminders: { leadDays: 14, workingDays: { weekdays: [1, 2, 3, 4, 5] } } };
  const change = { policy, author: '护士长孙', reason: 'agreed in the ward' };
  const { id } = await answered<{ id: string }>(t.post('/plan-changes', change), 202);
  const reached = (state: string) =>
    until(
      () => t.get(`/plan-changes/${id}`),
      ({ body }) => (body as { state: string }).state === state,
    );
  await reached('previewed');
  await answered(t.post(`/plan-changes/${id}/apply`), 202);
  await reached('applied');
  await t.app.get(PolicyRolloutWorker).rounds.round();
};

/** So many reminders of the kind the hospital has recorded. */
async function reminders(kind: string): Promise<number> {
  const [row] = await t.dataSource.query<[{ count: number }]>(
    'SELECT count(*)::integer AS count FROM reminder WHERE kind = $1',
    [kind],
  );
  return row.count;
}

let visitOfLi: string;

test('Monday: each patient gets one visit on a working day, and the second one another day where the first is full', async () => {
  await decideOnWorkingDays();
  const [proposed] = await visitsOf(li);
  expect(proposed!.items.length).toBeGreaterThan(1);
  expect(proposed!.reasons.map(({ code }) => code)).toContain('visit-together');
  expect(['2026-09-30', FIRST_DAY_BACK]).toContain(proposed!.date);

  const perDay = proposed!.items.length;
  const perWeekday = [perDay, perDay, perDay, perDay, perDay, perDay, 0];
  await answered(
    t.request('PUT', '/capacities', {
      ...{
        payload: { capacities: [{ place: null, activity: null, perWeekday }] },
        headers: headNurse.caller,
      },
    }),
  );
  const booking = { patientId: li.id, itemIds: proposed!.items.map(({ itemId }) => itemId) };
  await answered(t.post('/appointments', { ...booking, date: FRIDAY, time: '08:30' }, lin.caller), 201);
  const dates = new Set([FRIDAY]);
  for (const patient of patients.slice(1)) {
    const [visit] = await visitsOf(patient);
    expect(visit!.items).toHaveLength(perDay);
    expect(visit!.date < '2026-10-01' || visit!.date > '2026-10-07').toBe(true);
    expect(dates).not.toContain(visit!.date);
    dates.add(visit!.date);
    const itemIds = visit!.items.map(({ itemId }) => itemId);
    const body = { patientId: patient.id, itemIds, date: visit!.date };
    await answered(t.post('/appointments', body, lin.caller), 201);
  }
  const [{ id }] = await t.dataSource.query<[{ id: string }]>(
    'SELECT id FROM appointment WHERE patient_id = $1',
    [li.id],
  );
  visitOfLi = id;
});

test('in the holiday no reminder leaves; on the first working day after it all do', async () => {
  await ward.begins(HOLIDAY);
  await t.work();
  expect(await reminders('due')).toBe(0);
  await ward.begins(FIRST_DAY_BACK);
  await t.setClock(`${FIRST_DAY_BACK}T10:00:00+08:00`);
  await t.work();
  expect(await reminders('due')).toBeGreaterThan(0);
});

test('a patient who is written to the day before confirms with 1, and the card shows day and time', async () => {
  await t.consent(li.id, 'given');
  await t.work();
  const tomorrow = (await t.messages(li.id)).filter(({ occasion }) => occasion === 'appointment_tomorrow');
  expect(tomorrow).toMatchObject([{ state: 'sent', number: NUMBER }]);
  expect(tomorrow[0]!.text).toContain('10月9日 08:30');
  expect(t.gateway.received.map(({ id }) => id)).toContain(tomorrow[0]!.id);
  await t.setClock(`${FIRST_DAY_BACK}T11:00:00+08:00`);
  const reply = { from: NUMBER, text: '1', at: `${FIRST_DAY_BACK}T11:00:00+08:00` };
  const { effect } = await answered<{ effect: string }>(t.post('/patient-messages/replies', reply), 201);
  expect(effect).toBe('confirmed');
  expect(await answered(t.get(`/appointments/${visitOfLi}`))).toMatchObject({
    confirmedAt: expect.any(String),
  });

  await lin.signsIn();
  const { status, body: card } = await t.get(`/patients/${li.id}/card?lang=zh`, lin.caller);
  expect([status, card]).toEqual([200, expect.any(String)]);
  expect(card).toContain('2026年10月9日（周五）08:30');
  expect(card).not.toContain(wang.name);
});

test("the month's inspection report equals a count by hand", async () => {
  await ward.begins(FRIDAY);
  for (const { activity } of (await scheduleOf(li)).filter(({ due }) => due === DUE))
    await lin.completes(li, activity, { date: FRIDAY, outcome: 'normal' });
  await ward.begins(INSPECTION);
  const month = { month: '2026-10', author: '护士长孙' };
  const report = await answered<{
    content: { total: { due: number; items: Record<string, number>; completion: object } };
  }>(t.post('/inspection-reports', month), 201);

  const byHand: Record<string, number> = { on_time: 0, late: 0, missed: 0, overdue: 0, not_yet: 0 };
  for (const patient of patients)
    for (const item of await scheduleOf(patient)) {
      if (item.due < '2026-10-01' || item.due > LAST_OF_MONTH) continue;
      const late = item.overdue <= (patient === li ? FRIDAY : INSPECTION);
      if (item.status === 'completed') byHand[late ? 'late' : 'on_time']!++;
      else byHand[item.status === 'missed' ? 'missed' : late ? 'overdue' : 'not_yet']!++;
    }
  const done = byHand['on_time']! + byHand['late']!;
  const judged = done + byHand['missed']! + byHand['overdue']!;
  expect(done).toBeGreaterThan(0);
  expect(judged).toBeGreaterThan(done);
  expect(report.content.total).toMatchObject({
    due: judged + byHand['not_yet']!,
    items: byHand,
    completion: { numerator: done, denominator: judged },
  });
});
