import { afterAll, beforeEach, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';
import { answered, givenFollowedUp, openItems, type ScheduledItem } from '../support/ward.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-09-14T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

interface Item {
  readonly itemId: string;
  readonly activity: string;
  readonly placement: string;
  readonly last: string | null;
}
interface Visit {
  readonly date: string;
  readonly appointmentId: string | null;
  readonly items: readonly Item[];
  readonly reasons: readonly { readonly code: string; readonly text: string }[];
}
interface Visits {
  readonly visits: readonly Visit[];
  readonly unplanned: readonly (Item & {
    readonly reason: { readonly code: string; readonly text: string };
  })[];
}

const visitsOf = (patientId: string, days = 183): Promise<Visits> =>
  answered<Visits>(t.get(`/patients/${patientId}/visits?days=${days}`, { 'accept-language': 'en' }));

/** A patient of whom every window but one opens later: the reviews of six months are due on 14 October. */
async function givenReviewsInOctober(): Promise<{ patientId: string; items: readonly ScheduledItem[] }> {
  const { patientId } = await givenFollowedUp(t, '2026-04-14');
  for (const item of await openItems(t, patientId))
    if (item.due < '2026-09-14')
      await answered(t.post(`/items/${item.id}/complete`, { date: item.due, outcome: 'normal' }));
  return { patientId, items: await openItems(t, patientId) };
}

const cover = (place: string | null, activity: string | null, n: number | null): object => ({
  ...{ place, activity, perWeekday: [n, n, n, n, n, 0, 0] },
});

test('items with overlapping windows are one visit on a working day, in time, with its reason in both languages', async () => {
  const { patientId, items } = await givenReviewsInOctober();
  const { visits, unplanned } = await visitsOf(patientId, 60);
  expect(unplanned).toEqual([]);
  const [visit] = visits;
  expect(visits).toHaveLength(1);
  expect(visit!.items.length).toBeGreaterThan(1);
  expect(visit!.appointmentId).toBeNull();
  for (const { itemId, placement } of visit!.items) {
    const item = items.find(({ id }) => id === itemId)!;
    expect(placement).toBe('in_window');
    expect(visit!.date >= item.earliest && visit!.date < item.overdue).toBe(true);
  }
  expect(visit!.reasons.map(({ code }) => code)).toContain('visit-together');
  const { visits: chinese } = await answered<Visits>(
    t.get(`/patients/${patientId}/visits?days=60`, { 'accept-language': 'zh' }),
  );
  expect(chinese[0]!.reasons[0]!.text).toMatch(/项检查可在一次就诊中完成/);
});

test('a closure of the hospital moves the proposal to another working day, and says so', async () => {
  const { patientId } = await givenReviewsInOctober();
  const [before] = (await visitsOf(patientId, 60)).visits;
  await answered(
    t.request('PUT', `/work-calendar/days/${before!.date}`, { payload: { kind: 'closure', name: '搬迁' } }),
  );
  const [after] = (await visitsOf(patientId, 60)).visits;
  expect(after!.date).not.toBe(before!.date);
  expect(after!.items).toHaveLength(before!.items.length);
});

test('overdue items are proposed for the next working day: after the holiday', async () => {
  const { patientId } = await givenFollowedUp(t, '2026-01-28');
  await t.setClock('2026-09-30T09:00:00+08:00');
  const overdue = (await openItems(t, patientId)).filter(({ status }) => status === 'overdue');
  expect(overdue.length).toBeGreaterThan(0);
  const { visits } = await visitsOf(patientId);
  const late = visits.flatMap((visit) =>
    visit.items.filter(({ placement }) => placement === 'late').map(({ itemId }) => [itemId, visit.date]),
  );
  expect(late.sort()).toEqual(overdue.map(({ id }) => [id, '2026-10-08']).sort());
  const [first] = visits;
  expect(first!.reasons[0]).toMatchObject({
    code: 'visit-late',
    text: expect.stringContaining('2026-10-08'),
  });
});

test('an overdue item that the next one overtakes before any working day is not proposed, and says so', async () => {
  const { patientId } = await givenFollowedUp(t, '2026-01-15');
  await t.setClock('2026-09-30T09:00:00+08:00');
  const { unplanned } = await visitsOf(patientId);
  expect(unplanned.length).toBeGreaterThan(0);
  for (const { reason } of unplanned)
    expect(reason).toMatchObject({ code: 'visit-overtaken', text: expect.stringContaining('2026-10-01') });
});

test('booked items stay on their appointment, and others join it inside their window', async () => {
  const { patientId } = await givenReviewsInOctober();
  const [proposed] = (await visitsOf(patientId, 60)).visits;
  const [item, ...others] = proposed!.items;
  const { id } = await answered<{ id: string }>(
    t.post('/appointments', { patientId, itemIds: [item!.itemId], date: '2026-10-21' }),
    201,
  );
  const { visits } = await visitsOf(patientId, 60);
  expect(visits).toHaveLength(1);
  expect(visits[0]).toMatchObject({ date: '2026-10-21', appointmentId: id });
  expect(visits[0]!.items.map(({ itemId, placement }) => [itemId, placement]).sort()).toEqual(
    [[item!.itemId, 'booked'], ...others.map(({ itemId }) => [itemId, 'in_window'])].sort(),
  );
  expect(visits[0]!.reasons[0]!.code).toBe('visit-at-appointment');
});

test('a full day is not proposed, and an item without any possible day is named with the reason', async () => {
  const { patientId } = await givenReviewsInOctober();
  const [before] = (await visitsOf(patientId, 60)).visits;
  const activity = before!.items[0]!.activity;
  const capacities = [cover(null, activity, 1)];
  await answered(t.request('PUT', '/capacities', { payload: { capacities } }));
  const other = await givenReviewsInOctober();
  const taken = other.items.find((item) => item.activity === activity && item.due > '2026-09-14')!;
  await answered(
    t.post('/appointments', { patientId: other.patientId, itemIds: [taken.id], date: before!.date }),
    201,
  );
  const after = await visitsOf(patientId, 60);
  const dayOf = ({ visits }: Visits): string | undefined =>
    visits.find(({ items }) => items.some((item) => item.activity === activity))?.date;
  expect(dayOf(after)).toBeDefined();
  expect(dayOf(after)).not.toBe(before!.date);

  await answered(t.request('PUT', '/capacities', { payload: { capacities: [cover(null, activity, 0)] } }));
  const none = await visitsOf(patientId, 60);
  expect(dayOf(none)).toBeUndefined();
  expect(none.unplanned.map((item) => [item.activity, item.reason.code])).toEqual([
    [activity, 'visit-no-capacity'],
  ]);
});

test('items that were declined or wait for a result are not proposed; a deferred one not before its day', async () => {
  const { patientId } = await givenReviewsInOctober();
  const [{ items }] = (await visitsOf(patientId, 60)).visits as [Visit];
  await answered(t.post(`/items/${items[0]!.itemId}/decline`, { reason: 'feels_well' }));
  await answered(t.post(`/items/${items[1]!.itemId}/defer`, { until: '2026-10-20', reason: 'away' }));
  const { visits } = await visitsOf(patientId, 60);
  const days = new Map(visits.flatMap((visit) => visit.items.map((item) => [item.itemId, visit.date])));
  expect(days.has(items[0]!.itemId)).toBe(false);
  expect(days.get(items[1]!.itemId)! >= '2026-10-20').toBe(true);
});

test('an unknown patient is refused, and so is a range of years', async () => {
  expect((await t.get('/patients/00000000-0000-7000-8000-000000000000/visits')).status).toBe(404);
  const { patientId } = await givenFollowedUp(t, '2026-04-14');
  expect(await t.get(`/patients/${patientId}/visits?days=4000`)).toMatchObject({
    ...{ status: 422, body: { errors: [{ pointer: '/days' }] } },
  });
});
