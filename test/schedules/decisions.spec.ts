import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { planAlone } from '../support/plan-alone.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ clock: '2026-03-02T02:00:00Z' });
});
afterAll(() => t.close());

let count = 0;

/** A patient with a liver NED on 2025-01-31, enrolled on that day. */
async function patientWithNed(): Promise<string> {
  const { body } = await t.post('/patients', {
    mrn: `D${++count}`,
    name: `李四${count}`,
    sex: 'female',
    birthDate: '1980-04-05',
    diagnosisDate: '2024-01-10',
    enrolledOn: '2025-01-31',
  });
  await t.post(`/patients/${body.id}/events`, { type: 'liver_ned', date: '2025-01-31', by: 'resection' });
  await t.post(`/patients/${body.id}/events`, {
    type: 'primary_resection',
    date: '2024-01-31',
    site: 'colon',
    stage: 'III',
    intent: 'curative',
    preoperativeColonoscopy: 'complete',
  });
  return body.id as string;
}

const by = { author: '王医生', reason: '肾功能不全' };
const decide = (id: string, decision: object): Promise<Answer> =>
  t.post(`/patients/${id}/decisions`, { ...decision, ...by });

interface Item {
  readonly id: string;
  readonly due: string;
  readonly status: string;
  readonly rule: string;
  readonly activity: string;
  readonly deviates: boolean;
  readonly reason: string;
}

async function itemsOf(id: string, rule: string): Promise<Item[]> {
  const { body } = await t.get(`/patients/${id}/schedule?lang=en`);
  return (body.items as Item[]).filter((item) => item.rule === rule);
}

const duesOf = async (id: string, rule: string): Promise<string[]> =>
  (await itemsOf(id, rule)).map(({ due }) => due);

test('an interval inside the range applies, names the clinician, and is no deviation', async () => {
  const id = await patientWithNed();
  const { status, body } = await decide(id, {
    kind: 'interval',
    rule: 'ned_imaging_ct',
    phase: 1,
    every: 'P9M',
  });

  expect(status).toBe(201);
  expect(body.decision).toMatchObject({ ...by, kind: 'interval', every: 'P9M', deviation: false });
  // Months 33, 42 and 51 from NED; in month 60 the chest CT covers it.
  const later = (await itemsOf(id, 'ned_imaging_ct')).filter(
    ({ due }) => due > '2027-01-31' && due < '2030-01-31',
  );
  expect(later.map(({ due }) => due)).toEqual(['2027-10-31', '2028-07-31', '2029-04-30']);
  expect(later[0]).toMatchObject({
    deviates: false,
    reason: expect.stringContaining('clinician 王医生 decided every 9 months (肾功能不全)'),
  });
});

test('an interval outside the range applies and marks its items as deviating', async () => {
  const id = await patientWithNed();
  const { body } = await decide(id, { kind: 'interval', rule: 'ned_markers', phase: 0, every: 'P4M' });

  expect(body.decision.deviation).toBe(true);
  const items = await itemsOf(id, 'ned_markers');
  expect(items.slice(0, 2)).toMatchObject([
    { due: '2025-05-31', deviates: true },
    { due: '2025-09-30', deviates: true },
  ]);
  expect(items[0]!.reason).toContain('outside the guideline');
  const worklist = await t.get(
    '/worklist?status=missed,overdue,due,upcoming&activity=tumour_markers&limit=200',
  );
  expect(
    worklist.body.items.filter(
      (item: Item & { patient: { id: string } }) => item.patient.id === id && item.deviates,
    ).length,
  ).toBeGreaterThan(0);
});

test('decisions of two clinicians about two phases of a rule keep their authors', async () => {
  const id = await patientWithNed();
  const decide = (phase: number, every: string, author: string): Promise<Answer> =>
    t.post(`/patients/${id}/decisions`, {
      kind: 'interval',
      rule: 'ned_review',
      phase,
      every,
      author,
      reason: '因',
    });
  await decide(0, 'P4M', '王医生');
  await decide(1, 'P6M', '赵医生');
  const items = await itemsOf(id, 'ned_review');

  expect(items.find(({ due }) => due === '2025-05-31')!.reason).toContain('王医生');
  expect(items.find(({ due }) => due === '2027-07-31')!.reason).toContain('赵医生');
});

test('revoking a decision restores the plan with the same items', async () => {
  const id = await patientWithNed();
  const before = await itemsOf(id, 'ned_markers');
  const { body } = await decide(id, { kind: 'interval', rule: 'ned_markers', phase: 0, every: 'P6M' });
  expect(await duesOf(id, 'ned_markers')).not.toEqual(before.map(({ due }) => due));

  const revoked = await t.post(`/patients/${id}/decisions/${body.id}/revoke`, {
    author: '赵医生',
    reason: '误录',
  });
  expect(revoked.body.decision).toMatchObject({ revokedBy: '赵医生', revokeReason: '误录' });
  expect(planAlone(await itemsOf(id, 'ned_markers'))).toEqual(planAlone(before));
  expect(
    (await t.post(`/patients/${id}/decisions/${body.id}/revoke`, { author: 'x', reason: 'y' })).body,
  ).toMatchObject({
    decision: { revokedBy: '赵医生' },
    plan: { added: 0, moved: 0, cancelled: 0 },
  });
});

