import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer } from '../support/app.js';
import { as, givenPerson } from '../support/signed-in.js';
import {
  markers,
  NOW,
  type ResultsWard,
  type Review,
  startResultsWard,
  TODAY,
  ULTRASOUND,
} from '../support/results-ward.js';

let ward: ResultsWard;
beforeAll(async () => {
  ward = await startResultsWard();
});
afterAll(() => ward.close());

test('an abnormal CEA waits for a ward.clinician, who asks for the MRI of the guideline; the MRI leads to recurrence', async () => {
  const id = await ward.givenFollowed();
  const high = await ward.record(id, markers(8.2));
  expect(await ward.toJudge(id)).toBe(1);
  expect(await ward.reviewsOf(id)).toMatchObject([
    {
      ...{ id: high.body.id as string, state: 'open', escalatedTo: null, asked: null, judgement: null },
      reasons: [
        { code: 'CEA', limit: 5, message: 'CEA 8.2 ng/mL is not within the reference limit of 5 ng/mL.' },
      ],
    },
  ]);

  const judged = await ward.judge(high.body.id as string, { judgement: 'mri', note: '尽快' });
  expect(judged.status).toBe(200);
  expect(judged.body).toMatchObject({
    state: 'judged',
    judgement: { judgement: 'mri', note: '尽快', author: '王医生', decisionId: expect.any(String) },
    event: { seenBy: '王医生', judgedAt: expect.any(String) },
  });
  expect(await ward.toJudge(id)).toBe(0);
  expect((await ward.get(`/patients/${id}/schedule`)).body.toJudge).toEqual([]);
  const mri = (await ward.itemsOf(id)).find((item) => item.id === judged.body.judgement.itemId)!;
  expect(mri).toMatchObject({ activity: 'mri_liver', due: TODAY, status: 'due' });

  const found = { kind: 'liver_lesion', count: 2, largestMm: 14, segments: ['VII', 'VIII'] };
  const done = await ward.post(
    `/items/${mri.id}/complete`,
    { date: TODAY, outcome: 'suspicious', findings: [found], note: '肝S7占位' },
    ward.nurse,
  );
  expect(done.body.event).toMatchObject({
    findings: [found],
    report: { note: '肝S7占位' },
    recordedBy: '护士甲',
  });
  const [review] = await ward.reviewsOf(id);
  expect(review!.reasons.map(({ message }) => message)).toEqual([
    'The outcome is suspicious.',
    'Found: liver lesion.',
  ]);
  const recurrence = await ward.judge(review!.id, { judgement: 'recurrence', followUp: { site: '肝S7' } });
  const { recordedEventId } = recurrence.body.judgement as { recordedEventId: string };
  const { body } = await ward.get(`/patients/${id}/events`);
  expect((body.items as { id: string }[]).find((event) => event.id === recordedEventId)).toMatchObject({
    ...{ type: 'recurrence', date: TODAY, site: '肝S7' },
  });
  expect((await ward.reviewsOf(id, 'judged')).map(({ judgement }) => judgement!['judgement'])).toEqual([
    'recurrence',
    'mri',
  ]);
});

test('a preview of a review outcome announces what judging then does, and stores nothing', async () => {
  const id = await ward.givenFollowed();
  const { body: high } = await ward.record(id, markers(8.2));
  const preview = (judgement: object) =>
    ward.post(`/reviews/${high.id as string}/preview`, judgement, ward.clinician);
  const before = await ward.itemsOf(id);

  const repeated = await preview({ judgement: 'repeat_in_weeks', followUp: { weeks: 4 } });
  expect(repeated.body).toMatchObject({
    changes: [{ change: 'added', activity: 'tumour_markers', before: null, after: { due: '2026-11-29' } }],
    ...{ item: { activity: 'tumour_markers', due: '2026-11-29', status: 'upcoming' }, event: null },
  });
  const recurred = await preview({ judgement: 'recurrence', followUp: { date: '2026-10-20' } });
  expect(recurred.body).toMatchObject({ item: null, event: { type: 'recurrence', date: '2026-10-20' } });
  expect((await preview({ judgement: 'repeat_in_weeks' })).body).toMatchObject({
    ...{ code: 'invalid-input', errors: [{ pointer: '/followUp/weeks', code: 'required' }] },
  });
  expect(await ward.itemsOf(id)).toEqual(before);
  expect((await ward.reviewsOf(id)).map(({ state }) => state)).toEqual(['open']);
  expect((await ward.get(`/reviews?patientId=${id}`)).body.items).toHaveLength(1);

  await ward.judge(high.id as string, { judgement: 'recurrence', followUp: { date: '2026-10-20' } });
  const after = await ward.itemsOf(id);
  const ended = (recurred.body.changes as { change: string }[]).filter(
    ({ change }) => change === 'cancelled',
  );
  expect(ended.length).toBeGreaterThan(0);
  expect(before.length - after.length).toBe(ended.length);
  expect((await preview({ judgement: 'no_action' })).body.code).toBe('already-judged');
});

