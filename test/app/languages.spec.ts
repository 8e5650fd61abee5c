import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, startApp, type TestApp } from '../support/app.js';

let t: TestApp;
let patientId: string;
let endpointId: string;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
  patientId = (await t.post('/patients', PERSON)).body.id as string;
  endpointId = (await t.post('/webhook-endpoints', { url: 'http://127.0.0.1:9/hook' })).body.id as string;
});
afterAll(() => t.close());

const PERSON = {
  mrn: 'P1',
  name: '李敏',
  sex: 'female',
  birthDate: '1960-05-05',
  diagnosisDate: '2024-01-10',
};
const UNKNOWN = '01a207e2-a6f9-710b-9bac-94085289818e';
const CHINESE = /\p{Script=Han}/u;
const form = (csv: string, kind = 'roster') => ({
  headers: { 'content-type': 'multipart/form-data; boundary=b' },
  payload: [
    ...['--b', `Content-Disposition: form-data; name="kind"`, '', kind],
    ...['--b', 'Content-Disposition: form-data; name="file"; filename="f.csv"', '', csv, '--b--', ''],
  ].join('\r\n'),
});

interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: unknown;
}

interface Problem {
  readonly title: string;
  readonly code: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly message: string }[];
}

type Call = readonly [
  code: string,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: () => string,
  asked?: Asked,
];

const post = (code: string, path: () => string, payload: unknown): Call => [code, 'POST', path, { payload }];
const patient = (): string => `/patients/${patientId}`;

const REFUSALS: readonly Call[] = [
  ['no-such-call', 'GET', () => '/nothing'],
  ['key-required', 'GET', () => '/patients', { headers: { authorization: 'Bearer nw_wrong' } }],
  ['unknown-purpose', 'GET', () => '/patients', { headers: { 'x-purpose': 'FUN' } }],
  ['not-allowed', 'GET', () => '/me/sessions'],
  ['not-json', 'POST', () => '/patients', { headers: { 'content-type': 'application/json' }, payload: '{' }],
  [
    'not-utf8',
    'POST',
    () => '/patients',
    { headers: { 'content-type': 'application/json' }, payload: Buffer.from([0xc3, 0x28]) },
  ],
  [
    'unsupported-media-type',
    'POST',
    () => '/patients',
    { headers: { 'content-type': 'text/plain' }, payload: 'x' },
  ],
  ['patient-not-found', 'GET', () => `/patients/${UNKNOWN}`],
  ['item-not-found', 'GET', () => `/items/${UNKNOWN}/reason`],
  ['guideline-not-found', 'GET', () => '/guidelines/nope'],
  ['webhook-endpoint-not-found', 'GET', () => `/webhook-endpoints/${UNKNOWN}`],
  ['plan-change-not-found', 'GET', () => `/plan-changes/${UNKNOWN}`],
  ['invalid-input', 'GET', () => '/patients/not-an-id'],
  ['invalid-input', 'GET', () => '/patients?cursor=x&limit=501'],
  [
    'idempotency-key-too-long',
    'POST',
    () => '/patients',
    { headers: { 'idempotency-key': 'k'.repeat(256) }, payload: PERSON },
  ],
  post('mrn-taken', () => '/patients', PERSON),
  post('invalid-input', () => '/patients', {
    ...PERSON,
    sex: 'x',
    name: '',
    phone: 4,
    more: 1,
    mrn: undefined,
    identityNumber: '110105194912310021',
  }),
  post('contradictory-dates', () => '/patients', { ...PERSON, mrn: 'P2', birthDate: '2025-05-05' }),
  post('contradictory-dates', () => `${patient()}/events`, { type: 'death', date: '2027-01-01' }),
  post('invalid-input', () => `${patient()}/events`, { type: 'party', date: '2026-02-30' }),
  post('invalid-input', () => '/patients/search', {}),
  post('invalid-input', () => `${patient()}/decisions`, { kind: 'rule_off', rule: 'x' }),
  post('decision-not-possible', () => `${patient()}/decisions`, {
    kind: 'interval',
    rule: 'nope',
    author: 'A',
    reason: 'B',
    every: 'P6M',
  }),
  post('unknown-guideline', () => `${patient()}/preview`, { guideline: 'nope' }),
  post('invalid-input', () => '/plan-changes', {
    author: 'A',
    reason: 'B',
    policy: { rules: { nope: {} }, reminders: { time: '25:00' } },
  }),
  post('invalid-input', () => '/plan-changes', { author: 'A', reason: 'B', policy: { rules: { nope: {} } } }),
  post('invalid-input', () => '/api-keys', {
    name: 'k',
    roles: ['nurse', 'nurse'],
    addresses: ['here'],
    expiresInDays: 0,
  }),
  post('invalid-input', () => '/people', { login: '!', name: 'N', roles: [] }),
  post('invalid-input', () => '/webhook-endpoints', {
    kind: 'wecom',
    url: 'https://qyapi.weixin.qq.com/x',
    payload: 'full',
    robotSecret: 'SEC',
    rateLimit: { perMinute: 60 },
  }),
  post('address-not-allowed', () => '/webhook-endpoints', { url: 'http://10.1.2.3/hook' }),
  post('sign-in-failed', () => '/sign-in', {
    hospital: 'nedwatch',
    login: 'nobody',
    password: 'no password of anybody',
  }),
  post('invalid-input', () => '/sign-in', { hospital: 'nedwatch', login: 'nobody' }),
  post('delivery-not-found', () => `/deliveries/${UNKNOWN}/replay`, undefined),
];

