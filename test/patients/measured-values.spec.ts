import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { measurementsOf } from '../../src/guideline/measurements.js';
import { GUIDELINES } from '../../src/guideline/published/index.js';
import { startPlanningHospital, type PlanningHospital, DECISION } from '../support/planning-hospital.js';
import { type Answer } from '../support/app.js';

let t: PlanningHospital;
beforeAll(async () => {
  t = await startPlanningHospital({ clock: '2026-11-01T09:00:00+08:00' });
});
afterAll(() => t.close());

let count = 0;
async function givenPatient(): Promise<string> {
  const { body } = await t.post('/patients', {
    ...{ mrn: `V${++count}`, name: '李敏', sex: 'female', birthDate: '1960-05-05' },
    diagnosisDate: '2025-12-10',
  });
  await t.post(`/patients/${body.id as string}/events`, {
    ...{ type: 'primary_resection', date: '2026-01-31', site: 'colon', stage: 'III' },
    ...{ intent: 'curative', preoperativeColonoscopy: 'complete' },
  });
  return body.id as string;
}

const markers = (values: unknown, more: object = {}) => ({
  ...{ type: 'exam', date: '2026-10-30', activity: 'tumour_markers', values },
  ...more,
});
const cea = (value: unknown, more: object = {}) => ({ code: 'CEA', value, unit: 'ng/mL', ...more });
const record = (id: string, event: unknown): Promise<Answer> => t.post(`/patients/${id}/events`, event);
const historyOf = async (id: string) =>
  ((await t.get(`/patients/${id}/events`)).body.items as Record<string, unknown>[]).filter(
    ({ type }) => type === 'exam',
  );
const faultsIn = ({ body }: Answer) =>
  (body.errors as { pointer: string; code: string }[]).map(({ pointer, code }) => `${pointer} ${code}`);

async function upload(csv: string): Promise<Answer> {
  const form = new FormData();
  form.set('kind', 'events');
  form.set('file', new Blob([csv]), 'file.csv');
  const request = new Request('http://localhost', { method: 'POST', body: form });
  return t.request('POST', '/imports', {
    headers: { 'content-type': request.headers.get('content-type')! },
    payload: Buffer.from(await request.arrayBuffer()),
  });
}

test('an invalid measured value is refused by its field, and nothing is written', async () => {
  const id = await givenPatient();
  const refused: [unknown, string, object?][] = [
    [[cea(2, { unit: 'U/mL' })], '/values/0/unit not-allowed'],
    [[cea(2, { unit: undefined })], '/values/0/unit required'],
    [[{ code: 'CA19-9', value: 1e300, unit: 'U/mL' }], '/values/0/value out-of-range'],
    [[cea(0)], '/values/0/value out-of-range'],
    [[cea(-2)], '/values/0/value out-of-range'],
    [[cea('3，2')], '/values/0/value wrong-format'],
    [[cea(2), cea(680)], '/values/1/code value-twice'],
    [[cea(2), { code: 'cea', value: 2, unit: 'ug/L' }], '/values/1/code value-twice'],
    [[cea(2, { referenceLimit: 500 })], '/values/0/referenceLimit out-of-range'],
    [[{ code: 'AFP', value: 2, unit: 'ng/mL' }], '/values/0/code not-allowed'],
    [[cea(2, { note: 'x' })], '/values/0/note unknown-field'],
    [[cea(2)], '/values not-allowed', { activity: 'mri_liver' }],
  ];
  for (const [values, fault, more] of refused) {
    const answer = await record(id, markers(values, more));
    expect([answer.status, faultsIn(answer)]).toEqual([422, [fault]]);
  }
  for (const text of ['1e400', '-1e400'])
    expect(
      (
        await t.request('POST', `/patients/${id}/events`, {
          headers: { 'content-type': 'application/json' },
          payload: Buffer.from(JSON.stringify(markers([cea(2)])).replace('"value":2', `"value":${text}`)),
        })
      ).status,
    ).toBe(422);
  expect(await historyOf(id)).toEqual([]);
});