test('the MRI that a finding has planned already is linked, and not added once more', async () => {
  const id = await ward.givenFollowed();
  const { body } = await ward.record(id, ULTRASOUND);
  const [review] = await ward.reviewsOf(id);
  expect(review!.asked).toMatchObject({ activity: 'mri_liver', status: 'due' });
  const before = (await ward.itemsOf(id)).length;
  const judged = await ward.judge(body.id as string, { judgement: 'mri' });
  expect(judged.body.judgement).toMatchObject({ itemId: review!.asked!.itemId, decisionId: null });
  expect(await ward.itemsOf(id)).toHaveLength(before);
});

test('a repetition in weeks is an item of the plan, and undone with the outcome', async () => {
  const id = await ward.givenFollowed();
  const { body } = await ward.record(id, markers(6));
  const judged = await ward.judge(body.id as string, {
    judgement: 'repeat_in_weeks',
    followUp: { weeks: 4 },
  });
  const { itemId } = judged.body.judgement as { itemId: string };
  expect((await ward.itemsOf(id)).find((item) => item.id === itemId)).toMatchObject({
    ...{ activity: 'tumour_markers', due: '2026-11-29', status: 'upcoming' },
  });

  const undone = await ward.post(`/reviews/${body.id as string}/undo`, {}, ward.clinician);
  expect(undone.body).toMatchObject({ state: 'open', judgement: null });
  expect((await ward.itemsOf(id)).map((item) => item.id)).not.toContain(itemId);
  expect(await ward.toJudge(id)).toBe(1);
  expect((await ward.post(`/reviews/${body.id as string}/undo`, {}, ward.clinician)).body.code).toBe(
    'not-judged',
  );
});

test('undoing a recurrence takes its event back; one that was recorded before stays', async () => {
  const id = await ward.givenFollowed();
  const first = await ward.record(id, ULTRASOUND);
  await ward.judge(first.body.id as string, { judgement: 'recurrence' });
  const active = async () =>
    (
      (await ward.get(`/patients/${id}/events`)).body.items as { type: string; voidedAt: string | null }[]
    ).filter(({ type, voidedAt }) => type === 'recurrence' && voidedAt === null).length;
  expect(await active()).toBe(1);
  await ward.post(`/reviews/${first.body.id as string}/undo`, {}, ward.clinician);
  expect(await active()).toBe(0);

  await ward.post(`/patients/${id}/events`, { type: 'recurrence', date: TODAY }, ward.nurse);
  const judged = await ward.judge(first.body.id as string, { judgement: 'recurrence' });
  expect(judged.body.judgement.recordedEventId).toBeNull();
  await ward.post(`/reviews/${first.body.id as string}/undo`, {}, ward.clinician);
  expect(await active()).toBe(1);
});

test('NED is judged without an event, or recorded with its date', async () => {
  const id = await ward.givenFollowed();
  const first = await ward.record(id, ULTRASOUND);
  expect(
    (await ward.judge(first.body.id as string, { judgement: 'ned' })).body.judgement.recordedEventId,
  ).toBeNull();
  const second = await ward.record(id, { ...ULTRASOUND, date: '2026-10-20' });
  const judged = await ward.judge(second.body.id as string, {
    ...{ judgement: 'ned', followUp: { date: '2026-10-25', by: 'resection' } },
  });
  expect(judged.body.judgement.recordedEventId).toEqual(expect.any(String));
});

