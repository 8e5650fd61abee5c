import { afterAll, beforeEach, expect, test } from '@jest/globals';
import {
  DECISION,
  MINIMAL,
  nextPlanningHospital,
  type PlanningHospital,
} from '../support/planning-hospital.js';

let t: PlanningHospital;
beforeEach(async () => {
  t = await nextPlanningHospital(t, { clock: '2026-11-01T09:00:00+08:00' });
});
afterAll(() => t.close());

test.each<[string, object, string[]]>([
  ['a guideline that is not published', { guideline: 'nccn' }, ['/policy/guideline unknown-guideline']],
  ['a rule the guideline does not have', { rules: { pet: {} } }, ['/policy/rules/pet unknown-rule']],
  [
    'a phase the rule does not have',
    { rules: { ned_markers: { phases: { 7: { every: 'P3M' } } } } },
    ['/policy/rules/ned_markers/phases/7 unknown-phase'],
  ],
  [
    'another value for a fixed interval, without author and reason',
    { rules: { ned_markers: { phases: { 0: { every: 'P6M' } } } } },
    [
      '/policy/rules/ned_markers/phases/0/every deviation',
      '/policy/rules/ned_markers/author required',
      '/policy/rules/ned_markers/reason required',
    ],
  ],
  [
    'a value outside the range, without a reason',
    { rules: { postoperative_review: { phases: { 0: { every: 'P9M' } }, author: 'Dr. Chen' } } },
    [
      '/policy/rules/postoperative_review/phases/0/every deviation',
      '/policy/rules/postoperative_review/reason required',
    ],
  ],
  [
    'leaving a rule out, without author and reason',
    { rules: { ned_markers: { offFrom: '2027-01-01' } } },
    [
      '/policy/rules/ned_markers/offFrom deviation',
      '/policy/rules/ned_markers/author required',
      '/policy/rules/ned_markers/reason required',
    ],
  ],
  [
    'an interval where the rule has phases',
    { rules: { ned_markers: { interval: 'P3M', ...DECISION } } },
    ['/policy/rules/ned_markers/interval not-allowed'],
  ],
  [
    'an examination every other day',
    { rules: { ned_markers: { phases: { 0: { every: 'P2D' } }, ...DECISION } } },
    ['/policy/rules/ned_markers/phases/0/every out-of-range'],
  ],
  [
    'an interval that is no period',
    { rules: { ned_markers: { phases: { 0: { every: 'quarterly' } } } } },
    ['/policy/rules/ned_markers/phases/0/every invalid'],
  ],
  [
    'a tolerance of more than 90 days',
    { tolerances: { upTo3Months: 14, upTo12Months: 30, longer: 91 } },
    ['/policy/tolerances/longer out-of-range'],
  ],
  ['an unknown field', { leadDays: 3 }, ['/policy/leadDays unknown-field']],
])('the policy is refused: %s', async (_, policy, faults) => {
  const { status, body } = await t.post('/plan-changes', { policy, ...DECISION });
  const named = body.errors?.map(({ pointer, code }: Record<string, string>) => `${pointer} ${code}`);
  expect([status, named]).toEqual([422, faults]);
  expect((await t.get('/plan-changes')).body.items).toEqual([]);
});

test('a policy may choose values inside the ranges, and deviate with an author and a reason', async () => {
  const rules = {
    postoperative_review: { phases: { 0: { every: 'P4M' } } },
    ned_chest_ct: { phases: { 0: { until: 'P48M' }, 1: { every: 'P18M' } } },
    ned_markers: { phases: { 0: { every: 'P6M' } }, ...DECISION },
    colonoscopy: { interval: 'P24M', ...DECISION },
    conversion_ct: { offFrom: '2027-01-01', ...DECISION },
  };
  const id = await t.applied({ policy: { rules }, ...DECISION });
  await t.replanAll();
  expect((await t.changeOf(id)).policy.rules).toMatchObject(rules);
  const next = await t.ask({ policy: { rules: { conversion_ct: null, ned_markers: null } }, ...DECISION });
  expect(Object.keys((await t.changeOf(next)).policy.rules ?? {}).sort()).toEqual([
    'colonoscopy',
    'ned_chest_ct',
    'postoperative_review',
  ]);
});