test('a value is recorded in the notation of laboratories, and repeated in another spelling it is one', async () => {
  const id = await givenPatient();
  const first = await record(
    id,
    markers([cea('＜2'), { code: 'CA199', value: '12.5', unit: 'kU/L', referenceLimit: 34 }]),
  );
  expect(first.status).toBe(201);
  expect(first.body.event).toMatchObject({
    values: [
      { code: 'CEA', comparator: '<', value: 2, unit: 'ng/mL' },
      { code: 'CA19-9', value: 12.5, unit: 'U/mL', referenceLimit: 34 },
    ],
    toJudge: [],
    confirmedBy: null,
  });
  const again = await record(
    id,
    markers([
      { code: 'CA19-9', value: 12.5, unit: 'U/mL', referenceLimit: 34 },
      { code: 'CEA', value: 2, comparator: '<', unit: 'μg/L' },
    ]),
  );
  expect([again.status, again.body.id]).toEqual([201, first.body.id]);
  expect(await historyOf(id)).toHaveLength(1);
});

test('a value above its limit is marked wherever the patient is shown, until the event is voided', async () => {
  const id = await givenPatient();
  await record(id, markers([cea(4.1)], { date: '2026-07-30' }));
  const high = await record(
    id,
    markers([cea('12.7↑'), { code: 'CA19-9', value: 30, unit: 'U/mL' }], { outcome: 'suspicious' }),
  );
  const mark = { code: 'CEA', limit: 5, limitOf: 'default' };
  const suspicious = { because: 'outcome', code: 'suspicious' };
  expect(high.body.event).toMatchObject({ toJudge: [mark, suspicious], confirmedBy: null });
  expect((await historyOf(id)).map(({ toJudge }) => toJudge)).toEqual([[], [mark, suspicious]]);
  const schedule = await t.get(`/patients/${id}/schedule`);
  expect(schedule.body.toJudge).toEqual([
    {
      ...{ eventId: high.body.id, date: '2026-10-30', activity: 'tumour_markers' },
      ...{ value: 12.7, unit: 'ng/mL', flag: 'high', ...mark },
    },
    {
      ...{ eventId: high.body.id, date: '2026-10-30', activity: 'tumour_markers' },
      ...suspicious,
    },
  ]);
  const found = await t.post('/patients/search', { mrn: (await t.get(`/patients/${id}`)).body.mrn });
  expect([(await t.get(`/patients/${id}`)).body.toJudge, found.body.items[0].toJudge]).toEqual([1, 1]);
  expect((await t.get(`/patients/${id}/export`)).body.records.clinical_event[2]).toMatchObject({
    to_judge: [mark, suspicious],
    confirmed_by: null,
  });

  await t.post(`/patients/${id}/events/${high.body.id as string}/void`, { reason: 'wrong patient' });
  expect((await t.get(`/patients/${id}/schedule`)).body.toJudge).toEqual([]);
  expect((await t.get(`/patients/${id}`)).body.toJudge).toBe(0);
});