test('an outcome takes only what belongs to it, once, and from clinicians alone', async () => {
  const id = await ward.givenFollowed();
  const { body } = await ward.record(id, ULTRASOUND);
  const review = body.id as string;
  const faults = async (judgement: object) => {
    const answer = await ward.judge(review, judgement);
    return [answer.status, ...(answer.body.errors as { pointer: string }[]).map(({ pointer }) => pointer)];
  };
  expect(await faults({ judgement: 'repeat_in_weeks' })).toEqual([422, '/followUp/weeks']);
  expect(await faults({ judgement: 'no_action', followUp: { weeks: 4 } })).toEqual([422, '/followUp/weeks']);
  expect(await faults({ judgement: 'recurrence', followUp: { date: '2026-11-02' } })).toEqual([
    ...[422, '/followUp/date'],
  ]);
  expect(await faults({ judgement: 'repeat_in_weeks', followUp: { weeks: 4, activity: 'x' } })).toEqual([
    ...[422, '/followUp/activity'],
  ]);
  expect(await ward.toJudge(id)).toBe(1);
  expect((await ward.judge(review, { judgement: 'no_action' }, ward.nurse)).status).toBe(403);

  expect((await ward.judge(review, { judgement: 'no_action' })).status).toBe(200);
  const again = await ward.judge(review, { judgement: 'recurrence' });
  expect([again.status, again.body.code]).toEqual([409, 'already-judged']);
  expect(again.body.title).toMatch(/王医生.*no_action/);
  const normal = await ward.record(id, { activity: 'mri_liver', outcome: 'normal' });
  expect((await ward.judge(normal.body.id as string, { judgement: 'no_action' })).status).toBe(404);
});

test('of two clinicians who judge at once, one wins and the other learns who', async () => {
  const id = await ward.givenFollowed();
  const { body } = await ward.record(id, markers(9));
  const answers = await Promise.all(
    [{ judgement: 'no_action' }, { judgement: 'repeat_in_weeks', followUp: { weeks: 2 } }].map((one) =>
      ward.judge(body.id as string, one),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(await ward.reviewsOf(id, 'judged')).toHaveLength(1);
});

test('a voided exam is neither to be judged nor to be seen', async () => {
  const id = await ward.givenFollowed();
  const { body } = await ward.record(id, markers(9));
  await ward.post(`/patients/${id}/events/${body.id as string}/void`, { reason: '录错患者' });
  expect(await ward.reviewsOf(id)).toEqual([]);
  expect(await ward.toJudge(id)).toBe(0);
  expect((await ward.judge(body.id as string, { judgement: 'no_action' })).body.code).toBe('result-voided');
  expect((await ward.see(body.id as string, ward.clinician)).body.code).toBe('result-voided');
});

test('reviews page by cursor, the longest waiting first, and escalate with the days', async () => {
  const id = await ward.givenFollowed();
  for (const day of ['2026-10-01', '2026-10-02', '2026-10-03'])
    await ward.record(id, { ...ULTRASOUND, date: day });
  const pages: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body }: Answer = await ward.get(`/reviews?limit=2${cursor && `&cursor=${cursor}`}`, ward.nurse);
    pages.push(...(body.items as Review[]).map((review) => review.id));
    cursor = body.nextCursor as string | null;
  }
  expect(pages).toEqual(((await ward.get('/reviews?limit=500')).body.items as Review[]).map((one) => one.id));
  expect(new Set(pages).size).toBe(pages.length);

  const escalated = async (instant: string) => {
    await ward.setClock(instant);
    const { body } = await ward.get('/reviews?limit=500');
    await ward.setClock(NOW);
    return new Set((body.items as Review[]).map(({ escalatedTo }) => escalatedTo));
  };
  expect(await escalated('2026-11-05T09:00:00+08:00')).toEqual(new Set(['clinician']));
  expect(await escalated('2026-11-09T09:00:00+08:00')).toEqual(new Set(['head_nurse']));
});

