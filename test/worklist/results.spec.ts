import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HAS_TO_BE_JUDGED } from '../../src/patients/to-judge.js';
import { IS_UNSEEN } from '../../src/worklist/results/unseen-results.js';
import { DECISION } from '../support/planning-hospital.js';
import { markers, type ResultsWard, startResultsWard, TODAY, ULTRASOUND } from '../support/results-ward.js';

let ward: ResultsWard;
beforeAll(async () => {
  ward = await startResultsWard();
});
afterAll(() => ward.close());

test('a rise within the limit is judged by the rule of the hospital, in whatever order it was recorded', async () => {
  const id = await ward.givenFollowed();
  const last = await ward.record(id, markers(4.5));
  expect(await ward.reviewsOf(id)).toEqual([]);
  await ward.record(id, markers(3, { date: '2026-07-30' }));
  const [review] = await ward.reviewsOf(id);
  expect(review).toMatchObject({
    id: last.body.id as string,
    reasons: [{ because: 'rise', rise: 'percent', from: 3 }],
  });
  expect(review!.reasons[0]!.message).toContain('the guideline gives no number');

  const { body } = await ward.get(`/patients/${id}/events`);
  const baseline = (body.items as { id: string; date: string }[]).find(({ date }) => date === '2026-07-30')!;
  await ward.post(`/patients/${id}/events/${baseline.id}/void`, { reason: '录错' });
  expect(await ward.reviewsOf(id)).toEqual([]);
});

test('a file brings values in any order, and marks the rise', async () => {
  const id = await ward.givenFollowed();
  const recorded = await ward.record(id, markers(4.6));
  const loaded = await ward.upload(id, ['2026-10-30,tumour_markers,,4.4', '2026-04-30,tumour_markers,,3']);
  expect(loaded.status).toBe(200);
  expect(await ward.reviewsOf(id)).toMatchObject([
    { id: recorded.body.id as string, reasons: [{ because: 'rise', from: 3 }] },
    { reasons: [{ because: 'rise', from: 3 }] },
  ]);
});

test("limits count in this order: the report's, the laboratory's, the hospital's, the usual one; and the rise can be switched off", async () => {
  const id = await ward.givenFollowed();
  const ask = (policy: object) => ward.post('/plan-changes', { policy, ...DECISION });
  const refused = await ask({
    laboratoryLimits: { 'Central lab': { CEA: 500 }, 'central  LAB': { AFP: 1 } },
  });
  expect((refused.body.errors as { pointer: string; code: string }[]).map(({ code }) => code).sort()).toEqual(
    [...['laboratory-twice', 'out-of-range']],
  );
  await ward.applied({
    policy: {
      ...{ referenceLimits: { CEA: 4.5 }, laboratoryLimits: { 'Central lab': { CEA: 6.2 } } },
      rises: { enabled: false },
    },
    ...DECISION,
  });
  await ward.replanAll();
  const limitOf = async (date: string, value: object, report?: object) => {
    const { body } = await ward.record(id, {
      ...{ date, activity: 'tumour_markers', report },
      values: [{ code: 'CEA', value: 9, unit: 'ng/mL', ...value }],
    });
    return (body.event.toJudge as { limit: number; limitOf: string }[]).map(
      ({ limit, limitOf }) => `${limit} ${limitOf}`,
    );
  };
  const laboratory = { laboratory: 'central lab', method: 'ECLIA' };
  expect(await limitOf('2026-05-01', { referenceLimit: 4.7 }, laboratory)).toEqual(['4.7 laboratory']);
  expect(await limitOf('2026-05-02', {}, laboratory)).toEqual(['6.2 laboratory']);
  expect(await limitOf('2026-05-03', {}, { laboratory: 'another' })).toEqual(['4.5 hospital']);
  expect(await limitOf('2026-05-04', { value: 3 })).toEqual([]);
  expect(await limitOf('2026-05-05', { value: 4.4 })).toEqual([]); // 47 % more, and the rule is switched off
  await ward.applied({
    policy: { referenceLimits: { CEA: null }, laboratoryLimits: { 'Central lab': null }, rises: null },
    ...DECISION,
  });
  await ward.replanAll();
  expect(await limitOf('2026-05-06', {})).toEqual(['5 default']);
});

test('a clinician sees what they record; a nurse sees what another recorded and what need not be judged', async () => {
  const id = await ward.givenFollowed();
  const normal = { activity: 'mri_liver', outcome: 'normal' };
  const own = await ward.record(id, normal, ward.clinician);
  expect(own.body.event).toMatchObject({ recordedBy: '王医生', seenBy: '王医生' });

  const { body } = await ward.record(id, { ...normal, date: '2026-10-20' });
  expect(body.event).toMatchObject({ recordedBy: '护士甲', seenAt: null });
  const result = body.id as string;
  expect((await ward.see(result, ward.nurse)).body.code).toBe('recorder-sees');
  expect((await ward.see(result, ward.otherNurse)).body).toMatchObject({
    seenBy: '护士乙',
    activity: 'mri_liver',
  });
  expect((await ward.see(result, ward.clinician)).body).toMatchObject({ seenBy: '护士乙' });

  const suspicious = await ward.record(id, ULTRASOUND);
  expect((await ward.see(suspicious.body.id as string, ward.otherNurse)).body.code).toBe('clinician-sees');
  expect((await ward.see(suspicious.body.id as string, ward.clinician)).body).toMatchObject({
    seenBy: '王医生',
  });
  expect(await ward.toJudge(id)).toBe(1);

  const [resection] = (await ward.get(`/patients/${id}/events`)).body.items as { id: string }[];
  expect((await ward.see(resection!.id, ward.clinician)).status).toBe(404);
});