test('CEA 680 with a normal outcome must be confirmed, and the record names the person', async () => {
  const id = await givenPatient();
  const contradictory = markers([cea(680)], { outcome: 'normal' });
  const refused = await record(id, contradictory);
  expect([refused.status, refused.body.code]).toEqual([422, 'needs-confirmation']);
  expect(faultsIn(refused)).toEqual(['/values/0/value contradicts-outcome']);
  expect(refused.body.errors[0].message).toContain('confirm it with "confirmed": true');
  const inChinese = await t.post(`/patients/${id}/events`, contradictory, { 'accept-language': 'zh' });
  expect(inChinese.body.errors[0].message).toContain('请在该事件中写 "confirmed": true');
  expect(await record(id, { ...contradictory, confirmed: false })).toMatchObject({ status: 422 });
  expect(await historyOf(id)).toEqual([]);

  const confirmed = await record(id, { ...contradictory, confirmed: true });
  expect(confirmed.status).toBe(201);
  const { name } = (await t.get('/api-keys')).body.items[0] as { name: string };
  expect(confirmed.body.event).toMatchObject({ confirmedBy: name, toJudge: [{ code: 'CEA' }] });
  expect(confirmed.body.event).not.toHaveProperty('confirmed');
  const again = await record(id, contradictory);
  expect([again.status, again.body.id]).toEqual([201, confirmed.body.id]);

  const other = await record(id, markers([cea(6.8)], { outcome: 'suspicious' }));
  expect([other.body.code, faultsIn(other)]).toEqual([
    'needs-confirmation',
    ['/values/0/value differs-from-record'],
  ]);
});

test('a value without a contradiction is not marked as confirmed', async () => {
  const id = await givenPatient();
  const { body } = await record(id, markers([cea(2)], { outcome: 'normal', confirmed: true }));
  expect(body.event).toMatchObject({ confirmedBy: null, toJudge: [] });
});

test('completing an item applies the same checks to its values, also when repeated', async () => {
  const id = await givenPatient();
  const { items } = (await t.get(`/patients/${id}/schedule`)).body as {
    items: { id: string; activity: string; status: string }[];
  };
  const item = items.find(({ activity, status }) => activity === 'tumour_markers' && status !== 'missed')!;
  const complete = (input: object) => t.post(`/items/${item.id}/complete`, { date: '2026-10-30', ...input });
  expect(faultsIn(await complete({ values: [cea(2, { unit: 'U/mL' })] }))).toEqual([
    '/values/0/unit not-allowed',
  ]);
  const high = { outcome: 'normal', values: [cea('680', { referenceLimit: 4.7 })] };
  expect((await complete(high)).body.code).toBe('needs-confirmation');
  const done = await complete({ ...high, confirmed: true });
  expect(done.body.event).toMatchObject({
    toJudge: [{ code: 'CEA', limit: 4.7, limitOf: 'laboratory' }],
  });
  const again = await complete(high);
  expect([again.status, again.body.id]).toEqual([200, done.body.id]);

  const colonoscopy = items.find(({ activity }) => activity === 'colonoscopy')!;
  const withValues = { date: '2026-10-30', outcome: 'normal', values: [cea(2)] };
  expect(faultsIn(await t.post(`/items/${colonoscopy.id}/complete`, withValues))).toEqual([
    '/values not-allowed',
  ]);
});

test('a preview refuses what the real call would, naming the event', async () => {
  const id = await givenPatient();
  const preview = async (event: object) =>
    t.post(`/patients/${id}/preview`, { events: [markers([cea(2)], { date: '2026-07-30' }), event] });
  expect(faultsIn(await preview(markers([cea(2, { unit: 'U/mL' })])))).toEqual([
    '/events/1/values/0/unit not-allowed',
  ]);
  const contradictory = markers([cea(680)], { outcome: 'normal' });
  const doubted = await preview(contradictory);
  expect([doubted.body.code, faultsIn(doubted)]).toEqual([
    'needs-confirmation',
    ['/events/1/values/0/value contradicts-outcome'],
  ]);
  expect((await preview({ ...contradictory, confirmed: true })).status).toBe(200);
  expect(await historyOf(id)).toEqual([]);
});

