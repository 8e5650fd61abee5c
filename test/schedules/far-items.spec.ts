import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { SchedulesService } from '../../src/schedules/schedules.service.js';
import type { TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';

// Items that open more than 26 months ahead have no row. They are computed on request, and get a row when people act
// on them.

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const RESECTION = {
  ...{ type: 'primary_resection', date: '2026-01-31', site: 'colon', stage: 'III', intent: 'curative' },
  preoperativeColonoscopy: 'complete',
};

interface Item {
  readonly id: string;
  readonly key: string;
  readonly activity: string;
  readonly earliest: string;
  readonly due: string;
  readonly status: string;
}

let mrns = 0;
async function givenPatient(...events: object[]): Promise<string> {
  const { body } = await t.post('/patients', {
    ...{ mrn: `F${++mrns}`, name: `李敏${mrns}`, sex: 'female', birthDate: '1960-05-05' },
    ...{ diagnosisDate: '2026-01-10', enrolledOn: '2026-02-01' },
  });
  const id = body.id as string;
  for (const event of events) await t.post(`/patients/${id}/events`, event);
  return id;
}
const scheduleOf = async (id: string): Promise<Item[]> =>
  (await t.get(`/patients/${id}/schedule`)).body.items as Item[];
const rowsOf = (id: string): Promise<{ id: string; key: string; state: string; earliest: string }[]> =>
  t.dataSource.query(
    'SELECT id, key, state, earliest FROM surveillance_item WHERE patient_id = $1 ORDER BY key',
    [id],
  );
const last = async (id: string, activity = 'tumour_markers'): Promise<Item> =>
  (await scheduleOf(id)).findLast((item) => item.activity === activity)!;
const reviseOutdated = (): Promise<number> =>
  t.app.get(HospitalScope).run(t.hospitalId, () => t.app.get(SchedulesService).reviseOutdated(100));

test('the schedule reaches ten years ahead, and only items that open within 26 months have a row', async () => {
  const id = await givenPatient(RESECTION);
  const items = await scheduleOf(id);
  expect(items.at(-1)!.due > '2035-01-01').toBe(true);
  expect(new Set(items.map((item) => item.id)).size).toBe(items.length);
  const near = items.filter(({ earliest }) => earliest <= '2029-01-01');
  const rows = await rowsOf(id);
  expect(rows.map((row) => row.id).sort()).toEqual(near.map((item) => item.id).sort());
  expect(rows.length).toBeLessThan(items.length);
});

test('an item far ahead has a reason like any other', async () => {
  const id = await givenPatient(RESECTION);
  const far = await last(id);
  const { status, body } = await t.get(`/items/${far.id}/reason`);
  expect([status, body]).toMatchObject([200, { itemId: far.id, due: far.due }]);
  expect(body.en.arithmetic).toContain(far.due);
});

test('the schedule has the step and the ETag of each item, and the event that completed it', async () => {
  const id = await givenPatient(RESECTION);
  const far = (await last(id)) as Item & { readonly etag: string };
  const deferral = { until: '2026-12-01', reason: 'away' };
  const ifMatch = { 'if-match': far.etag };
  expect((await t.post(`/items/${far.id}/defer`, deferral, ifMatch)).status).toBe(200);
  expect((await t.post(`/items/${far.id}/defer`, deferral, ifMatch)).status).toBe(412);
  expect(await last(id)).toMatchObject({ step: 'deferred', stepOn: '2026-11-01', stepUntil: '2026-12-01' });
  const [first] = await scheduleOf(id);
  const { body } = await t.post(`/items/${first!.id}/complete`, { date: '2026-10-30', outcome: 'normal' });
  expect((await scheduleOf(id)).find((item) => item.id === first!.id)).toMatchObject({
    ...{ step: null, completedOn: '2026-10-30', completedBy: body.event.id, etag: body.etag },
  });
});

test('completing an item far ahead inserts its row with the same id', async () => {
  const id = await givenPatient(RESECTION);
  const before = await scheduleOf(id);
  const far = await last(id);
  const { status, body } = await t.post(`/items/${far.id}/complete`, { date: '2026-10-20' });
  expect([status, body.item]).toMatchObject([200, { id: far.id, due: far.due, status: 'completed' }]);
  expect((await rowsOf(id)).filter(({ state }) => state === 'completed')).toMatchObject([{ id: far.id }]);
  expect((await scheduleOf(id)).map((item) => item.id)).toEqual(before.map((item) => item.id));
  const again = await t.post(`/items/${far.id}/complete`, { date: '2026-10-20' });
  expect([again.status, again.body.id]).toEqual([200, body.id]);
});

test('ten people who act on an item far ahead at the same moment create one row', async () => {
  const id = await givenPatient(RESECTION);
  const far = await last(id);
  const scope = t.app.get(HospitalScope);
  const schedules = t.app.get(SchedulesService);
  const locked = await Promise.all(
    Array.from({ length: 10 }, () =>
      scope.run(t.hospitalId, () => scope.transaction((tx) => schedules.lockItem(tx, far.id))),
    ),
  );
  expect(new Set(locked.map(({ item }) => item.id))).toEqual(new Set([far.id]));
  expect((await rowsOf(id)).filter(({ key }) => key === far.key)).toHaveLength(1);
  expect(locked[0]!.item.nextReminderOn! > '2034-01-01').toBe(true);
});

test('an item before the enrolment has no row until its exam is recorded or the enrolment is earlier', async () => {
  const id = await givenPatient({ ...RESECTION, date: '2025-01-31' });
  const before = (await scheduleOf(id)).filter(({ status }) => status === 'before_enrolment');
  expect(before.length).toBeGreaterThan(5);
  const first = before.find(({ activity }) => activity === 'tumour_markers')!;
  expect((await rowsOf(id)).filter((row) => before.some((item) => item.id === row.id))).toEqual([]);
  const done = await t.post(`/items/${first.id}/complete`, { date: first.due });
  expect([done.status, done.body.item]).toMatchObject([200, { id: first.id, status: 'completed' }]);

  const { body } = await t.request('PATCH', `/patients/${id}`, { payload: { enrolledOn: '2025-02-01' } });
  expect(body.plan).toMatchObject({ added: 0, cancelled: 0 });
  const after = await scheduleOf(id);
  expect(after.filter(({ status }) => status === 'before_enrolment')).toEqual([]);
  const rows = new Set((await rowsOf(id)).map((row) => row.id));
  expect(before.filter((item) => !rows.has(item.id))).toEqual([]);
});

test('an item keeps its id when time brings it near, and no event is recorded', async () => {
  const id = await givenPatient(RESECTION);
  const before = await scheduleOf(id);
  await t.setClock('2028-11-01T09:00:00+08:00');
  const counts = () =>
    t.dataSource.query(`SELECT data FROM surveillance_event WHERE type = 'surveillance.plan.changed'`);
  const announced: object[] = await counts();
  expect(await reviseOutdated()).toBe(1);
  expect(await reviseOutdated()).toBe(0);
  const after = await scheduleOf(id);
  const idOf = new Map(after.map((item) => [item.key, item.id]));
  const fixed = before.filter(({ activity }) => activity !== 'colonoscopy'); // they move while the first one is late
  expect(fixed.map((item) => idOf.get(item.key))).toEqual(fixed.map((item) => item.id));
  const rows = new Set((await rowsOf(id)).map((row) => row.id));
  const near = after.filter(({ due }) => due <= '2030-11-01');
  expect(near.filter((item) => !rows.has(item.id))).toEqual([]);
  const changes: { data: { added: number } }[] = (await counts()).slice(announced.length);
  expect(changes.map(({ data }) => data.added)).toEqual(changes.map(() => 0));
});

test('a recurrence counts items far ahead as cancelled; voiding it restores them with their ids', async () => {
  const id = await givenPatient(RESECTION);
  const before = await scheduleOf(id);
  const event = { type: 'recurrence', date: '2026-08-15' };
  const preview = (await t.post(`/patients/${id}/preview`, { events: [event] })).body.plan;
  const { body } = await t.post(`/patients/${id}/events`, event);
  expect(body.plan).toEqual(preview);
  expect(body.plan.cancelled).toBe(before.length - (await scheduleOf(id)).length);
  const gone = await t.post(`/items/${before.at(-1)!.id}/complete`, { date: '2026-10-20' });
  expect([gone.status, gone.body.code]).toEqual([409, 'item-cancelled']);

  await t.post(`/patients/${id}/events/${body.id as string}/void`, { reason: 'wrong patient' });
  expect(await scheduleOf(id)).toEqual(before);
});

test('an exam can be assigned to an item far ahead', async () => {
  const id = await givenPatient(RESECTION);
  const { body: exam } = await t.post(`/patients/${id}/events`, {
    ...{ type: 'exam', date: '2026-10-20', activity: 'tumour_markers', outcome: 'normal' },
  });
  const far = await last(id);
  const { status } = await t.post(`/patients/${id}/decisions`, {
    ...{ kind: 'assignment', eventId: exam.id, itemId: far.id, author: '李护士', reason: '外院' },
  });
  expect(status).toBe(201);
  const items = await scheduleOf(id);
  expect(items.find((item) => item.id === far.id)).toMatchObject({ status: 'completed' });
});

test('rows far ahead that an older version stored keep their ids, and the schedule is the same', async () => {
  const id = await givenPatient(RESECTION);
  const before = await scheduleOf(id);
  const far = before.filter(({ earliest }) => earliest > '2029-01-01');
  const scope = t.app.get(HospitalScope);
  const schedules = t.app.get(SchedulesService);
  for (const item of far)
    // The older version stored a row with a random id.
    await scope.run(t.hospitalId, () => scope.transaction((tx) => schedules.lockItem(tx, item.id)));
  await t.dataSource.query('UPDATE surveillance_item SET id = gen_random_uuid() WHERE earliest > $1', [
    '2029-01-01',
  ]);

  const shown = await scheduleOf(id);
  expect(shown.map(({ key }) => key)).toEqual(before.map(({ key }) => key));
  const recorded = await t.post(`/patients/${id}/events`, {
    type: 'lynch_syndrome_confirmed',
    date: '2026-10-01',
  });
  expect(recorded.body.plan.cancelled).toBe(0);
  const idOf = new Map((await scheduleOf(id)).map((item) => [item.key, item.id]));
  expect(shown.map(({ key }) => idOf.get(key))).toEqual(shown.map((item) => item.id));
});

test('an id that no plan has is not found, nor is an item of another hospital', async () => {
  const id = await givenPatient(RESECTION);
  const far = await last(id);
  const strangers = [uuid(), far.id.replace(/..$/, (end) => (end === '00' ? '01' : '00'))];
  for (const item of strangers) expect((await t.get(`/items/${item}/reason`)).status).toBe(404);
  await t.dataSource.query(
    `INSERT INTO hospital (id, name, code, time_zone, language, policy)
     SELECT '019ac8f0-0000-7000-8000-00000000000f', 'Other', 'other', time_zone, language, policy FROM hospital`,
  );
  const elsewhere = t.app
    .get(HospitalScope)
    .run('019ac8f0-0000-7000-8000-00000000000f', () => t.app.get(SchedulesService).item(far.id));
  await expect(elsewhere).rejects.toMatchObject({ code: 'item-not-found' });
});

test('the worklist refuses days beyond the stored items, and names the last possible day', async () => {
  await givenPatient(RESECTION);
  for (const [field, query] of [
    ['to', 'to=2028-11-02'],
    ['from', 'status=upcoming,due&from=2030-01-01'],
  ]) {
    const { status, body } = await t.get(`/worklist?${query}`);
    expect([status, body.errors]).toMatchObject([422, [{ pointer: `/${field}`, code: 'out-of-range' }]]);
    expect(body.errors[0].message).toContain('2028-11-01');
  }
  const { status, body } = await t.get('/worklist?status=missed,before_enrolment');
  expect([status, body.errors]).toMatchObject([422, [{ pointer: '/status', code: 'not-allowed' }]]);
  expect((await t.get('/worklist?to=2028-11-01')).status).toBe(200);
  expect((await t.get('/worklist?status=completed,overdue&to=2099-01-01')).status).toBe(200);
});