test('a rule that is switched off plans nothing from that day on, and completed items stay', async () => {
  const id = await patientWithNed();
  const [first] = await itemsOf(id, 'ned_liver_ultrasound');
  await t.post(`/items/${first!.id}/complete`, { date: '2025-04-30', outcome: 'normal' });
  await decide(id, { kind: 'rule_off', rule: 'ned_liver_ultrasound' });

  const items = await itemsOf(id, 'ned_liver_ultrasound');
  expect(items[0]).toMatchObject({ due: '2025-04-30', status: 'completed' });
  expect(items.every(({ due }) => due < '2026-03-02')).toBe(true);
  expect(items.filter(({ status }) => ['due', 'overdue', 'upcoming'].includes(status))).toEqual([]);
});

test('an interval decided before its rule is switched off keeps its author', async () => {
  const id = await patientWithNed();
  await decide(id, { kind: 'interval', rule: 'ned_markers', phase: 0, every: 'P4M' });
  await t.post(`/patients/${id}/decisions`, {
    kind: 'rule_off',
    rule: 'ned_markers',
    from: '2026-06-01',
    author: '赵医生',
    reason: '患者意愿',
  });

  expect((await itemsOf(id, 'ned_markers'))[0]!.reason).toContain(
    'clinician 王医生 decided every 4 months (肾功能不全)',
  );
});

test('a decided colonoscopy interval removes the flag that the guideline gives none', async () => {
  const id = await patientWithNed();
  const flags = async (): Promise<string[]> =>
    ((await t.get(`/patients/${id}/schedule`)).body.flags as { code: string }[]).map(({ code }) => code);
  expect(await flags()).toContain('interval-to-be-decided-onset-before-50');
  await t.post(`/patients/${id}/events`, { type: 'colonoscopy', date: '2025-02-10', finding: 'normal' });
  await decide(id, { kind: 'interval', rule: 'colonoscopy', every: 'P24M' });

  expect(await flags()).not.toContain('interval-to-be-decided-onset-before-50');
  expect((await duesOf(id, 'colonoscopy')).slice(0, 3)).toEqual(['2025-01-31', '2027-02-10', '2029-02-10']);
});

test('an item added by hand becomes due, can be completed, and ends with the follow-up', async () => {
  const id = await patientWithNed();
  await decide(id, { kind: 'added_item', activity: 'mri_liver', due: '2026-03-20' });
  const [item] = await itemsOf(id, 'by_hand');

  expect(item).toMatchObject({ due: '2026-03-20', status: 'upcoming', activity: 'mri_liver' });
  expect(item!.reason).toContain('王医生: 肾功能不全');
  const { body: reason } = await t.get(`/items/${item!.id}/reason`);
  expect(reason).toMatchObject({
    rule: 'by_hand',
    zh: { recommendation: '非指南内容' },
    en: { evidence: null },
  });
  const done = await t.post(`/items/${item!.id}/complete`, { date: '2026-03-01', outcome: 'normal' });
  expect(done.body.item).toMatchObject({ status: 'completed', completedOn: '2026-03-01' });

  const other = await patientWithNed();
  await decide(other, { kind: 'added_item', activity: 'mri_liver', due: '2026-03-20' });
  await t.post(`/patients/${other}/events`, { type: 'death', date: '2026-03-01' });
  expect(await itemsOf(other, 'by_hand')).toEqual([]);
});

test('a PET added by hand is refused with the sentence of the guideline', async () => {
  const { status, body } = await decide(await patientWithNed(), {
    kind: 'added_item',
    activity: 'pet_ct',
    due: '2026-03-20',
  });

  expect(status).toBe(422);
  expect(body.errors).toEqual([
    {
      pointer: '/activity',
      code: 'not-routine',
      message: expect.stringContaining('does not recommend PET/CT or PET/MRI as a routine (1.4(2))'),
    },
  ]);
});

test('an exam outside every window completes no item, is shown as unassigned, and can be assigned', async () => {
  const id = await patientWithNed();
  const exam = await t.post(`/patients/${id}/events`, {
    type: 'exam',
    date: '2025-03-10',
    activity: 'tumour_markers',
  });
  const schedule = async () => (await t.get(`/patients/${id}/schedule`)).body;
  expect((await schedule()).unassigned).toEqual([
    { eventId: exam.body.id, date: '2025-03-10', activity: 'tumour_markers' },
  ]);
  const item = (await itemsOf(id, 'ned_markers'))[0]!;
  const assigned = await decide(id, { kind: 'assignment', eventId: exam.body.id, itemId: item.id });

  expect(assigned.status).toBe(201);
  expect((await itemsOf(id, 'ned_markers'))[0]).toMatchObject({
    id: item.id,
    due: '2025-04-30',
    status: 'completed',
  });
  expect((await schedule()).unassigned).toEqual([]);
  await t.post(`/patients/${id}/decisions/${assigned.body.id}/revoke`, by);
  expect((await itemsOf(id, 'ned_markers'))[0]).toMatchObject({ status: 'missed' });
});