test("a file brings exams with the laboratory's values, and asks by row and column what it would confirm", async () => {
  const id = await givenPatient();
  const { mrn } = (await t.get(`/patients/${id}`)).body as { mrn: string };
  const header = 'mrn,type,date,activity,outcome,cea_ng_ml,cea_ng_ml_limit,ca19_9_u_ml,confirmed\n';
  const row = (...cells: string[]) => `${[mrn, 'exam', ...cells].join(',')}\n`;
  const good =
    header +
    row('2026-04-30', 'tumour_markers', 'normal', '<0.5', '', '12', '') +
    row('2026-07-30', 'tumour_markers', '', '1.6ng/ml', '4.7', '', '') +
    row('2026-10-30', 'tumour_markers', 'normal', '12.7↑', '', '', 'yes') +
    row('2026-10-30', 'liver_ultrasound', 'normal', '', '', '', '');
  const bad =
    header +
    row('2026-05-30', 'tumour_markers', 'normal', '12.7', '', '9', '') +
    row('2026-05-30', 'tumour_markers', '', '3 U/mL', '', '', '') +
    row('2026-05-30', 'tumour_markers', '', '3', '50', '', '') +
    row('2026-05-30', 'mri_liver', '', '', '', '3', '') +
    row('2026-05-30', '', '', '', '', '', '') +
    row('2026-05-30', 'tumour_markers', '', '3', 'x', '正常', '');
  const refused = await upload(bad);
  expect([refused.status, faultsIn(refused)]).toEqual([
    422,
    [
      '/rows/2/cea_ng_ml contradicts-outcome',
      '/rows/3/cea_ng_ml not-allowed',
      '/rows/4/cea_ng_ml_limit out-of-range',
      '/rows/5/ca19_9_u_ml not-allowed',
      '/rows/6/activity required',
      '/rows/7/cea_ng_ml_limit wrong-type',
    ],
  ]);
  expect(refused.body.errors[0].message).toContain('column confirmed');
  expect(await historyOf(id)).toEqual([]);

  const loaded = await upload(good);
  expect([loaded.status, loaded.body.counts]).toEqual([
    200,
    { created: 4, updated: 0, unchanged: 0, rejected: 0 },
  ]);
  const [below, , high] = await historyOf(id);
  expect(below).toMatchObject({
    values: [
      { comparator: '<', value: 0.5 },
      { code: 'CA19-9', value: 12 },
    ],
  });
  expect(high).toMatchObject({ confirmedBy: expect.any(String), toJudge: [{ code: 'CEA' }] });
  // Also without the confirmation: it is already recorded.
  const again = await upload(good.replaceAll(',yes', ','));
  expect(again.body.counts).toEqual({ created: 0, updated: 0, unchanged: 4, rejected: 0 });
});

test("the hospital's limits are its policy: checked, counted, and in force for what is recorded from then on", async () => {
  const id = await givenPatient();
  const before = await record(id, markers([cea(4)], { date: '2026-07-30' }));
  const ask = (referenceLimits: object) =>
    t.post('/plan-changes', { policy: { referenceLimits }, ...DECISION });
  expect(faultsIn(await ask({ CEA: 500, AFP: 7 }))).toEqual([
    '/policy/referenceLimits/CEA out-of-range',
    '/policy/referenceLimits/AFP unknown-measurement',
  ]);
  await t.applied({ policy: { referenceLimits: { CEA: 3.4 } }, ...DECISION });
  expect((await t.get('/policy')).body.policy.referenceLimits).toEqual({ CEA: 3.4 });
  expect((await t.get('/measurements')).body.items).toMatchObject([
    {
      ...{ activity: 'tumour_markers', code: 'CEA', unit: 'ng/mL', otherUnits: { 'ug/L': 0 } },
      ...{ comparators: ['<', '<=', '>', '>='], plausible: { from: 0.01, to: 1_000_000 } },
      referenceLimit: { limit: 3.4, limitOf: 'hospital', from: 1, to: 20 },
    },
    { code: 'CA19-9', unit: 'U/mL', referenceLimit: { limit: 37, limitOf: 'default' } },
  ]);

  const after = await record(id, markers([cea(4)]));
  expect([before.body.event.toJudge, after.body.event.toJudge]).toEqual([
    [],
    [{ code: 'CEA', limit: 3.4, limitOf: 'hospital' }],
  ]);
  await t.replanAll();
  await t.applied({ policy: { referenceLimits: { CEA: null } }, ...DECISION });
  expect((await t.get('/policy')).body.policy).not.toHaveProperty('referenceLimits');
});

