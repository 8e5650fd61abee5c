import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { until } from '../support/webhook-receiver.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ clock: '2026-03-02T02:00:00Z' });
});
afterAll(() => t.close());

let count = 0;

/** A patient with a liver NED on 2025-01-31, enrolled on that day. */
async function patientWithNed(): Promise<string> {
  const { body } = await t.post('/patients', {
    ...{ mrn: `D${++count}`, name: `李四${count}`, sex: 'female', birthDate: '1980-04-05' },
    ...{ diagnosisDate: '2024-01-10', enrolledOn: '2025-01-31' },
  });
  const path = `/patients/${body.id as string}/events`;
  await t.post(path, { type: 'liver_ned', date: '2025-01-31', by: 'resection' });
  await t.post(path, {
    ...{ type: 'primary_resection', date: '2024-01-31', site: 'colon', stage: 'III', intent: 'curative' },
    preoperativeColonoscopy: 'complete',
  });
  return body.id as string;
}

const by = { author: '王医生', reason: '肾功能不全' };
const decide = (id: string, decision: object): Promise<Answer> =>
  t.post(`/patients/${id}/decisions`, { ...decision, ...by });

async function duesOf(id: string, rule: string): Promise<string[]> {
  const { body } = await t.get(`/patients/${id}/schedule`);
  return (body.items as { rule: string; due: string }[])
    .filter((item) => item.rule === rule)
    .map(({ due }) => due);
}

interface Gap {
  readonly rule: string;
  readonly missing: readonly { readonly due: string; readonly status: string; readonly covers: string[] }[];
}

const gapsOf = async (id: string): Promise<Gap[]> =>
  (await t.get(`/patients/${id}/schedule`)).body.switchedOff as Gap[];

test('a schedule names each rule that is switched off, its day, author and reason, and the items that are missing', async () => {
  const id = await patientWithNed();
  const rule = 'ned_chest_ct';
  const before = (await duesOf(id, rule)).filter((due) => due >= '2026-03-02');
  expect(before.length).toBeGreaterThan(2);
  expect(await gapsOf(id)).toEqual([]);

  const { body: decided } = await decide(id, { kind: 'rule_off', rule });
  const [gap, ...others] = await gapsOf(id);
  expect(others).toEqual([]);
  expect(gap).toMatchObject({
    ...{ rule, activities: ['ct_chest_abdomen_pelvis'], from: '2026-03-02', decidedBy: 'clinician' },
    ...{ author: '王医生', reason: '肾功能不全', decisionId: decided.id },
    decidedAt: decided.decision.decidedAt,
  });
  expect(gap!.missing.map(({ due }) => due)).toEqual(before);

  await t.post(`/patients/${id}/decisions/${decided.id as string}/revoke`, by);
  expect(await gapsOf(id)).toEqual([]);
});

test('an exam that another rule’s item would have covered is missing too', async () => {
  const id = await patientWithNed();
  await decide(id, { kind: 'rule_off', rule: 'ned_imaging_ct' });
  const [gap] = await gapsOf(id);
  const { missing } = gap!;
  expect(missing.some(({ covers }) => covers.includes('ct_abdomen_pelvis'))).toBe(true);
  expect(missing.some(({ covers }) => covers.length === 0)).toBe(true);
});

test('a preview shows the items that would be missing, without an author', async () => {
  const id = await patientWithNed();
  const asked = { kind: 'rule_off', rule: 'ned_markers', from: '2026-06-01' };
  const { body } = await t.post(`/patients/${id}/preview`, { decisions: [asked] });
  expect(body.switchedOff).toMatchObject([
    { rule: 'ned_markers', from: '2026-06-01', author: null, reason: null, decisionId: null },
  ]);
  await decide(id, asked);
  const [gap] = await gapsOf(id);
  expect(gap!.missing).toEqual(body.switchedOff[0].missing);
});

test('a schedule names each rule that the hospital’s policy switches off, with author and reason', async () => {
  const id = await patientWithNed();
  const { body: change } = await t.post('/plan-changes', {
    policy: { rules: { ned_review: { offFrom: '2026-04-01', author: 'Dr. Chen', reason: 'elsewhere' } } },
    ...{ author: 'Dr. Chen', reason: 'agreed' },
  });
  const path = `/plan-changes/${change.id as string}`;
  await until(
    () => t.get(path),
    ({ body }) => body.state === 'previewed',
  );
  await t.post(`${path}/apply`);
  await until(
    () => t.get(path),
    ({ body }) => body.state === 'applied',
  );
  expect(await gapsOf(id)).toMatchObject([
    {
      ...{ rule: 'ned_review', from: '2026-04-01', decidedBy: 'hospital', author: 'Dr. Chen' },
      ...{ reason: 'elsewhere', decisionId: null, decidedAt: null },
    },
  ]);
});
