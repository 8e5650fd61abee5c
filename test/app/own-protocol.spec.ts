import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashOfToken } from '../../src/tenancy/tokens.js';
import { ApiKey } from '../../src/accounts/api-key.entity.js';
import { ROLES } from '../../src/tenancy/caller.js';
import { Hospital } from '../../src/tenancy/hospital.entity.js';
import { firstPolicy } from '../../src/tenancy/policy/first-policy.js';
import { PolicyVersion } from '../../src/tenancy/policy/policy-version.entity.js';
import type { Answer } from '../support/app.js';
import { ownProtocol } from '../support/own-protocol.js';
import { type ReminderHospital, startHospital } from '../support/reminder-hospital.js';
import { until } from '../support/webhook-receiver.js';

// The tests of this file depend on their order.
const CLOCK = '2026-03-10T10:00:00+08:00';
const DECISION = { author: 'Dr. Chen', reason: 'agreed in the department' };
const RESECTION = {
  ...{ type: 'primary_resection', date: '2026-02-15', site: 'colon', stage: 'II', intent: 'curative' },
  preoperativeColonoscopy: 'complete',
};
const PROTOCOL = 'ward-protocol@1.0.0';
const PUBLISHED = 'crlm-cn-2025';

/** A hospital of this file, through its own key. */
interface Ward {
  readonly get: (path: string) => Promise<Answer>;
  readonly post: (
    path: string,
    payload?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answer>;
  readonly patientId: string;
}
interface Item {
  readonly id: string;
  readonly activity: string;
  readonly due: string;
  readonly status: string;
  readonly reason: string;
}

let t: ReminderHospital;
let own: Ward;
let other: Ward;
let rolloutId: string;

beforeAll(async () => {
  t = await startHospital({ clock: CLOCK });
  own = await wardOf(t.adminKey);
  other = await wardOf(await anotherHospital());
});
afterAll(() => t.close());

async function anotherHospital(): Promise<string> {
  const [id, key] = [randomUUID(), `nw_${randomUUID()}`];
  const createdAt = await t.now();
  const policy = firstPolicy();
  const named = { name: 'another', code: 'another', timeZone: 'Asia/Shanghai', language: 'zh' as const };
  await t.dataSource.getRepository(Hospital).insert({ id, ...named, policy, createdAt });
  await t.dataSource.getRepository(PolicyVersion).insert({ hospitalId: id, version: 1, policy, createdAt });
  const roles = [...ROLES];
  const row = { id: randomUUID(), hospitalId: id, name: 'key', keyHash: hashOfToken(key), roles, createdAt };
  await t.dataSource.getRepository(ApiKey).insert(row);
  return key;
}

async function wardOf(key: string): Promise<Ward> {
  const authorization = `Bearer ${key}`;
  const post: Ward['post'] = (path, payload, headers) => t.post(path, payload, { authorization, ...headers });
  const { body } = await post('/patients', {
    ...{ mrn: 'P1', name: '李敏', sex: 'female', birthDate: '1960-05-05' },
    ...{ diagnosisDate: '2026-01-10', enrolledOn: '2026-02-15' },
  });
  const patientId = body.id as string;
  await post(`/patients/${patientId}/events`, RESECTION);
  return { get: (path) => t.get(path, { authorization }), post, patientId };
}

const itemsOf = async ({ get, patientId }: Ward): Promise<Item[]> =>
  (await get(`/patients/${patientId}/schedule?lang=en`)).body.items as Item[];
const dueOf = async (ward: Ward, activity: string): Promise<string[]> =>
  (await itemsOf(ward)).filter((item) => item.activity === activity).map(({ due }) => due);
const guidelineOf = async ({ get, patientId }: Ward): Promise<string> => {
  const { id, version } = (await get(`/patients/${patientId}/schedule`)).body.guideline;
  return `${id as string}@${version as string}`;
};

/** The rollout after the program has brought it to that state. */
const reached = (id: string, state: string) =>
  until(
    async () =>
      (await own.get(`/plan-changes/${id}`)).body as { state: string; added: number; cancelled: number },
    (rollout) => rollout.state === state,
    60_000,
  );

describe('upload', () => {
  test('names every problem by its pointer, in the language of the reader', async () => {
    const wrong = ownProtocol('P1M', { covers: { wound_check: ['x_ray'] } });
    wrong.rules[1]!.activity = 'tumour_marker';
    for (const [language, words] of [
      ['en', 'There is no activity tumour_marker'],
      ['zh', '没有检查 tumour_marker'],
    ] as const) {
      const { status, body } = await own.post('/guidelines', wrong, { 'accept-language': language });
      expect([status, body.code]).toEqual([422, 'invalid-input']);
      expect(body.errors.map(({ pointer, code }: Record<string, string>) => [pointer, code])).toEqual([
        ['/rules/1/activity', 'unknown-activity'],
        ['/covers/wound_check', 'unknown-activity'],
      ]);
      expect(body.errors[0].message).toContain(words);
    }
  });

  test('refuses a misspelt field, the id of a published guideline, too much work and too large a file', async () => {
    const refusal = async (file: object): Promise<[number, string, string | undefined]> => {
      const { status, body } = await own.post('/guidelines', file);
      return [status, body.errors?.[0]?.code ?? body.code, body.errors?.[0]?.pointer];
    };
    expect(await refusal({ ...ownProtocol('P1M'), flag: [] })).toEqual([422, 'unknown-field', '/flag']);
    expect(await refusal(ownProtocol('P1M', { id: PUBLISHED }))).toEqual([422, 'published-id', '/id']);
    const [wound] = ownProtocol('P1W').rules;
    const weekly = ['a', 'b', 'c', 'd'].map((id) => ({ ...wound, id }));
    expect(await refusal(ownProtocol('P1W', { rules: weekly }))).toEqual([422, 'too-often', '/rules']);
    const long = { zh: '长'.repeat(2000), en: 'x'.repeat(2000) };
    const verbose = Array.from({ length: 99 }, (_, index) => ({ ...wound, id: `r${index}`, title: long }));
    expect(await refusal(ownProtocol('P1W', { rules: verbose }))).toEqual([
      413,
      'guideline-too-large',
      undefined,
    ]);
  });

  test('freezes a version with its content; another hospital may store other content under the same name', async () => {
    const { status, body } = await own.post('/guidelines', ownProtocol('P1M'));
    expect(status).toBe(201);
    expect(body).toMatchObject({ id: 'ward-protocol', version: '1.0.0', rules: 3 });
    expect(body.noLongerAskedFor).toContain('colonoscopy');
    expect(body.noLongerAskedFor).not.toContain('tumour_markers');

    const again = await own.post('/guidelines', ownProtocol('P1M'));
    expect([again.status, again.body]).toEqual([200, body]);
    const changed = await own.post('/guidelines', ownProtocol('P3W'));
    expect([changed.status, changed.body.code]).toEqual([409, 'guideline-version-taken']);
    const elsewhere = await other.post('/guidelines', ownProtocol('P3W'));
    expect(elsewhere.status).toBe(201);
    expect(elsewhere.body.digest).not.toBe(body.digest);
  });

  test('is listed and shown beside the published ones, in its own hospital alone', async () => {
    const { body } = await own.get('/guidelines');
    const stored = body.items.filter(({ origin }: { origin: string }) => origin === 'hospital');
    expect(stored).toMatchObject([{ id: 'ward-protocol', version: '1.0.0' }]);
    for (const path of ['/guidelines/ward-protocol', '/guidelines/ward-protocol/1.0.0'])
      expect((await own.get(path)).body).toEqual(ownProtocol('P1M'));
    expect((await other.get('/guidelines/ward-protocol')).body.rules[0].phases[0].every).toBe('P3W');
    expect((await own.get('/guidelines/ward-protocol/2.0.0')).status).toBe(404);
  });
});

describe('rollout', () => {
  test('is previewed without a change, for one patient and for all', async () => {
    const before = await itemsOf(own);
    const preview = await own.post(`/patients/${own.patientId}/preview`, { guideline: 'ward-protocol' });
    expect([preview.status, preview.body.guideline]).toEqual([
      200,
      { id: 'ward-protocol', version: '1.0.0' },
    ]);
    const { body } = await own.get(
      `/patients/${own.patientId}/comparison?guidelines=${PUBLISHED},${PROTOCOL}`,
    );
    expect(body.guidelines.map(({ id }: { id: string }) => id)).toEqual([PUBLISHED, 'ward-protocol']);
    const asked = await own.post('/plan-changes', { policy: { guideline: PROTOCOL }, ...DECISION });
    expect(asked.status).toBe(202);
    rolloutId = asked.body.id as string;
    const previewed = await reached(rolloutId, 'previewed');
    expect(previewed.cancelled).toBeGreaterThan(0);
    expect(previewed.added).toBeGreaterThan(0);
    expect(await itemsOf(own)).toEqual(before);
  });

  test('computes plans by the own protocol, and the other hospital stays on the published guideline', async () => {
    const published = await itemsOf(other);
    expect((await own.post(`/plan-changes/${rolloutId}/apply`)).status).toBe(202);
    await reached(rolloutId, 'applied');
    expect(await guidelineOf(own)).toBe(PROTOCOL);
    expect(await dueOf(own, 'wound_check')).toEqual([
      ...['2026-03-15', '2026-04-15', '2026-05-15', '2026-06-15', '2026-07-15', '2026-08-15'],
    ]);
    expect((await dueOf(own, 'sigmoidoscopy'))[0]).toBe('2026-08-15');
    expect(await dueOf(own, 'colonoscopy')).toEqual([]);
    expect(await guidelineOf(other)).toContain(PUBLISHED);
    expect(await itemsOf(other)).toEqual(published);
  });

  test('explains the dates in both languages', async () => {
    const item = (await itemsOf(own)).find(({ activity }) => activity === 'wound_check')!;
    expect(item.reason).toContain('2026-02-15 + 1 month → 2026-03-15');
    const { body } = await own.get(`/items/${item.id}/reason`);
    expect(body.guideline).toEqual({ id: 'ward-protocol', version: '1.0.0' });
    expect(body.en).toMatchObject({
      guideline: expect.stringContaining('Protocol of the ward'),
      section: '1',
    });
    expect(body.en.interpretation).toBe('Counted from the operation.');
    expect(body.zh.interpretation).toBe('自手术日起算。');
  });
});

describe('what happens under the protocol', () => {
  test('an event that it declares is recorded, and is unknown where the published guideline holds', async () => {
    const seen = { type: 'sigmoidoscopy_done', date: '2026-03-09', finding: 'polyps' };
    const recorded = await own.post(`/patients/${own.patientId}/events`, seen);
    expect([recorded.status, recorded.body.event.finding]).toEqual([201, 'polyps']);
    expect((await dueOf(own, 'sigmoidoscopy'))[0]).toBe('2026-09-09');

    const unknown = await other.post(`/patients/${other.patientId}/events`, seen);
    expect([unknown.status, unknown.body.errors[0].pointer]).toEqual([422, '/type']);
    const unsaid = await own.post(`/patients/${own.patientId}/events`, { ...seen, finding: undefined });
    expect([unsaid.status, unsaid.body.errors[0].pointer]).toEqual([422, '/finding']);
  });

  test('an exam of its activity has the outcomes that it declares, in a file too', async () => {
    const exam = { type: 'exam', date: '2026-03-01', activity: 'wound_check' };
    const wrong = await own.post(`/patients/${own.patientId}/events`, { ...exam, outcome: 'normal' });
    expect([wrong.status, wrong.body.errors[0]]).toEqual([
      422,
      expect.objectContaining({
        pointer: '/outcome',
        message: 'The outcome of wound check is one of: dry, red.',
      }),
    ]);
    const file = 'mrn,type,date,activity,outcome\nP1,exam,2026-02-20,wound_check,dry\n';
    expect((await imported(own, file)).counts).toMatchObject({ created: 1, rejected: 0 });
    expect((await imported(other, file)).report.counts).toMatchObject({ created: 0, rejected: 1 });
  });

  test('a reminder of the item is sent on the day that the protocol names', async () => {
    await t.setClock('2026-03-15T09:00:00+08:00');
    await t.tellAll();
    const delivered = t.receiver.messages(t.secret) as unknown as { type: string; data: Item }[];
    expect(delivered.map(({ type, data }) => [type, data.activity, data.due])).toContainEqual([
      ...['surveillance.item.due', 'wound_check', '2026-03-15'],
    ]);
  });

  test('an item is completed with an outcome of its activity', async () => {
    const item = (await itemsOf(own)).find(({ activity }) => activity === 'wound_check')!;
    const complete = (outcome: string) =>
      own.post(`/items/${item.id}/complete`, { date: '2026-03-15', outcome });
    expect((await complete('suspicious')).status).toBe(422);
    const { status, body } = await complete('red');
    expect([status, body.item.status]).toEqual([200, 'completed']);
  });
});

test('a rollback brings the published plan back; what was done keeps the reason of the protocol', async () => {
  expect((await own.post(`/plan-changes/${rolloutId}/undo`, DECISION)).status).toBe(202);
  await reached(rolloutId, 'undone');
  expect(await guidelineOf(own)).toContain(PUBLISHED);
  expect(await dueOf(own, 'colonoscopy')).toEqual(await dueOf(other, 'colonoscopy'));
  const done = (await itemsOf(own)).filter(({ status }) => status === 'completed');
  expect(done.map(({ activity }) => activity)).toContain('wound_check');
  const wound = done.find(({ activity }) => activity === 'wound_check')!;
  expect(wound.reason).toContain('2026-02-15 + 1 month → 2026-03-15');
  expect((await own.get(`/items/${wound.id}/reason`)).body.guideline.id).toBe('ward-protocol');
});

async function imported({ post }: Ward, csv: string) {
  const boundary = 'x-boundary';
  const part = (name: string, value: string, more = ''): string =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
  const payload = [
    part('kind', 'events'),
    part('file', csv, '; filename="events.csv"'),
    `--${boundary}--\r\n`,
  ];
  const { body } = await post('/imports', payload.join(''), {
    'content-type': `multipart/form-data; boundary=${boundary}`,
  });
  return body;
}
