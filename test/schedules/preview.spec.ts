import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ clock: '2026-03-02T02:00:00Z' });
});
afterAll(() => t.close());

const RESECTION = {
  type: 'primary_resection',
  date: '2024-01-31',
  site: 'colon',
  stage: 'III',
  intent: 'curative',
  preoperativeColonoscopy: 'complete',
};
const NED = { type: 'liver_ned', date: '2025-01-31', by: 'resection' };

let count = 0;

/** A patient with these events, and the ids of the events in the same order. */
async function patientWith(...events: object[]): Promise<{ id: string; eventIds: string[] }> {
  const { body } = await t.post('/patients', {
    mrn: `V${++count}`,
    name: `李四${count}`,
    sex: 'male',
    birthDate: '1960-04-05',
    diagnosisDate: '2024-01-10',
    enrolledOn: '2024-01-31',
  });
  const eventIds: string[] = [];
  for (const event of events)
    eventIds.push((await t.post(`/patients/${body.id}/events`, event)).body.id as string);
  return { id: body.id as string, eventIds };
}

interface Change {
  readonly change: string;
  readonly rule: string;
  readonly activity: string;
  readonly before: { due: string; status: string } | null;
  readonly after: { due: string; status: string } | null;
}

const EVENTS: readonly object[] = [
  { type: 'recurrence', date: '2026-02-20' },
  { type: 'death', date: '2026-03-01' },
  { type: 'colonoscopy', date: '2025-02-10', finding: 'abnormal' },
  { type: 'colonoscopy', date: '2026-02-10', finding: 'normal' },
  { type: 'exam', date: '2026-01-29', activity: 'ct_chest_abdomen_pelvis', outcome: 'suspicious' },
  { type: 'exam', date: '2026-02-01', activity: 'tumour_markers' },
  { type: 'liver_ned', date: '2026-02-01' },
  { type: 'conversion_therapy_started', date: '2026-02-01', mmr: 'pMMR' },
];

test.each(EVENTS)('a preview of %o has the plan diff of recording it', async (event) => {
  for (const history of [[RESECTION], [RESECTION, NED], [NED]]) {
    const { id } = await patientWith(...history);
    const { body: preview } = await t.post(`/patients/${id}/preview`, { events: [event] });
    const { body: recorded } = await t.post(`/patients/${id}/events`, event);

    expect(preview.plan).toEqual(recorded.plan);
  }
});

test('a preview of a decision has the plan diff of recording it', async () => {
  const { id } = await patientWith(RESECTION, NED);
  for (const decision of [
    { kind: 'interval', rule: 'ned_review', phase: 0, every: 'P6M' },
    { kind: 'rule_off', rule: 'ned_liver_ultrasound' },
    { kind: 'added_item', activity: 'mri_liver', due: '2026-04-01' },
    { kind: 'profile', profile: 'minimal' },
  ]) {
    const { body: preview } = await t.post(`/patients/${id}/preview`, { decisions: [decision] });
    const decided = await t.post(`/patients/${id}/decisions`, {
      ...decision,
      author: '王医生',
      reason: '因',
    });
    expect(preview.plan).toEqual(decided.body.plan);
  }
});

test('a preview of voiding an event has the plan diff of voiding it', async () => {
  const { id, eventIds } = await patientWith(RESECTION, NED);
  const { body: preview } = await t.post(`/patients/${id}/preview`, { void: [eventIds[1]] });
  const { body: voided } = await t.post(`/patients/${id}/events/${eventIds[1]}/void`, { reason: '误录' });

  expect(preview.plan).toEqual(voided.plan);
});

test('a completed item that the plan no longer contains is kept, in a preview and in the real call', async () => {
  const { id, eventIds } = await patientWith(RESECTION);
  const { body: schedule } = await t.get(`/patients/${id}/schedule`);
  const first = schedule.items.find(({ rule }: { rule: string }) => rule === 'postoperative_review');
  await t.post(`/items/${first.id}/complete`, { date: first.due });
  await t.post(`/patients/${id}/events/${eventIds[0]}/void`, { reason: '误录' });
  const { body: preview } = await t.post(`/patients/${id}/preview`, { events: [NED] });
  const { body: recorded } = await t.post(`/patients/${id}/events`, NED);

  expect(recorded.plan.kept).toBeGreaterThan(0);
  expect(preview.plan).toEqual(recorded.plan);
});

test('a fact that is already recorded changes nothing, in a preview and in the real call', async () => {
  const { id } = await patientWith(RESECTION, NED);
  const { body: preview } = await t.post(`/patients/${id}/preview`, { events: [NED] });
  const { body: recorded } = await t.post(`/patients/${id}/events`, NED);

  expect(preview.plan).toMatchObject({ added: 0, moved: 0, cancelled: 0 });
  expect(preview.plan).toEqual(recorded.plan);
});

