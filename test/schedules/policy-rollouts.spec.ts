import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadDemo } from '../../src/exchange/imports/demo.js';
import { DeliveryAttempts } from '../../src/webhooks/deliveries/delivery-attempts.js';
import type { ItemRow } from '../../src/schedules/planned-row.js';
import { storedPlans } from '../../src/schedules/stored-plan.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { ReminderSweep } from '../../src/reminders/reminder-sweep.js';
import { EventRelay } from '../../src/webhooks/deliveries/event-relay.js';
import type { PolicyRolloutView } from '../../src/schedules/policy-changes/policy-rollout-schemas.js';
import {
  countsOf,
  DECISION,
  MINIMAL,
  nextPlanningHospital,
  type PlanningHospital,
  startPlanningHospital,
} from '../support/planning-hospital.js';

const CLOCK = '2026-11-01T09:00:00+08:00';

/** The number of demonstration patients to load: more than one batch. */
const FEW = 240;
let t: PlanningHospital;

type StoredItem = Pick<
  ItemRow,
  'id' | 'key' | 'state' | 'earliest' | 'due' | 'overdue' | 'completedOn' | 'completedByEventId'
>;

/** The items of all patients, with and without a row. */
async function allItems(): Promise<StoredItem[]> {
  const patients = await t.dataSource.query<{ id: string }[]>('SELECT id FROM patient ORDER BY id');
  const plans = await t.inScope(() =>
    t.app.get(HospitalScope).transaction(async (tx) => {
      const all = await storedPlans(
        tx,
        patients.map(({ id }) => id),
      );
      return [...all.values()].flatMap(({ items }) => items.map(comparable));
    }),
  );
  return plans.sort((a, b) => (a.id < b.id ? -1 : 1));
}

const comparable = (item: ItemRow): StoredItem => {
  const { id, key, state, earliest, due, overdue, completedOn, completedByEventId } = item;
  return { id, key, state, earliest, due, overdue, completedOn, completedByEventId };
};

/** The difference between two lists of items, counted like a preview. */
function difference(before: StoredItem[], after: StoredItem[]) {
  const left = new Map(before.map((item) => [item.id, item]));
  const counts = { kept: 0, moved: 0, cancelled: 0, added: 0 };
  for (const item of after) {
    const old = left.get(item.id);
    left.delete(item.id);
    const same = old?.earliest === item.earliest && old.due === item.due && old.overdue === item.overdue;
    counts[old === undefined ? 'added' : same ? 'kept' : 'moved']++;
  }
  return { ...counts, cancelled: left.size };
}

/**
 * Previews and applies a policy, and compares: the preview stores nothing, and applying changes what the preview
 * counted. Returns the rollout's id.
 */
async function previewAndApply(input: object, some: (keyof PolicyRolloutView)[]): Promise<string> {
  const before = await allItems();
  const policy = (await t.get('/policy')).body;
  const id = await t.ask(input);
  const announced = await t.reached(id, 'previewed');
  expect([announced.patientsDone, announced.patientsTotal]).toEqual([FEW, FEW]);
  for (const count of some) expect(announced[count]).toBeGreaterThan(0);
  expect(await allItems()).toEqual(before);
  expect((await t.get('/policy')).body).toEqual(policy);

  const { status, body } = await t.post(`/plan-changes/${id}/apply`);
  expect([status, body.state, body.appliedVersion]).toEqual([202, 'applying', Number(policy.version) + 1]);
  const done = await t.reached(id, 'applied');
  expect([done.patientsDone, done.patientsTotal]).toEqual([FEW, FEW]);
  expect(difference(before, await allItems())).toEqual(countsOf(announced));
  expect(countsOf(done)).toEqual(countsOf(announced));
  return id;
}

const versions = async (): Promise<Record<string, number>> => {
  const rows = await t.dataSource.query<{ version: number; count: number }[]>(
    'SELECT policy_version AS version, count(*) AS count FROM patient GROUP BY 1',
  );
  return Object.fromEntries(rows.map(({ version, count }) => [version, count]));
};

describe('over the demonstration cohort', () => {
  afterEach(() => t.close());

  test('applying changes what the preview counted, and undoing restores every item', async () => {
    t = await startPlanningHospital({ clock: CLOCK, role: 'all' });
    await loadDemo(t.app, FEW);
    const tolerances = { upTo3Months: 14, upTo12Months: 30, longer: 90 };
    const lax = { profile: 'minimal', liverImaging: 'mri', tolerances };
    await previewAndApply({ policy: lax, ...DECISION }, ['kept', 'moved', 'cancelled']);
    expect((await t.get('/policy')).body).toMatchObject({
      ...{ version: 2, ...DECISION },
      policy: { guideline: 'crlm-cn-2025@1.1.0', ...lax },
    });

    const before = await allItems();
    const strict = { profile: 'intensive', liverImaging: 'ct', tolerances: null };
    const id = await previewAndApply({ policy: strict, ...DECISION }, ['kept', 'moved', 'added']);
    const undo = await t.post(`/plan-changes/${id}/undo`, { author: 'Dr. Wu', reason: 'too many' });
    expect([undo.status, undo.body.state]).toEqual([202, 'undoing']);
    await t.reached(id, 'undone');
    expect(await allItems()).toEqual(before);
    expect(await versions()).toEqual({ 4: FEW });
    expect((await t.get('/policy')).body).toMatchObject({ version: 4, author: 'Dr. Wu', policy: lax });
  }, 180_000);
});

