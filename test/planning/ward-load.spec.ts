import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { LoadCompaction } from '../../src/planning/capacity/load-compaction.js';
import type { TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';
import { as, givenPerson } from '../support/signed-in.js';
import { dueItems } from '../faults/faulty-hospital.js';
import { answered, givenFollowedUp, itemOf } from '../support/ward.js';

const ITEMS = 8000;

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-02T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

/** The counts of the stored rows, without the triggers: read a second time by the rules of the documentation. */
const COUNTED_AGAIN = `
  WITH open AS (
    SELECT *, CASE WHEN step = 'deferred' THEN step_until END AS back FROM surveillance_item
     WHERE state = 'active' AND NOT before_enrolment AND (step IS NULL OR step IN ('deferred', 'not_attended')))
  SELECT measure, day, activity, '' AS place, count(*)::integer AS items FROM (
    SELECT 'earliest' AS measure, least(greatest(earliest, back), missed_on - 1) AS day, activity FROM open
    UNION ALL SELECT 'due', least(greatest(due, back), missed_on - 1), activity FROM open
    UNION ALL SELECT 'last', least(greatest(CASE WHEN overdue = '9999-12-31' THEN due ELSE overdue - 1 END, back), missed_on - 1), activity FROM open
    UNION ALL SELECT 'missed', missed_on, activity FROM open WHERE missed_on IS NOT NULL) AS days GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT 'booked', a.date, i.activity, coalesce(encode(sha256(convert_to(a.place, 'UTF8')), 'hex'), ''), count(*)::integer
    FROM appointment_item c JOIN appointment a ON a.id = c.appointment_id JOIN surveillance_item i ON i.id = c.item_id
   WHERE c.is_open GROUP BY 1, 2, 3, 4
  ORDER BY 1, 2, 3, 4`;
const COUNTED = `
  SELECT measure, day, activity, place, sum(items)::integer AS items FROM ward_load
   GROUP BY 1, 2, 3, 4 HAVING sum(items) <> 0 ORDER BY 1, 2, 3, 4`;

async function expectTrueLoad(): Promise<void> {
  const [counted, again] = [
    await t.dataSource.query<object[]>(COUNTED),
    await t.dataSource.query<object[]>(COUNTED_AGAIN),
  ];
  expect(again.length).toBeGreaterThan(0);
  expect(counted).toEqual(again);
}

const patch = (id: string, payload: object): Promise<unknown> =>
  answered(t.request('PATCH', `/appointments/${id}`, { payload }));

test('whatever people do with items and appointments, the counted load is that of the rows', async () => {
  const { patientId, items } = await givenFollowedUp(t);
  const other = await givenFollowedUp(t, '2026-03-02');
  await expectTrueLoad();
  const overdue = itemOf(items, 'overdue');
  const upcoming = items.filter(({ status }) => status === 'upcoming').slice(0, 3);
  const { id } = await answered<{ id: string }>(
    t.post('/appointments', { patientId, itemIds: [overdue.id], date: '2026-11-20', place: 'CT' }),
    201,
  );
  await expectTrueLoad();
  await patch(id, { date: '2026-11-23' });
  await expectTrueLoad();
  await patch(id, { place: 'CT 2', itemIds: [overdue.id, upcoming[0]!.id], reason: 'combined_visit' });
  await expectTrueLoad();
  await patch(id, { itemIds: [overdue.id], reason: 'combined_visit' });
  await expectTrueLoad();
  await answered(t.post(`/items/${overdue.id}/undo`));
  await expectTrueLoad();
  await answered(t.post(`/items/${upcoming[1]!.id}/defer`, { until: '2027-02-01', reason: 'away' }));
  await answered(t.post(`/items/${upcoming[2]!.id}/decline`, { reason: 'feels_well' }));
  await expectTrueLoad();
  await answered(t.post(`/items/${upcoming[2]!.id}/reopen`));
  await expectTrueLoad();
  await answered(t.post(`/appointments/${id}/outcome`, { outcome: 'cancelled_by_patient' }));
  await expectTrueLoad();
  const [done] = other.items.filter(({ status }) => status === 'overdue' || status === 'due');
  await answered(t.post(`/items/${done!.id}/complete`, { date: '2026-11-01', outcome: 'normal' }));
  await expectTrueLoad();
  await answered(t.post(`/patients/${other.patientId}/events`, { type: 'death', date: '2026-11-01' }), 201);
  await expectTrueLoad();
  await t.app.get(LoadCompaction).visitAll();
  await expectTrueLoad();
  const [{ deltas }] = await t.dataSource.query<[{ deltas: number }]>(
    'SELECT count(*) AS deltas FROM ward_load WHERE NOT is_total',
  );
  expect(deltas).toBe(0);
});

test('changes and compactions at the same time lose no count', async () => {
  const patients = await Promise.all(Array.from({ length: 4 }, () => givenFollowedUp(t)));
  const compaction = t.app.get(LoadCompaction);
  await Promise.all([
    ...patients.map(async ({ patientId, items }) => {
      const { id } = itemOf(items, 'overdue');
      const payload = { patientId, itemIds: [id], date: '2026-11-20', place: 'CT' };
      const booked = await answered<{ id: string }>(t.post('/appointments', payload), 201);
      for (const day of ['23', '24', '25']) await patch(booked.id, { date: `2026-11-${day}` });
    }),
    ...[1, 2, 3].map(() => compaction.visitAll()),
  ]);
  await expectTrueLoad();
  await compaction.visitAll();
  await expectTrueLoad();
});

interface Day {
  readonly date: string;
  readonly isWorkingDay: boolean;
  readonly special: { readonly kind: string; readonly name: string } | null;
  readonly booked: number;
  readonly due: number;
  readonly capacity: number | null;
  readonly isOver: boolean;
}

test('the calendar shows appointments against capacity, holidays and make-up days; an overfull week is levelled', async () => {
  const patients = await Promise.all(Array.from({ length: 3 }, () => givenFollowedUp(t, '2026-04-14')));
  const planned = await Promise.all(
    patients.map(async ({ patientId, items }) => {
      const due = items.filter(({ status, due: on }) => status === 'upcoming' && on < '2027-02-01')[0]!;
      const payload = { patientId, itemIds: [due.id], date: due.earliest, place: 'CT' };
      await answered(t.post('/appointments', payload), 201);
      return due;
    }),
  );
  const { activity, earliest } = planned[0]!;
  const perWeekday = Array.from({ length: 7 }, () => 1);
  const replaced = { capacities: [{ place: null, activity, perWeekday }] };
  await answered(t.request('PUT', '/capacities', { payload: replaced }));
  expect(await answered(t.get('/capacities'))).toEqual(replaced);
  const month = `from=${earliest}&to=${earliest}`;
  const { days } = await answered<{ days: readonly Day[] }>(
    t.get(`/calendar?${month}&activity=${activity}&place=CT`),
  );
  expect(days[0]).toMatchObject({ date: earliest, booked: 3 });
  expect(days[0]).toMatchObject({ shares: [{ activity, place: 'CT', booked: 3 }] });
  const whole = await answered<{ days: readonly Day[] }>(t.get(`/calendar?${month}`));
  expect(whole.days[0]).toMatchObject({ isOver: true });

  const { moves, left } = await answered<{
    moves: readonly { name: string | null; appointmentId: string | null; from: string; to: string }[];
    left: readonly unknown[];
  }>(t.get(`/calendar/leveling?week=${earliest}`));
  const booked = moves.filter(({ appointmentId }) => appointmentId !== null);
  expect(left).toEqual([]);
  expect(booked[0]).toMatchObject({ name: expect.any(String), activities: [activity] });
  const after = await Promise.all(booked.map(({ appointmentId, to }) => patch(appointmentId!, { date: to })));
  expect(after.length).toBeGreaterThanOrEqual(2);
  const { days: levelled } = await answered<{ days: readonly Day[] }>(
    t.get(`/calendar?from=2026-11-02&to=2027-01-31&activity=${activity}`),
  );
  expect(levelled.filter((day) => day.booked > 1)).toEqual([]);

  const october = await answered<{ days: readonly Day[] }>(
    t.get('/calendar?from=2026-10-01&to=2026-10-10', { 'accept-language': 'en' }),
  );
  expect(october.days[0]).toMatchObject({
    isWorkingDay: false,
    special: { kind: 'holiday', name: 'National Day' },
  });
  expect(october.days[9]).toMatchObject({ isWorkingDay: true, special: { kind: 'makeup_workday' } });
});

test('a nurse of own patients sees the load of the hospital, and how much of it is of the own patients', async () => {
  const due = '2026-11-20';
  const [mine, other] = [await givenFollowedUp(t), await givenFollowedUp(t)];
  const nurse = await givenPerson(t, { roles: ['nurse'], ownPatientsOnly: true });
  await answered(
    t.request('PATCH', `/patients/${mine.patientId}`, { payload: { responsibleNurse: nurse.name } }),
  );
  for (const { patientId, items } of [mine, other])
    await answered(
      t.post('/appointments', { patientId, itemIds: [itemOf(items, 'overdue').id], date: due, place: 'CT' }),
      201,
    );
  type Seen = { sees: string; days: readonly (Day & { visible: { booked: number; due: number } | null })[] };
  const calendar = (query: string, headers = {}): Promise<Seen> =>
    answered<Seen>(t.get(`/calendar?from=2026-11-02&to=2027-02-05${query}`, headers));
  const own = await calendar('', as(nurse.session));
  const all = await calendar('');
  expect([own.sees, all.sees]).toEqual(['some', 'all']);
  expect(own.days.find(({ date }) => date === due)).toMatchObject({ booked: 2, visible: { booked: 1 } });
  expect(all.days.every(({ visible }) => visible === null)).toBe(true);
  const sum = (days: Seen['days'], of: (day: Seen['days'][number]) => number): number =>
    days.reduce((total, day) => total + of(day), 0);
  const [total, visible] = [sum(all.days, (day) => day.due), sum(own.days, (day) => day.visible!.due)];
  expect(visible).toBeGreaterThan(0);
  expect(total).toBe(2 * visible); // both patients have the same plan
  const elsewhere = await calendar('&place=MRI', as(nurse.session));
  expect(elsewhere.days.find(({ date }) => date === due)).toMatchObject({
    booked: 0,
    visible: { booked: 0 },
  });
});

test('of two people who replace the capacities at the same time, one learns what the other changed', async () => {
  const read = await t.get('/capacities');
  const replace = (place: string, etag: unknown) =>
    t.request('PUT', '/capacities', {
      payload: { capacities: [row(place, null)] },
      headers: { 'if-match': String(etag) },
    });
  const first = await replace('CT', read.headers['etag']);
  expect(first.status).toBe(200);
  const second = await replace('MRI', read.headers['etag']);
  expect([second.status, second.body.code]).toEqual([412, 'changed-meanwhile']);
  expect(second.body).toMatchObject({
    ...{ changedBy: expect.any(String), etag: first.headers['etag'] },
    current: { capacities: [row('CT', null)] },
  });
  expect((await replace('MRI', second.body.etag)).status).toBe(200);
});

test('the forecast contains every open item of its weeks in both curves, without those that are booked', async () => {
  const { patientId, items } = await givenFollowedUp(t);
  const open = items.filter(({ status }) => status !== 'missed' && status !== 'before_enrolment');
  const end = '2027-01-31'; // the Sunday of the 13th week
  interface Week {
    readonly from: string;
    readonly earliest: number;
    readonly latest: number;
    readonly booked: number;
  }
  const total = async (curve: 'earliest' | 'latest' | 'booked'): Promise<number> =>
    (await answered<{ weeks: readonly Week[] }>(t.get('/forecast?weeks=13'))).weeks.reduce(
      (sum, week) => sum + week[curve],
      0,
    );
  const opening = open.filter(({ earliest }) => earliest <= end).length;
  expect(opening).toBeGreaterThan(2);
  expect(await total('earliest')).toBe(opening);
  expect(await total('latest')).toBe(open.filter(({ overdue }) => overdue <= '2027-02-01').length);
  const { id } = itemOf(items, 'overdue');
  await answered(t.post('/appointments', { patientId, itemIds: [id], date: '2026-11-20' }), 201);
  expect(await total('earliest')).toBe(opening - 1);
  expect(await total('booked')).toBe(1);
  expect((await t.get('/forecast?weeks=14')).status).toBe(422);
});

test.each([
  ['from=2026-11-02&to=2026-11-01', '/to', 'range-backwards'],
  ['from=2026-11-02&to=2027-02-10', '/to', 'range-too-long'],
  ['from=2026-11-02&to=2026-11-30&activity=ct_scan', '/activity', 'unknown-activity'],
])('a calendar of %s is refused', async (query, pointer, code) => {
  expect(await t.get(`/calendar?${query}`)).toMatchObject({
    status: 422,
    body: { errors: [{ pointer, code }] },
  });
});

test.each([
  ['two rows of one place', [row('CT', null), row('CT', null)], '/capacities/1', 'capacity-twice'],
  ['an unknown activity', [row(null, 'ct_scan')], '/capacities/0/activity', 'unknown-activity'],
  [
    'a week of six days',
    [{ ...row(null, null), perWeekday: [1, 1, 1, 1, 1, 1] }],
    '/capacities/0/perWeekday',
    null,
  ],
])('capacities with %s are refused, and the old ones stay', async (_, capacities, pointer, code) => {
  const before = [row('MRI', null)];
  await answered(t.request('PUT', '/capacities', { payload: { capacities: before } }));
  const refused = await t.request('PUT', '/capacities', { payload: { capacities } });
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer, ...(code && { code }) }] } });
  expect(await answered(t.get('/capacities'))).toEqual({ capacities: before });
});

function row(place: string | null, activity: string | null): object {
  return { place, activity, perWeekday: [1, 2, 3, 4, 5, null, 0] };
}

test('a large change after a small one on the same connection takes no longer than by itself', async () => {
  await t.dataSource.transaction(async (db) => {
    for (const statement of dueItems(ITEMS)) await db.query(statement);
    await db.query(
      `UPDATE surveillance_item SET due = due + 1 WHERE id = (SELECT id FROM surveillance_item LIMIT 1)`,
    );
    const start = performance.now();
    await db.query('UPDATE surveillance_item SET due = due + 1');
    // Joined row by row it takes a minute.
    expect(performance.now() - start).toBeLessThan(15_000);
  });
  await expectTrueLoad();
}, 120_000);