test('of twenty simultaneous previews one runs, and the refusals of the others name it', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => t.post('/plan-changes', MINIMAL)));
  const [{ id }] = (await t.get('/plan-changes')).body.items;
  expect(answers.filter(({ status }) => status === 202).map(({ body }) => body.id)).toEqual([id]);
  const refused = answers.filter(({ status }) => status !== 202);
  expect(refused).toHaveLength(19);
  for (const { status, body } of refused) {
    expect([status, body.code]).toEqual([409, 'plan-change-previewing']);
    expect(body.title).toContain(`${id} is still being previewed`);
  }
  expect((await t.post(`/plan-changes/${id}/discard`)).status).toBe(200);
  await t.ask(MINIMAL);
});

test('intervals that are each allowed but together plan too many items are refused', async () => {
  const weekly = { phases: { 0: { every: 'P1W' } }, ...DECISION };
  const rules = {
    ned_markers: weekly,
    ned_chest_ct: weekly,
    postoperative_review: weekly,
    ned_liver_ultrasound: weekly,
  };
  const { status, body } = await t.post('/plan-changes', { policy: { rules }, ...DECISION });
  expect([status, body.errors]).toMatchObject([422, [{ pointer: '/policy/rules', code: 'too-often' }]]);
});

test('apply, undo and discard are refused in a state that does not allow them', async () => {
  const refusal = async (path: string, payload?: object) => {
    const { status, body } = await t.post(`/plan-changes/${path}`, payload);
    return [status, body.code];
  };
  await t.givenPatient('2026-09-30');
  const one = await t.ask(MINIMAL);
  expect(await refusal(`${one}/apply`)).toEqual([409, 'plan-change-not-previewed']);
  expect(await refusal(`${one}/undo`, DECISION)).toEqual([409, 'plan-change-not-applied']);
  await t.previewAll();
  const two = await t.ask(MINIMAL);
  await t.previewAll();
  expect((await t.post(`/plan-changes/${one}/apply`)).status).toBe(202);
  expect(await refusal(`${one}/apply`)).toEqual([409, 'plan-change-not-previewed']);
  expect(await refusal(`${one}/discard`)).toEqual([409, 'plan-change-not-discardable']);
  expect(await refusal(`${two}/apply`)).toEqual([409, 'plan-change-running']);
  await t.replanAll();
  expect(await refusal(`${two}/apply`)).toEqual([409, 'policy-moved']);
  expect((await t.post(`/plan-changes/${two}/discard`)).body.state).toBe('discarded');
  expect((await t.post(`/plan-changes/${two}/discard`)).status).toBe(200);

  await t.applied({ policy: { liverImaging: 'mri' }, ...DECISION });
  await t.replanAll();
  expect(await refusal(`${one}/undo`, DECISION)).toEqual([409, 'policy-moved']);
  expect(await refusal('00000000-0000-4000-8000-000000000000/apply')).toEqual([404, 'plan-change-not-found']);
  const { body } = await t.get('/plan-changes?limit=2');
  expect(body.items.map(({ state }: { state: string }) => state)).toEqual(['applied', 'discarded']);
  const rest = await t.get(`/plan-changes?limit=2&cursor=${body.nextCursor as string}`);
  expect(rest.body).toMatchObject({ items: [{ id: one, state: 'applied' }], nextCursor: null });
});

test('of two rollouts that are applied at the same moment one is refused', async () => {
  await t.givenPatient('2026-09-30');
  const one = await t.ask(MINIMAL);
  await t.previewAll();
  const two = await t.ask({ policy: { liverImaging: 'mri' }, ...DECISION });
  await t.previewAll();
  const answers = await Promise.all([one, two].map((id) => t.post(`/plan-changes/${id}/apply`)));
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
  expect((await t.get('/policy')).body.version).toBe(2);
});

test('examples show what a rollout does to single patients, and agree with what its preview counted', async () => {
  const patient = await t.givenPatient('2026-05-01');
  const id = await t.ask(MINIMAL);
  await t.previewAll();
  const { moved, cancelled, added } = await t.changeOf(id);
  const { body } = await t.get(`/plan-changes/${id}/examples`);
  expect(body.patientsPlanned).toBe(1);
  expect(body.items).toMatchObject([{ patient: { id: patient }, count: moved + cancelled + added }]);
  const [change] = body.items[0].changes;
  expect(change.before).not.toEqual(change.after);
});
