import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';

let t: TestApp;
let patientId: string;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
  patientId = (await t.post('/patients', PERSON)).body.id as string;
});
afterAll(() => t.close());

const PERSON = {
  mrn: 'P1',
  name: '李敏',
  sex: 'female',
  birthDate: '1960-05-05',
  diagnosisDate: '2024-01-10',
};
const RESECTION = {
  type: 'primary_resection',
  date: '2024-01-31',
  site: 'colon',
  stage: 'III',
  intent: 'curative',
  preoperativeColonoscopy: 'complete',
};
const json = { 'content-type': 'application/json' };

test.each([
  ['an unknown stage', { ...RESECTION, stage: 'V' }, '/stage', 'not-allowed'],
  ['a missing stage', { ...RESECTION, stage: undefined }, '/stage', 'required'],
  ['a date that does not exist', { ...RESECTION, date: '2023-02-29' }, '/date', 'invalid'],
  ['a date with a time', { ...RESECTION, date: '2024-01-31T00:00:00Z' }, '/date', 'invalid'],
  ['a date in the future', { ...RESECTION, date: '2026-11-02' }, '/date', 'date-in-future'],
  ['a date before birth', { ...RESECTION, date: '1950-01-01' }, '/date', 'before-birth'],
  ['a field misspelt', { ...RESECTION, sit: 'colon' }, '/sit', 'unknown-field'],
  ['an unknown type', { ...RESECTION, type: 'party' }, '/type', 'not-allowed'],
  [
    'an unknown examination',
    { type: 'exam', date: '2024-05-01', activity: 'pet_ct' },
    '/activity',
    'not-allowed',
  ],
  [
    'a value in a wrong unit',
    {
      type: 'exam',
      date: '2024-05-01',
      activity: 'tumour_markers',
      values: [{ code: 'CEA', value: 1, unit: 'mg' }],
    },
    '/values/0/unit',
    'not-allowed',
  ],
])('an event with %s is refused by the name of the field', async (_, event, pointer, code) => {
  const { status, body } = await t.post(`/patients/${patientId}/events`, event);
  expect(status).toBe(422);
  expect(body.errors).toContainEqual(expect.objectContaining({ pointer, code }));
  expect((await t.get(`/patients/${patientId}/events`)).body.items).toEqual([]);
});

test('a death before a surgery that is recorded is refused, and so is a surgery after a recorded death', async () => {
  const { body: other } = await t.post('/patients', { ...PERSON, mrn: 'P2', name: '王芳' });
  await t.post(`/patients/${other.id as string}/events`, RESECTION);
  const death = await t.post(`/patients/${other.id as string}/events`, { type: 'death', date: '2024-01-30' });
  expect([death.status, death.body.errors[0]]).toMatchObject([
    422,
    { pointer: '/date', code: 'after-death' },
  ]);

  await t.post(`/patients/${other.id as string}/events`, { type: 'death', date: '2025-01-30' });
  const later = await t.post(`/patients/${other.id as string}/events`, {
    type: 'recurrence',
    date: '2025-02-01',
  });
  expect([later.status, later.body.errors[0]]).toMatchObject([
    422,
    { pointer: '/date', code: 'after-death' },
  ]);
});