test('an escalated review names the responsible clinician, and later the head nurse as well', async () => {
  await givenPerson(ward, { roles: ['head_nurse'], name: '护士长' });
  const li = await givenPerson(ward, { roles: ['clinician'], name: '李医生' });
  const id = await ward.givenFollowed();
  await ward.record(id, ULTRASOUND);
  const escalatedOn = async (day: string) => {
    await ward.setClock(`${day}T09:30:00+08:00`);
    const { body } = await ward.get('/reviews?limit=500');
    await ward.setClock(NOW);
    const review = (body.items as Review[]).find(({ patient }) => patient.id === id)!;
    return review.escalatedPeople.map(({ name, role }) => [name, role]).sort();
  };
  expect(await escalatedOn('2026-11-03')).toEqual([]);
  expect((await escalatedOn('2026-11-05')).map(([, role]) => role)).toEqual(['clinician', 'clinician']);
  const owner = { personId: li.id, duty: 'reads' };
  await ward.request('PUT', `/patients/${id}/owner`, { payload: owner });
  expect(await escalatedOn('2026-11-05')).toEqual([['李医生', 'clinician']]);
  expect(await escalatedOn('2026-11-09')).toEqual([
    ['护士长', 'head_nurse'],
    ['李医生', 'clinician'],
  ]);
  await ward.request('PATCH', `/people/${li.id}`, { payload: { state: 'disabled' } });
  expect(await escalatedOn('2026-11-05')).toEqual([['王医生', 'clinician']]);
});

test('an outcome can no longer be undone after a day', async () => {
  const id = await ward.givenFollowed();
  const { body } = await ward.record(id, ULTRASOUND);
  await ward.judge(body.id as string, { judgement: 'no_action' });
  await ward.setClock('2026-11-02T10:00:00+08:00');
  // The session of the clinician has ended by then.
  const late = await ward.post(`/reviews/${body.id as string}/undo`, { author: '王医生' });
  await ward.setClock(NOW);
  expect([late.status, late.body.code]).toEqual([409, 'judgement-too-old']);
});

test('who sees only their department neither finds nor judges the reviews of another', async () => {
  const limited = as(
    (await givenPerson(ward, { roles: ['clinician'], name: '外科医生', departments: ['surgery'] })).session,
  );
  const id = await ward.givenFollowed({ department: 'oncology' });
  const { body } = await ward.record(id, ULTRASOUND);
  const found = (await ward.get('/reviews?limit=500', limited)).body.items as Review[];
  expect(found.filter(({ patient }) => patient.id === id)).toEqual([]);
  expect((await ward.judge(body.id as string, { judgement: 'no_action' }, limited)).status).toBe(404);
  expect((await ward.see(body.id as string, limited)).status).toBe(404);
});

test('texts are sealed, shown in the copy of the patient, and gone after an erasure', async () => {
  const id = await ward.givenFollowed();
  const report = { place: '某某医院', note: '患者王小明肝内占位' };
  const { body } = await ward.record(id, { ...ULTRASOUND, report });
  await ward.judge(body.id as string, { judgement: 'no_action', note: '王小明，既往囊肿' });
  const stored = async () =>
    JSON.stringify(
      await ward.dataSource.query(
        `SELECT detail, j.note FROM clinical_event e JOIN review_outcome j ON j.event_id = e.id WHERE e.patient_id = $1`,
        [id],
      ),
    );
  expect(await stored()).not.toMatch(/王小明|某某医院/);
  const { records } = (await ward.get(`/patients/${id}/export`)).body;
  expect(records.review_outcome).toMatchObject([{ note: '王小明，既往囊肿', judgement: 'no_action' }]);
  expect(JSON.stringify(records.clinical_event)).toContain('患者王小明肝内占位');

  await ward.post(`/patients/${id}/erase`, { ground: 'patient_request', author: 'Dr. Chen' });
  expect(await stored()).not.toContain('sealed:');
  const [judged] = await ward.reviewsOf(id, 'judged');
  expect(judged).toMatchObject({ patient: { name: null }, judgement: { note: '' } });
});