describe('while a rollout is running', () => {
  let hospital: PlanningHospital | undefined;
  beforeEach(async () => {
    t = hospital = await nextPlanningHospital(hospital, { clock: CLOCK });
  });
  afterAll(() => hospital?.close());
  const scheduleOf = async (id: string) => (await t.get(`/patients/${id}/schedule?lang=en`)).body.items;
  const markers = (items: { activity: string; due: string; reason: string }[]) =>
    items.filter(({ activity }) => activity === 'tumour_markers')[0]!;

  test('a patient who is not replanned yet has the schedule of the previous policy, until an event is recorded', async () => {
    const [one, other] = [await t.givenPatient('2026-09-30'), await t.givenPatient('2026-09-30')];
    const before = await scheduleOf(one);
    await t.applied(MINIMAL);
    expect(await scheduleOf(one)).toEqual(before);
    expect(markers(before)).toMatchObject({ due: '2026-12-30' });
    expect(markers(before).reason).toContain('the intensive profile takes 3 months');

    await t.post(`/patients/${one}/events`, { type: 'lynch_syndrome_confirmed', date: '2026-10-05' });
    const after = markers(await scheduleOf(one));
    expect(after.due).toBe('2027-03-30');
    expect(after.reason).toContain('the minimal profile takes 6 months');
    expect(await scheduleOf(other)).toHaveLength(before.length);
    expect(markers(await scheduleOf(other)).due).toBe('2026-12-30');
  });

  test('the answer to a completion has the item and its reason by the new policy', async () => {
    const one = await t.givenPatient('2026-04-30');
    const items: { id: string; due: string }[] = await scheduleOf(one);
    const item = items.find(({ due }) => due === '2026-10-30')!; // month 6, which both policies have
    await t.applied(MINIMAL);
    const { body } = await t.post(`/items/${item.id}/complete?lang=en`, {
      date: '2026-10-05',
      outcome: 'normal',
    });
    expect(body.item).toMatchObject({ id: item.id, due: '2026-10-30', status: 'completed' });
    expect(body.item.reason).toContain('the minimal profile takes 6 months');
  });

  test('completing an item that the new policy does not have is refused', async () => {
    const one = await t.givenPatient('2026-07-31');
    const item = (await scheduleOf(one))[0];
    await t.applied(MINIMAL);
    const done = { date: '2026-10-05', outcome: 'normal' };
    const { status, body } = await t.post(`/items/${item.id as string}/complete`, done);
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'item-cancelled' });
  });

  test('a patient who is registered meanwhile follows the new policy from the start', async () => {
    await t.givenPatient('2026-09-30');
    const id = await t.applied(MINIMAL);
    await t.givenPatient('2026-09-30');
    expect(await versions()).toEqual({ 1: 1, 2: 1 });
    expect(await t.changeOf(id)).toMatchObject({ patientsDone: 1, patientsTotal: 2 });
    await t.replanAll();
    expect(await t.changeOf(id)).toMatchObject({ state: 'applied', patientsDone: 2, patientsTotal: 2 });
  });

  test('the sweep replans only patients with a due reminder', async () => {
    await t.post('/webhook-endpoints', { url: 'http://127.0.0.1:9/' });
    const due = await t.givenPatient('2026-08-01'); // due after 3 months; by the new policy in February
    const later = await t.givenPatient('2026-10-05');
    await t.applied(MINIMAL);
    await t.app.get(ReminderSweep).sweep();
    expect(await t.dataSource.query('SELECT kind FROM reminder')).toEqual([]);
    const rows = await t.dataSource.query('SELECT id, policy_version AS version FROM patient ORDER BY mrn');
    expect(rows).toEqual([
      { id: due, version: 2 },
      { id: later, version: 1 },
    ]);
  });

  test('a recorded reminder of an item that the new policy cancels is not sent', async () => {
    const { body: endpoint } = await t.post('/webhook-endpoints', { url: 'http://127.0.0.1:9/' });
    await t.givenPatient('2026-08-01');
    await t.app.get(ReminderSweep).sweep();
    await t.app.get(EventRelay).relay();
    const [delivery] = await t.dataSource.query<[{ id: string; state: string }]>(
      'SELECT id, state FROM delivery',
    );
    expect(delivery.state).toBe('pending');
    await t.applied(MINIMAL);
    await t.inScope(() => t.app.get(DeliveryAttempts).attemptDue(endpoint.id as string));
    expect(
      await t.dataSource.query(
        'SELECT state, attempts, cancelled_reason AS why FROM delivery WHERE id = $1',
        [delivery.id],
      ),
    ).toEqual([{ state: 'cancelled', attempts: 0, why: 'cancelled' }]);
  });

  test('a rollout can be undone before all patients are replanned', async () => {
    const one = await t.givenPatient('2026-09-30');
    const before = await scheduleOf(one);
    const id = await t.applied(MINIMAL);
    expect((await t.post(`/plan-changes/${id}/undo`, DECISION)).body.state).toBe('undoing');
    await t.replanAll();
    expect((await t.changeOf(id)).state).toBe('undone');
    expect(await scheduleOf(one)).toEqual(before);
  });
});