test('a preview of an assignment has the plan diff of recording it', async () => {
  const { id, eventIds } = await patientWith(NED, {
    type: 'exam',
    date: '2025-03-10',
    activity: 'tumour_markers',
  });
  const { body: schedule } = await t.get(`/patients/${id}/schedule`);
  const item = schedule.items.find(({ rule }: { rule: string }) => rule === 'ned_markers');
  const decision = { kind: 'assignment', eventId: eventIds[1], itemId: item.id };
  const { body: preview } = await t.post(`/patients/${id}/preview`, { decisions: [decision] });
  const decided = await t.post(`/patients/${id}/decisions`, { ...decision, author: '王医生', reason: '因' });

  expect(preview.plan).toEqual(decided.body.plan);
  expect(preview.changes).toContainEqual(
    expect.objectContaining({
      rule: 'ned_markers',
      before: expect.objectContaining({ due: item.due, status: 'missed' }),
      after: expect.objectContaining({ due: item.due, status: 'completed' }),
    }),
  );
});

test('the refusal of an impossible assignment names its place in the preview', async () => {
  const { id, eventIds } = await patientWith(NED);
  const { body: schedule } = await t.get(`/patients/${id}/schedule`);
  const { status, body } = await t.post(`/patients/${id}/preview`, {
    decisions: [{ kind: 'assignment', eventId: eventIds[0], itemId: schedule.items[0].id }],
  });

  expect(status).toBe(422);
  expect(body.errors).toMatchObject([{ pointer: '/decisions/0/eventId', code: 'not-assignable' }]);
});

test('the refusal of an impossible corrected date names its place in the preview', async () => {
  const { id, eventIds } = await patientWith(RESECTION);
  const { status, body } = await t.post(`/patients/${id}/preview`, {
    correct: [{ eventId: eventIds[0], date: '2027-01-01' }],
  });

  expect(status).toBe(422);
  expect(body.errors).toMatchObject([{ pointer: '/correct/0/date', code: 'date-in-future' }]);
});

test('a corrected date cancels the old items, adds the new ones and keeps completed ones', async () => {
  const { id, eventIds } = await patientWith(NED);
  const { body: schedule } = await t.get(`/patients/${id}/schedule`);
  const first = schedule.items.find(({ rule }: { rule: string }) => rule === 'ned_markers');
  await t.post(`/items/${first.id}/complete`, { date: '2025-04-30' });
  const { body } = await t.post(`/patients/${id}/preview`, {
    correct: [{ eventId: eventIds[0], date: '2025-02-10' }],
  });
  const changes = body.changes as Change[];
  const markers = changes.filter(({ rule }) => rule === 'ned_markers');

  expect(markers).toContainEqual(
    expect.objectContaining({
      change: 'kept',
      before: expect.objectContaining({ due: '2025-04-30', status: 'completed' }),
    }),
  );
  expect(markers).toContainEqual(
    expect.objectContaining({ change: 'added', after: expect.objectContaining({ due: '2026-05-10' }) }),
  );
  expect(markers).toContainEqual(
    expect.objectContaining({ change: 'cancelled', before: expect.objectContaining({ due: '2026-04-30' }) }),
  );
});

test('a version of the guideline with the same dates keeps every item', async () => {
  const { id } = await patientWith(RESECTION, NED);
  const { body } = await t.post(`/patients/${id}/preview`, { guideline: 'crlm-cn-2025@1.0.0' });

  expect(body.plan).toMatchObject({ added: 0, moved: 0, cancelled: 0 });
});

test('a preview of another guideline shows its cancelled and kept items', async () => {
  const { id } = await patientWith(RESECTION);
  const { body } = await t.post(`/patients/${id}/preview`, { guideline: 'nhc-china-2023' });

  expect(body.guideline.id).toBe('nhc-china-2023');
  expect(body.plan.kept).toBeGreaterThan(0);
  expect(body.plan.cancelled).toBeGreaterThan(0);
  expect(
    (body.changes as Change[]).some(
      ({ change, activity }) => change === 'cancelled' && activity === 'liver_ultrasound',
    ),
  ).toBe(true);
});

test('a preview saves nothing', async () => {
  const { id, eventIds } = await patientWith(RESECTION, NED);
  const rows = (): Promise<unknown> =>
    t.dataSource.query(`
      SELECT (SELECT json_agg(p ORDER BY id) FROM patient p) AS patients, (SELECT json_agg(e ORDER BY id) FROM clinical_event e) AS events,
             (SELECT json_agg(d ORDER BY id) FROM clinical_decision d) AS decisions, (SELECT json_agg(i ORDER BY id) FROM surveillance_item i) AS items`);
  const before = await rows();
  const { status } = await t.post(`/patients/${id}/preview`, {
    events: [{ type: 'recurrence', date: '2026-02-20' }],
    correct: [{ eventId: eventIds[0], date: '2024-02-01' }],
    decisions: [{ kind: 'rule_off', rule: 'ned_review' }],
    policy: { profile: 'minimal' },
  });

  expect(status).toBe(200);
  expect(await rows()).toEqual(before);
});

