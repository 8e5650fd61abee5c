import { afterAll, beforeEach, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';
import { planAlone } from '../support/plan-alone.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const RESECTION = {
  type: 'primary_resection',
  date: '2026-01-31',
  site: 'colon',
  stage: 'III',
  intent: 'curative',
  preoperativeColonoscopy: 'complete',
};

let mrns = 0;
async function givenPatient(facts: object = {}): Promise<string> {
  const person = {
    name: `李敏${++mrns}`,
    sex: 'female',
    birthDate: '1960-05-05',
    diagnosisDate: '2026-01-10',
    enrolledOn: '2026-02-01',
  };
  const { status, body } = await t.post('/patients', { mrn: `P${mrns}`, ...person, ...facts });
  expect(status).toBe(201);
  return body.id as string;
}

const record = (id: string, event: object) => t.post(`/patients/${id}/events`, event);

interface Item {
  id: string;
  key: string;
  activity: string;
  earliest: string;
  due: string;
  status: string;
  completedOn: string | null;
}
const scheduleOf = async (id: string): Promise<Item[]> =>
  (await t.get(`/patients/${id}/schedule`)).body.items as Item[];
const dueDates = (items: Item[], activity: string): string[] =>
  items.filter((item) => item.activity === activity).map(({ due }) => due);

test('a curative resection creates the plan of section 1.3', async () => {
  const id = await givenPatient();
  const { status, body } = await record(id, RESECTION);

  expect(status).toBe(201);
  expect(body.plan).toMatchObject({ moved: 0, cancelled: 0, kept: 0 });
  const items = await scheduleOf(id);
  expect(body.plan.added).toBe(items.length);
  expect(dueDates(items, 'tumour_markers').slice(0, 4)).toEqual([
    '2026-04-30',
    '2026-07-31',
    '2026-10-31',
    '2027-01-31',
  ]);
  expect(dueDates(items, 'colonoscopy').slice(0, 2)).toEqual(['2027-01-31', '2029-01-31']);
});

test('the same event recorded twice changes nothing', async () => {
  const id = await givenPatient();
  const first = await record(id, RESECTION);
  const before = await scheduleOf(id);
  const second = await record(id, RESECTION);

  expect(second.body.id).toBe(first.body.id);
  expect(second.body.plan).toEqual({ added: 0, moved: 0, cancelled: 0, kept: before.length });
  expect(await scheduleOf(id)).toEqual(before);
});

test('a recurrence cancels upcoming items and keeps due ones as missed; voiding it restores the same items', async () => {
  const id = await givenPatient();
  await record(id, RESECTION);
  const before = await scheduleOf(id);
  const recurrence = await record(id, { type: 'recurrence', date: '2026-08-15' });
  const after = await scheduleOf(id);

  expect(after.map(({ due }) => due).every((due) => due < '2026-08-15')).toBe(true);
  expect(new Set(after.map(({ status }) => status))).toEqual(new Set(['missed']));
  expect(recurrence.body.plan.cancelled).toBe(before.length - after.length);
  const [cancelled] = await t.dataSource.query(
    `SELECT count(*) AS n, count(DISTINCT cancelled_by_event_id) AS causes, min(cancelled_by_event_id::text) AS cause, count(next_reminder_on) AS reminders
       FROM surveillance_item WHERE state = 'cancelled'`,
  );
  const withRow = before.filter(({ due, earliest }) => due >= '2026-08-15' && earliest <= '2029-01-01');
  expect(cancelled).toEqual({
    n: withRow.length,
    causes: 1,
    cause: recurrence.body.id,
    reminders: 0,
  });

  const back = await t.post(`/patients/${id}/events/${recurrence.body.id as string}/void`, {
    reason: 'wrong patient',
  });
  expect(back.body.plan).toMatchObject({ added: recurrence.body.plan.cancelled, cancelled: 0 });
  expect(await scheduleOf(id)).toEqual(before);
});

test('a completed item stays completed when its clock start is voided or corrected', async () => {
  const id = await givenPatient();
  const surgery = await record(id, RESECTION);
  const markers = (await scheduleOf(id)).find(
    ({ activity, due }) => activity === 'tumour_markers' && due === '2026-10-31',
  )!;
  const done = await t.post(`/items/${markers.id}/complete`, {
    date: '2026-10-30',
    outcome: 'normal',
    values: [{ code: 'CEA', value: 2.1, unit: 'ng/mL' }],
  });
  expect(done.status).toBe(200);
  expect(done.body.item).toMatchObject({ id: markers.id, status: 'completed', completedOn: '2026-10-30' });

  await t.post(`/patients/${id}/events/${surgery.body.id as string}/void`, { reason: 'wrong date' });
  expect((await scheduleOf(id)).map((item) => item.id)).toEqual([markers.id]);

  await record(id, { ...RESECTION, date: '2026-02-03' });
  const plan = await scheduleOf(id);
  const third = plan.find(({ activity, due }) => activity === 'tumour_markers' && due === '2026-11-03');
  expect(third).toMatchObject({ status: 'completed', completedOn: '2026-10-30' });
});