test('what a file says of the time before the enrolment is history: its values above a limit are judged, and nothing else', async () => {
  const id = await ward.givenFollowed();
  const loaded = await ward.upload(id, [
    '2026-01-10,liver_ultrasound,suspicious,',
    '2026-01-10,tumour_markers,,9',
    '2026-01-11,tumour_markers,,3',
    '2026-01-12,tumour_markers,,4.9',
  ]);
  expect(loaded.body.counts).toMatchObject({ created: 4 });
  expect(await ward.reviewsOf(id)).toMatchObject([{ reasons: [{ code: 'CEA', limit: 5 }] }]);
  const unseen = await ward.dataSource.query<{ n: number }[]>(
    `SELECT count(*)::integer AS n FROM clinical_event WHERE patient_id = $1 AND result_of IS NOT NULL`,
    [id],
  );
  expect(unseen[0]!.n).toBe(0);
  // One by one people record what matters now.
  const typed = await ward.record(id, { ...ULTRASOUND, date: '2026-01-20' });
  expect(typed.body.event.toJudge).toMatchObject([{ code: 'suspicious' }]);
});

test('an examination done elsewhere completes an item, also a missed one, with its place and documents', async () => {
  const id = await ward.givenFollowed();
  const missed = (await ward.itemsOf(id)).find(({ status }) => status === 'missed')!;
  const elsewhere = {
    ...{ place: '华山医院', documents: [{ system: 'PACS', id: '1.2.840.1' }], method: 'ECLIA' },
    ...{ laboratory: '检验科' },
  };
  const done = await ward.post(
    `/items/${missed.id}/complete`,
    { date: missed.due, outcome: 'normal', ...elsewhere },
    ward.nurse,
  );
  expect(done.body).toMatchObject({ item: { status: 'completed' }, event: { report: elsewhere } });
  const again = await ward.post(
    `/items/${missed.id}/complete`,
    { date: missed.due, outcome: 'normal', ...elsewhere },
    ward.nurse,
  );
  expect([again.status, again.body.id]).toEqual([200, done.body.id]);

  const colonoscopy = (await ward.itemsOf(id)).find(({ activity }) => activity === 'colonoscopy')!;
  const polyp = { kind: 'polyp', count: 1, largestMm: 6, histology: ['tubular_adenoma'] };
  const contradictory = { date: TODAY, outcome: 'normal', findings: [polyp] };
  expect((await ward.post(`/items/${colonoscopy.id}/complete`, contradictory, ward.nurse)).body.code).toBe(
    'needs-confirmation',
  );
  const wrong = { ...contradictory, outcome: 'abnormal', findings: [{ ...polyp, largestMm: 'x' }] };
  expect(
    (await ward.post(`/items/${colonoscopy.id}/complete`, wrong, ward.nurse)).body.errors[0].pointer,
  ).toBe('/findings/0/largestMm');
  const right = {
    ...contradictory,
    outcome: 'abnormal',
    findings: [{ kind: 'extent', reached: 'caecum' }, polyp],
  };
  const finished = await ward.post(`/items/${colonoscopy.id}/complete`, right, ward.nurse);
  expect(finished.body.event.toJudge).toMatchObject([{ code: 'abnormal' }, { code: 'polyp' }]);
  expect((await ward.get('/findings')).body.items).toContainEqual(
    expect.objectContaining({ activity: 'colonoscopy', kind: 'polyp', judged: true }),
  );
});

test('the lists of unseen results and of reviews are read by their own indexes', async () => {
  const runner = ward.dataSource.createQueryRunner();
  const plan = async (query: string): Promise<string> => {
    const rows = (await runner.query(`EXPLAIN ${query}`)) as { 'QUERY PLAN': string }[];
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };
  await runner.startTransaction();
  await runner.query('SET LOCAL enable_seqscan = off');
  // In a small table it costs the same, although it has all results and not only the unseen ones.
  await runner.query('DROP INDEX clinical_event_result_recorded_idx');
  const hospital = `hospital_id = '${ward.hospitalId}'`;
  expect(
    await plan(
      `SELECT id FROM clinical_event WHERE ${hospital} AND ${HAS_TO_BE_JUDGED} ORDER BY recorded_at, id LIMIT 51`,
    ),
  ).toContain('clinical_event_judge_idx');
  expect(
    await plan(
      `SELECT id FROM clinical_event WHERE ${hospital} AND ${IS_UNSEEN} AND recorded_at <= now() ORDER BY recorded_at, id LIMIT 51`,
    ),
  ).toContain('clinical_event_unread_idx');
  await runner.rollbackTransaction();
  await runner.release();
});