test('the profile and the imaging method decided for a patient override the policy', async () => {
  const id = await patientWithNed();
  await decide(id, { kind: 'profile', profile: 'minimal' });
  await decide(id, { kind: 'liver_imaging', liverImaging: 'mri' });

  expect((await duesOf(id, 'ned_review')).slice(0, 2)).toEqual(['2025-07-31', '2026-01-31']);
  expect(await duesOf(id, 'ned_imaging_ct')).toEqual([]);
  expect((await duesOf(id, 'ned_imaging_mri')).slice(0, 2)).toEqual(['2025-04-30', '2025-07-31']);
  const { body } = await t.get(`/patients/${id}/decisions`);
  expect(body.items.map(({ kind }: { kind: string }) => kind)).toEqual(['profile', 'liver_imaging']);
});

test('an exam by another imaging method completes the item, and the change is flagged', async () => {
  const id = await patientWithNed();
  await t.post(`/patients/${id}/events`, {
    type: 'exam',
    date: '2025-04-29',
    activity: 'mri_liver',
    outcome: 'normal',
  });
  const { body } = await t.get(`/patients/${id}/schedule`);

  expect((await itemsOf(id, 'ned_imaging_ct'))[0]).toMatchObject({ due: '2025-04-30', status: 'completed' });
  expect(body.flags.map(({ code }: { code: string }) => code)).toContain('imaging-method-changed');
});

test.each<[string, object, string, string]>([
  ['an unknown rule', { kind: 'interval', rule: 'nope', phase: 0, every: 'P3M' }, '/rule', 'unknown-rule'],
  [
    'more than once a week',
    { kind: 'interval', rule: 'ned_markers', phase: 0, every: 'P6D' },
    '/every',
    'out-of-range',
  ],
  ['no phase', { kind: 'interval', rule: 'ned_markers', every: 'P3M' }, '/phase', 'required'],
  [
    'an unknown phase',
    { kind: 'interval', rule: 'ned_markers', phase: 7, every: 'P3M' },
    '/phase',
    'unknown-phase',
  ],
  ['no value', { kind: 'interval', rule: 'ned_markers', phase: 0 }, '/every', 'required'],
  [
    'a phase of a chain',
    { kind: 'interval', rule: 'colonoscopy', phase: 0, every: 'P12M' },
    '/phase',
    'no-phases',
  ],
  [
    'a finding’s interval',
    { kind: 'interval', rule: 'suspicious_finding_mri', every: 'P12M' },
    '/rule',
    'no-interval',
  ],
  [
    'a text that is no period',
    { kind: 'interval', rule: 'ned_markers', phase: 0, every: '3 months' },
    '/every',
    'wrong-format',
  ],
  [
    'a period of zero',
    { kind: 'interval', rule: 'ned_markers', phase: 0, every: 'P0M' },
    '/every',
    'wrong-format',
  ],
  [
    'a thousand years',
    { kind: 'interval', rule: 'ned_markers', phase: 0, every: 'P1000Y' },
    '/every',
    'invalid',
  ],
  [
    'an unknown activity',
    { kind: 'added_item', activity: 'x_ray', due: '2026-04-01' },
    '/activity',
    'unknown-activity',
  ],
  [
    'a date that does not exist',
    { kind: 'added_item', activity: 'mri_liver', due: '2026-02-30' },
    '/due',
    'invalid',
  ],
  [
    'an event of another patient',
    {
      kind: 'assignment',
      eventId: '01a207e2-a7cc-713d-929c-4b2871399889',
      itemId: '01a207e2-a7cc-713d-929c-4b2871399889',
    },
    '/eventId',
    'unknown-event',
  ],
])('%s is refused, and nothing is stored', async (_, decision, pointer, code) => {
  const id = await patientWithNed();
  const { status, body } = await decide(id, decision);

  expect({ status, errors: body.errors }).toEqual({
    status: 422,
    errors: [expect.objectContaining({ pointer, code })],
  });
  expect((await t.get(`/patients/${id}/decisions`)).body.items).toEqual([]);
});

test('author and reason are required and must not be blank', async () => {
  const id = await patientWithNed();
  const { status, body } = await t.post(`/patients/${id}/decisions`, {
    kind: 'profile',
    profile: 'minimal',
    author: ' ',
  });

  expect(status).toBe(422);
  expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
    '/author',
    '/reason',
  ]);
});

test('a request with an API key must name the author', async () => {
  const id = await patientWithNed();
  const { status, body } = await t.post(`/patients/${id}/decisions`, {
    ...{ kind: 'profile', profile: 'minimal', reason: 'agreed' },
  });

  expect([status, body.errors[0]]).toEqual([
    422,
    { pointer: '/author', code: 'required', message: expect.any(String) },
  ]);
});