test('a missed item can still be completed, and completing it again on the same day changes nothing', async () => {
  const id = await givenPatient();
  await record(id, RESECTION);
  const missed = (await scheduleOf(id)).find(
    ({ activity, status }) => activity === 'liver_ultrasound' && status === 'missed',
  )!;
  const once = await t.post(`/items/${missed.id}/complete`, { date: '2026-11-01', outcome: 'normal' });
  const twice = await t.post(`/items/${missed.id}/complete`, { date: '2026-11-01', outcome: 'normal' });
  expect(once.body.item.status).toBe('completed');
  expect(twice.body.id).toBe(once.body.id);
  const other = await t.post(`/items/${missed.id}/complete`, { date: '2026-10-01', outcome: 'normal' });
  expect([other.status, other.body.code]).toEqual([409, 'already-completed']);
});

test('a completed item whose examination is voided is open again', async () => {
  const id = await givenPatient();
  await record(id, RESECTION);
  const before = await scheduleOf(id);
  const item = before.find(({ activity, status }) => activity === 'tumour_markers' && status !== 'upcoming')!;
  const done = await t.post(`/items/${item.id}/complete`, { date: '2026-11-01' });
  await t.post(`/patients/${id}/events/${done.body.id as string}/void`, { reason: 'wrong patient' });
  expect(planAlone(await scheduleOf(id))).toEqual(planAlone(before));
  const { body: history } = await t.get(`/patients/${id}/events`);
  expect(history.items).toContainEqual(
    expect.objectContaining({ id: done.body.id, voidedBy: 'administrator', voidReason: 'wrong patient' }),
  );
});

test('the finding of a colonoscopy decides when the next one is due', async () => {
  const id = await givenPatient();
  await record(id, RESECTION);
  const first = (await scheduleOf(id)).find(({ activity }) => activity === 'colonoscopy')!;
  const withoutFinding = await t.post(`/items/${first.id}/complete`, { date: '2026-10-20' });
  expect([withoutFinding.status, withoutFinding.body.errors[0].pointer]).toEqual([422, '/outcome']);

  await t.post(`/items/${first.id}/complete`, { date: '2026-10-20', outcome: 'abnormal' });
  expect(dueDates(await scheduleOf(id), 'colonoscopy').slice(0, 2)).toEqual(['2027-01-31', '2027-10-20']);
});

test('the worklist has the live items of all patients, in pages and with filters', async () => {
  for (const nurse of ['nurse.li', 'nurse.wang'])
    await record(await givenPatient({ responsibleNurse: nurse }), RESECTION);
  const due = await t.get('/worklist?status=due,overdue');
  expect(new Set(due.body.items.map((item: Item) => item.activity))).toEqual(
    new Set(['clinical_review', 'liver_ultrasound', 'tumour_markers']),
  );
  const pages: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { body }: { body: { items: Item[]; nextCursor: string | null } } = await t.get(
      `/worklist?status=due,overdue&limit=2${cursor && `&cursor=${cursor}`}`,
    );
    pages.push(...body.items.map(({ id }) => id));
    cursor = body.nextCursor;
  }
  expect(pages).toEqual(due.body.items.map(({ id }: Item) => id));

  const mine = await t.get(
    '/worklist?assignee=nurse.li&activity=tumour_markers&from=2026-11-01&to=2027-03-01',
  );
  expect(mine.body.items.map((item: Item) => item.due)).toEqual(['2027-01-31']);
});

test('a request that is repeated with its Idempotency-Key runs once and has the same answer', async () => {
  const person = {
    mrn: 'K1',
    name: '李敏',
    sex: 'female',
    birthDate: '1960-05-05',
    diagnosisDate: '2026-01-10',
  };
  const key = { 'idempotency-key': 'a-key' };
  const first = await t.post('/patients', person, key);
  const again = await t.post('/patients', person, key);
  expect([again.status, again.body]).toEqual([201, first.body]);
  const other = await t.post('/patients', { ...person, mrn: 'K2' }, key);
  expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  const refused = await t.post('/patients', person, { 'idempotency-key': 'b' });
  expect([refused.status, refused.body.code]).toEqual([409, 'mrn-taken']);
  const corrected = await t.post(
    '/patients',
    { ...person, mrn: 'K3', name: '李敏华' },
    { 'idempotency-key': 'b' },
  );
  expect(corrected.status).toBe(201);
});

test('an outdated plan is computed again, so that its horizon stays years ahead', async () => {
  const { SchedulesService } = await import('../../src/schedules/schedules.service.js');
  const { HospitalScope } = await import('../../src/tenancy/hospital-scope.js');
  const id = await givenPatient();
  await record(id, RESECTION);
  await t.setClock('2037-06-01T09:00:00+08:00');
  const revised = await t.app
    .get(HospitalScope)
    .run(t.hospitalId, () => t.app.get(SchedulesService).reviseOutdated(100));
  expect(revised).toBe(1);
  expect(dueDates(await scheduleOf(id), 'tumour_markers').at(-1)).toBe('2041-01-31');
});

test('ten people who record the same fact at the same moment create one event and one plan', async () => {
  const id = await givenPatient();
  const answers = await Promise.all(Array.from({ length: 10 }, () => record(id, RESECTION)));
  expect(new Set(answers.map(({ body }) => body.id as string)).size).toBe(1);
  const items = await scheduleOf(id);
  expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
});