test('an event of an older version is read, exported and voided as it was stored', async () => {
  const id = await givenPatient();
  const values = [
    { code: 'CEA', unit: 'U/mL', value: 680 },
    { code: 'CEA', unit: 'ng/mL', value: 1e300 },
  ];
  const detail = { activity: 'tumour_markers', outcome: 'normal', values };
  await t.dataSource.query(
    `INSERT INTO clinical_event (id, hospital_id, patient_id, type, date, detail, to_judge)
     VALUES (gen_random_uuid(), $1, $2, 'exam', '2026-09-01', $3, '[{"code":"CEA","limit":5,"limitOf":"default"}]')`,
    [t.hospitalId, id, JSON.stringify(detail)],
  );
  const [event] = await historyOf(id);
  expect(event).toMatchObject(detail);
  expect((await t.get(`/patients/${id}/schedule`)).body.toJudge).toHaveLength(2);
  const { records } = (await t.get(`/patients/${id}/export`)).body;
  // Exported by id, and this one's id is a random one.
  expect(records.clinical_event).toContainEqual(expect.objectContaining({ type: 'exam', detail }));
  const corrected = markers([cea(6.8)], { date: '2026-09-01', outcome: 'suspicious' });
  expect((await record(id, corrected)).body.code).toBe('needs-confirmation');
  await t.post(`/patients/${id}/events/${String(event!['id'])}/void`, { reason: 'wrong unit' });
  expect((await record(id, corrected)).status).toBe(201);
});

test("the command `plan` reads values as the program does, those of a file of one's own too", () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const person = { birthDate: '1960-05-05', diagnosisDate: '2025-12-10', asOf: '2026-11-01' };
  const line = (...events: object[]) => JSON.stringify({ ...person, events });
  const lines = [
    line(markers([cea('<2')], { outcome: 'normal' })),
    line(markers([cea(2, { unit: 'U/mL' })])),
    line(markers([cea(680)], { outcome: 'normal' })),
    line(markers([cea(680)], { outcome: 'normal', confirmed: true })),
    line(markers([cea(2)]), markers([cea(3)])),
    line(markers([cea('1e300')])),
    line(markers([{ code: 'AFP', value: '<2', unit: 'ug/L' }])),
  ];
  const plan = (...args: string[]) =>
    spawnSync(process.execPath, [`${root}bin/nedwatch`, 'plan', '--lang', 'en', ...args], {
      input: lines.join('\n'),
      encoding: 'utf8',
    });
  const faultsOf = (stderr: string) =>
    stderr
      .trim()
      .split('\n')
      .map((fault) => fault.split(':', 2).join(':'));
  const { status, stdout, stderr } = plan();
  expect([status, stdout.trim().split('\n').length]).toEqual([2, 2]);
  const refused = [
    'line 2: /events/0/values/0/unit',
    'line 3: /events/0/values/0/value',
    'line 5: /events/1/values/0/value',
    'line 6: /events/0/values/0/value',
  ];
  expect(faultsOf(stderr)).toEqual([...refused, 'line 7: /events/0/values/0/code']);

  const folder = mkdtempSync(join(tmpdir(), 'protocol-'));
  const [like] = measurementsOf('tumour_markers', {});
  const own = { ...GUIDELINES[0], id: 'own', measurements: { tumour_markers: [{ ...like, code: 'AFP' }] } };
  writeFileSync(join(folder, 'own.json'), JSON.stringify(own));
  const byOwn = plan('--guideline', join(folder, 'own.json'));
  rmSync(folder, { recursive: true });
  expect(faultsOf(byOwn.stderr)).toEqual(refused);
});