const ROSTER =
  'mrn,name,sex,birth_date,diagnosis_date,primary_site,stage,resection_date,preoperative_colonoscopy\n';

async function asked([, method, path, options = {}]: Call, language: string): Promise<Answer> {
  const { headers = {}, payload } = options;
  return t.request(method, path(), { headers: { ...headers, 'accept-language': language }, payload });
}

describe('a refusal has the same content in both languages', () => {
  test.each(REFUSALS.map((call, index) => [`${index + 1} ${call[0]}`, call] as const))(
    '%s',
    async (_, call) => {
      const [zh, en] = [await asked(call, 'zh-CN,en;q=0.5'), await asked(call, 'en-GB, zh;q=0.1')];
      const [chinese, english] = [zh.body as Problem, en.body as Problem];
      expect([zh.status, chinese.code, english.code]).toEqual([en.status, call[0], call[0]]);
      expect([zh.headers['content-language'], zh.headers['vary']]).toEqual(['zh-CN', 'Accept-Language']);
      expect([en.headers['content-language'], en.headers['vary']]).toEqual(['en', 'Accept-Language']);
      const where = ({ errors = [] }: Problem) => errors.map(({ pointer, code }) => ({ pointer, code }));
      expect(where(chinese)).toEqual(where(english));
      for (const text of [chinese.title, ...(chinese.errors ?? []).map(({ message }) => message)])
        expect(text).toMatch(CHINESE);
      for (const text of [english.title, ...(english.errors ?? []).map(({ message }) => message)])
        expect(text).not.toMatch(CHINESE);
    },
  );
});

test('the rows of an import have their errors in both languages, in a refusal and in a report', async () => {
  const csv = `${ROSTER}R1,王芳,female,1961-04-05,2025-10-20,colon,V,2025-10-31,complete\nR2,王芳,female,1961-04-05,2027-10-20,colon,II,2025-02-30,complete`;
  for (const [language, stage, day] of [
    ['zh', '取值有误：可选值为 I、II、III、IV。', '2025-02-30 不是存在的日期：请按 YYYY-MM-DD 填写。'],
    [
      'en',
      'Invalid option: expected one of I, II, III, IV',
      '2025-02-30 is not a date that exists: write YYYY-MM-DD.',
    ],
  ] as const) {
    const { headers, payload } = form(csv);
    const send = (path: string): Promise<Answer> =>
      t.request('POST', path, { headers: { ...headers, 'accept-language': language }, payload });
    const refused = await send('/imports');
    const report = await send('/imports?dryRun=true');
    expect([refused.status, report.status]).toEqual([422, 200]);
    expect(report.headers['content-language']).toBe(language === 'zh' ? 'zh-CN' : 'en');
    for (const rows of [refused.body.report.rows, report.body.rows])
      expect(rows).toMatchObject([
        { errors: [{ pointer: '/rows/2/stage', message: stage }] },
        { errors: [{ pointer: '/rows/3/resection_date', message: day }] },
      ]);
    expect(refused.body.errors).toMatchObject([{ message: stage }, { message: day }]);
  }
});

test('the findings about a signature are in both languages', async () => {
  const message = { webhookId: 'x', webhookTimestamp: 'x', webhookSignature: 'x', body: '{}' };
  for (const [language, finding] of [
    ['zh', /\p{Script=Han}/u],
    ['en', /^There is no signature in the header/],
  ] as const) {
    const path = `/webhook-endpoints/${endpointId}/signature-check`;
    const { status, body } = await t.post(path, message, { 'accept-language': language });
    expect(status).toBe(200);
    expect(body.findings[0]).toEqual({
      code: 'signature-malformed',
      message: expect.stringMatching(finding),
    });
  }
});

test('without the header the language is that of the hospital; English for unknown callers', async () => {
  const plain = async (authorization: string, language = '*'): Promise<string> => {
    const { headers } = await t.request('GET', '/patients/x', {
      headers: { authorization, 'accept-language': language },
    });
    return String(headers['content-language']);
  };
  const key = `Bearer ${t.adminKey}`;
  expect([await plain(key), await plain(key, 'fr'), await plain('Bearer nw_wrong')]).toEqual([
    'zh-CN',
    'zh-CN',
    'en',
  ]);
  await t.dataSource.query(`UPDATE hospital SET language = 'en'`);
  expect([await plain(key), await plain(key, 'zh')]).toEqual(['en', 'zh-CN']);
});