test.each([
  ['a body that is not JSON', '{"mrn":', json, 400, 'not-json'],
  ['an empty body', '', json, 400, 'not-json'],
  ['GBK bytes', Buffer.from([0x7b, 0x22, 0xc0, 0xee, 0x22, 0x7d]), json, 400, 'not-utf8'],
  ['a body of 50 MB', Buffer.alloc(50_000_000, ' '), json, 413, 'body-too-large'],
  ['a body deeper than any of ours', '['.repeat(40) + ']'.repeat(40), json, 422, 'invalid-input'],
  [
    'a form where JSON is expected',
    'a=b',
    { 'content-type': 'application/x-www-form-urlencoded' },
    415,
    'unsupported-media-type',
  ],
])('%s is refused without a 5xx', async (_, payload, headers, status, code) => {
  const answer = await t.request('POST', '/patients', { payload, headers });
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

test.each([
  [
    'ends in the middle of its file',
    '--b\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\nmrn',
  ],
  ['is not divided by what it announces', '--other--\r\n'],
])('an import whose form %s is refused without a 5xx', async (_, payload) => {
  const headers = { 'content-type': 'multipart/form-data; boundary=b' };
  const { status, body } = await t.request('POST', '/imports', { payload, headers });
  expect([status, body.code]).toEqual([400, 'not-a-form']);
});

test('the answer with a guideline conforms to the API document and names what is not routine', async () => {
  const { status, body } = await t.get('/guidelines/crlm-cn-2025');
  expect([status, body.notRoutine[0].activities]).toEqual([200, ['pet_ct', 'pet_mri']]);
});

test('text that PostgreSQL cannot store is refused, and the refusal names the field', async () => {
  const { status, body } = await t.post('/patients', { ...PERSON, mrn: 'P\u0000' });
  expect([status, body.errors[0].pointer]).toEqual([422, '/mrn']);
});

test('a request without a known key is refused', async () => {
  for (const authorization of ['', 'Bearer', 'Bearer wrong', 'Basic eDp5']) {
    const { status, headers, body } = await t.get('/patients', { authorization });
    expect([status, headers['www-authenticate'], body.code]).toEqual([401, 'Bearer', 'key-required']);
  }
});

test('an unknown id is not found, and an invalid id is refused as invalid', async () => {
  const unknownId = '00000000-0000-7000-8000-000000000000';
  expect((await t.get(`/patients/${unknownId}/schedule`)).body.code).toBe('patient-not-found');
  expect((await t.post(`/items/${unknownId}/complete`, { date: '2026-10-01' })).body.code).toBe(
    'item-not-found',
  );
  expect((await t.post(`/patients/${patientId}/events/${unknownId}/void`, { reason: 'x' })).body.code).toBe(
    'event-not-found',
  );
  expect((await t.get('/patients/1/schedule')).status).toBe(422);
  expect((await t.get('/nothing')).body.code).toBe('no-such-call');
});

test.each([
  'limit=0',
  'limit=x',
  'cursor=x',
  'status=late',
  'from=2026-02-30',
  'activity=pet',
  'cursor=WyJhIl0',
  'cursor=WyIyMDI2LTAyLTMwIiwieCJd',
])('a worklist asked for with %s is refused', async (query) =>
  expect((await t.get(`/worklist?${query}`)).status).toBe(422),
);

const NO_INSTANTS = [
  ...[
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '10000-01-01T00:00:00Z',
  ],
  ...[
    '+275760-09-13T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '2026-01-01T00:00:00+23:59',
    '2026-02-30T00:00:00Z',
  ],
  ...['2026-01-01T24:00:00Z', `2026-01-01T00:00:00.${'1'.repeat(80)}Z`, '2026-01-01', 'infinity', '\0'],
];

test('an instant or a day that does not exist is refused in every parameter, and the refusal names it', async () => {
  const { body: endpoint } = await t.post('/webhook-endpoints', { url: 'http://127.0.0.1:9/hook' });
  for (const instant of NO_INSTANTS) {
    const written = encodeURIComponent(instant);
    const cursor = Buffer.from(JSON.stringify([instant, patientId])).toString('base64url');
    const answers = await Promise.all([
      ...[`from=${written}`, `to=${written}`, `cursor=${cursor}`].map((query) =>
        t.get(`/audit-events?${query}`),
      ),
      t.post(`/webhook-endpoints/${endpoint.id as string}/recover`, { since: instant }),
    ]);
    expect([instant, answers.map(({ status }) => status)]).toEqual([instant, [422, 422, 422, 422]]);
    expect(answers[0].body.errors).toMatchObject([{ pointer: '/from' }]);
  }
  for (const instant of ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z', '2026-01-01T00:00:00+14:00'])
    expect([instant, (await t.get(`/audit-events?from=${encodeURIComponent(instant)}`)).status]).toEqual([
      instant,
      200,
    ]);
  for (const day of ['0000-01-01', '10000-01-01', '275760-09-13', '-000001-01-01', '2026-13-01']) {
    const answers = await Promise.all([
      ...[`from=${day}`, `to=${day}`].map((query) => t.get(`/worklist?${query}`)),
      t.post(`/patients/${patientId}/events`, { ...RESECTION, date: day }),
      t.post('/patients', { ...PERSON, mrn: 'P9', birthDate: day }),
      t.request('PATCH', '/policy', { payload: { rules: { marker: { offFrom: day } } } }),
    ]);
    expect([day, answers.filter(({ status }) => status < 400 || status > 499)]).toEqual([day, []]);
  }
  const cursor = Buffer.from(JSON.stringify(['\0'])).toString('base64url');
  expect((await t.get(`/nurse-names?cursor=${cursor}`)).status).toBe(422);
});

test('a text that looks like a sealed value is stored and returned as a text in every column', async () => {
  const looks = [1, 9].map((key) => `sealed:1:${key}:${'A'.repeat(60)}`);
  for (const [index, text] of looks.entries()) {
    const { body } = await t.post('/patients', {
      ...{ ...PERSON, mrn: text.slice(0, 60) + String(index), name: text, department: text },
      responsibleNurse: text,
    });
    const id = body.id as string;
    await t.post(`/patients/${id}/events`, RESECTION);
    await t.post(`/patients/${id}/events`, { type: 'recurrence', date: '2025-01-31', site: text });
    const { status, body: copy } = await t.get(`/patients/${id}/export`);
    expect(status).toBe(200);
    expect(copy.records.patient).toMatchObject([{ name: text, department: text, responsible_nurse: text }]);
    expect(copy.records.clinical_event).toContainEqual(
      expect.objectContaining({ detail: expect.objectContaining({ site: text }) }),
    );
    expect((await t.get(`/patients/${id}/schedule`)).status).toBe(200);
  }
});