test.each<[string, object, string]>([
  ['an event in the future', { events: [{ type: 'recurrence', date: '2026-03-03' }] }, '/events/0/date'],
  ['a death before a recorded event', { events: [{ type: 'death', date: '2023-01-31' }] }, '/events/0/date'],
  ['an unknown event', { void: ['01a207e2-a7cc-713d-929c-4b2871399889'] }, '/void/0'],
  ['an unknown guideline', { guideline: 'nope' }, '/guideline'],
  ['an unknown rule', { decisions: [{ kind: 'rule_off', rule: 'nope' }] }, '/decisions/0/rule'],
])('%s is refused, as by the real call', async (_, change, pointer) => {
  const { id } = await patientWith(RESECTION);
  const { status, body } = await t.post(`/patients/${id}/preview`, change);

  expect({ status, pointers: body.errors.map((one: { pointer: string }) => one.pointer) }).toEqual({
    status: 422,
    pointers: [pointer],
  });
});

test('a comparison shows one patient under several guidelines and names the differences', async () => {
  const { id } = await patientWith(
    { ...RESECTION, date: '2025-01-31' },
    { type: 'colonoscopy', date: '2025-12-01', finding: 'normal' },
  );
  const { body } = await t.get(
    `/patients/${id}/comparison?guidelines=crlm-cn-2025,nice-ng151,asco-2013&lang=en`,
  );

  expect(body.guidelines.map((one: { id: string }) => one.id)).toEqual([
    'crlm-cn-2025',
    'nice-ng151',
    'asco-2013',
  ]);
  expect(body.guidelines[1].caution).toContain('confirmed by a clinician');
  const next = Object.fromEntries(
    body.differences.map((one: { activity: string; next: string[] }) => [one.activity, one.next]),
  );
  expect(next['liver_ultrasound']).toEqual([expect.any(String), null, null]);
  expect(new Set(next['colonoscopy']).size).toBeGreaterThan(1);
});

test('the refusal of a comparison names the unknown guideline', async () => {
  const { id } = await patientWith(RESECTION);
  const { status, body } = await t.get(`/patients/${id}/comparison?guidelines=crlm-cn-2025,nope`);

  expect(status).toBe(422);
  expect(body.errors).toEqual([
    { pointer: '/guidelines', code: 'unknown-guideline', message: expect.stringContaining('nope') },
  ]);
});

const interval = (rule: string, every: string) => ({
  kind: 'interval',
  rule,
  phase: 0,
  every,
  until: 'P20Y',
});

test('an interval below a week is refused, and so are weekly intervals that plan thousands of items', async () => {
  const { id } = await patientWith(RESECTION);
  const preview = (decisions: object[]) => t.post(`/patients/${id}/preview`, { decisions });
  const refused = async (decisions: object[]) => {
    const { status, body } = await preview(decisions);
    return [status, body.errors.map(({ pointer, code }: Record<string, string>) => `${pointer} ${code}`)];
  };
  expect(await refused([interval('postoperative_markers', 'P1D')])).toEqual([
    422,
    ['/decisions/0/every out-of-range'],
  ]);
  const rules = ['review', 'liver_ultrasound', 'markers', 'ct'].map((name) => `postoperative_${name}`);
  expect(await refused(rules.map((rule) => interval(rule, 'P1W')))).toEqual([
    422,
    ['/decisions plan-too-large'],
  ]);
  const { status, body } = await preview([interval('postoperative_markers', 'P1W')]);
  expect(status).toBe(200);
  expect(JSON.stringify(body).length).toBeLessThan(500_000);
});

test('a guideline that is named many times is compared once', async () => {
  const { id } = await patientWith(RESECTION);
  const names = 'nice-ng151,'.repeat(80);
  const { status, body } = await t.get(`/patients/${id}/comparison?guidelines=${names}asco-2013`);
  expect([status, body.guidelines.length]).toEqual([200, 2]);
});

describe('an invented patient', () => {
  const invented = {
    ...{ birthDate: '1958-05-05', diagnosisDate: '2025-01-20' },
    guidelines: ['crlm-cn-2025', 'nice-ng151'],
  };
  const compared = (given: object) => t.post('/guidelines/comparison', { ...invented, ...given });

  test('is planned under several guidelines, with the reason for each date', async () => {
    const { status, body } = await compared({ events: [{ ...RESECTION, date: '2025-01-31' }] });
    expect([status, body.guidelines.map((one: { id: string }) => one.id)]).toEqual([
      200,
      invented.guidelines,
    ]);
    const [first] = body.guidelines[0].items;
    expect(first.reason).toContain(first.due);
    expect(first.title).not.toBe(first.activity);
    expect(body.differences.length).toBeGreaterThan(0);
  });

  test('is refused with the field of the event that is wrong', async () => {
    const pointers = async (event: object) =>
      (await compared({ events: [event] })).body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(await pointers({ ...RESECTION, date: undefined })).toEqual(['/events/0/date']);
    expect(await pointers({ ...RESECTION, date: '2025-01-31', stage: 'X' })).toEqual(['/events/0/stage']);
    expect(await pointers({ ...RESECTION, date: '1950-01-31' })).toEqual(['/events/0/date']);
  });
});
