import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Caller, programIn } from '../../src/tenancy/caller.js';
import {
  ANSWERS_AT_MOST,
  BODIES_AT_MOST_BYTES,
  callersKey,
  KeptAnswers,
} from '../../src/access/kept-answers.js';
import type { Answer, TestApp } from '../support/app.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { nextApp } from '../support/next-app.js';
import { person } from '../support/prepared-calls.js';
import { as, givenPerson } from '../support/signed-in.js';
import { until } from '../support/webhook-receiver.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-02T08:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const statusAndCode = ({ status, body }: Answer): unknown[] => [status, body?.code];
const isReplay = ({ headers }: Answer): boolean => headers['idempotency-replayed'] === 'true';
const once = (session: string) => ({ ...as(session), 'idempotency-key': 'once' });

async function givenKey(limits: object): Promise<{ id: string; key: string }> {
  const { status, body } = await t.post('/api-keys', { name: `key ${randomUUID()}`, ...limits });
  expect(status).toBe(201);
  return body as { id: string; key: string };
}

interface Kept {
  readonly status: number | null;
  readonly body: string | null;
  readonly patients: string[] | null;
}
const kept = (): Promise<Kept[]> =>
  t.dataSource.query('SELECT status, body, patients FROM idempotent_answer ORDER BY created_at');

test('a POST that only reads keeps nothing, however often it is sent', async () => {
  const { body: patient } = await t.post('/patients', person());
  const { body: endpoint } = await t.post('/webhook-endpoints', { url: 'http://127.0.0.1:9/nobody' });
  const message = { webhookId: 'm', webhookTimestamp: '1', webhookSignature: 'v1,', body: '{}' };
  for (const [path, payload] of [
    [`/patients/${patient.id as string}/preview`, {}],
    ['/patients/search', { mrn: patient.mrn as string }],
    ['/webhook-endpoints/preview', { url: 'http://127.0.0.1:9/nobody' }],
    [`/webhook-endpoints/${endpoint.id as string}/signature-check`, message],
  ] as const) {
    const answers = [
      await t.post(path, payload, once(t.adminKey)),
      await t.post(path, payload, once(t.adminKey)),
    ];
    expect(answers.map((answer) => [answer.status, isReplay(answer)])).toEqual(Array(2).fill([200, false]));
  }
  expect(await kept()).toEqual([]);
});

describe('while the database is away', () => {
  /** The statements with `text` fail as in a failover, this many times. */
  function fail(text: string, times: number): void {
    const scope = t.app.get(HospitalScope);
    const unaudited = scope.unaudited.bind(scope);
    let left = times;
    scope.unaudited = (work) =>
      unaudited((tx) => {
        const query = tx.db.query.bind(tx.db);
        const db = Object.assign(Object.create(tx.db) as typeof tx.db, {
          query: (statement: string, values?: unknown[]) =>
            statement.includes(text) && left-- > 0
              ? Promise.reject(Object.assign(new Error('server conn crashed?'), { code: '08P01' }))
              : query(statement, values),
        });
        return work({ ...tx, db });
      });
    undo = () => void (scope.unaudited = unaudited);
  }
  let undo: () => void;
  afterEach(() => undo());

  test('a key is free again when the database is back, and not after two minutes', async () => {
    fail('DELETE FROM idempotent_answer WHERE', 2);
    expect(statusAndCode(await t.post('/patients', {}, once(t.adminKey)))).toEqual([422, 'invalid-input']);
    await until(kept, ({ length }) => length === 0);
    expect((await t.post('/patients', person(), once(t.adminKey))).status).toBe(201);
  });

  test('a request that was carried out succeeds, and its answer is kept later', async () => {
    const payload = person();
    fail('UPDATE idempotent_answer SET request_hash', 2);
    expect((await t.post('/patients', payload, once(t.adminKey))).status).toBe(201);
    await until(kept, (rows) => rows.every(({ status }) => status === 201));
    const repeated = await t.post('/patients', payload, once(t.adminKey));
    expect([repeated.status, isReplay(repeated)]).toEqual([201, true]);
  });
});

test('two callers can use the same key, and neither gets the answer of the other', async () => {
  const [one, other] = [await givenPerson(t), await givenPerson(t)];
  const patients = [person(), person()];
  const first = await t.post('/patients', patients[0], once(one.session));
  const second = await t.post('/patients', patients[1], once(other.session));
  expect([first.status, second.status, isReplay(second)]).toEqual([201, 201, false]);
  const again = await t.post('/patients', patients[1], once(other.session));
  expect([isReplay(again), again.body.id]).toEqual([true, second.body.id]);
});

test('another body or another address under the same key is refused', async () => {
  const [{ body: patient }, { body: other }] = [
    await t.post('/patients', person()),
    await t.post('/patients', person()),
  ];
  const died = { type: 'death', date: '2026-10-01' };
  const path = (id: string): string => `/patients/${id}/events`;
  await t.post(path(patient.id as string), died, once(t.adminKey));
  for (const [id, payload] of [
    [patient.id, { ...died, date: '2026-10-02' }],
    [other.id, died],
  ] as [string, object][])
    expect(statusAndCode(await t.post(path(id), payload, once(t.adminKey)))).toEqual([
      422,
      'idempotency-key-reused',
    ]);
});

describe('of an import', () => {
  const HEADER =
    'mrn,name,sex,birth_date,diagnosis_date,primary_site,stage,resection_date,preoperative_colonoscopy\n';
  const row = (mrn: string): string =>
    `${HEADER}${mrn},李敏,female,1960-05-05,2026-01-02,colon,III,2026-01-15,complete\n`;

  async function upload(file: string, fields: object = { kind: 'roster' }): Promise<Answer> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value as string);
    form.set('file', new Blob([file]), 'roster.csv');
    const request = new Request('http://localhost', { method: 'POST', body: form });
    return t.request('POST', '/imports', {
      headers: { ...once(t.adminKey), 'content-type': request.headers.get('content-type')! },
      payload: Buffer.from(await request.arrayBuffer()),
    });
  }

  test('another file of the same length is refused, the same file is answered as before', async () => {
    const first = await upload(row('M1'));
    expect([first.status, first.body.counts?.created]).toEqual([200, 1]);
    expect(statusAndCode(await upload(row('M2')))).toEqual([422, 'idempotency-key-reused']);
    expect(statusAndCode(await upload(row('M1'), { kind: 'roster', acceptGood: 'true' }))).toEqual([
      ...[422, 'idempotency-key-reused'],
    ]);
    // Each sender generates another boundary between the parts.
    const again = await upload(row('M1'));
    expect([isReplay(again), again.body]).toEqual([true, first.body]);
  });

  test('whose patient was erased is neither answered nor carried out again', async () => {
    await upload(row('M1'));
    const { body } = await t.post('/patients/search', { mrn: 'M1' });
    const erase = { ground: 'patient_request', author: 'Dr. Chen' };
    await t.post(`/patients/${body.items[0].id as string}/erase`, erase);
    expect(statusAndCode(await upload(row('M1')))).toEqual([409, 'answer-not-kept']);
    expect((await t.post('/patients/search', { mrn: 'M1' })).body.items).toEqual([]);
  });

  test('a body that is no form is refused, also when it is repeated', async () => {
    await upload(row('M1'));
    const headers = { ...once(t.adminKey), 'content-type': 'multipart/form-data; boundary=x' };
    const broken = await t.request('POST', '/imports', { headers, payload: '--x\r\ncut off' });
    expect(statusAndCode(broken)).toEqual([400, 'not-a-form']);
  });
});

describe('a caller who may see less than before', () => {
  test('does not get the earlier answer after losing a department', async () => {
    const nurse = await givenPerson(t, { departments: ['liver', 'colon'] });
    const payload = { ...person(), department: 'liver' };
    const first = await t.post('/patients', payload, once(nurse.session));
    expect(first.status).toBe(201);
    await t.dataSource.query(`UPDATE person SET departments = '{colon}' WHERE id = $1`, [nurse.id]);
    const again = await t.post('/patients', payload, once(nurse.session));
    expect(statusAndCode(again)).toEqual([409, 'idempotent-limits-changed']);
    expect(JSON.stringify(again.body)).not.toContain(payload.mrn);
  });

  test('does not get the earlier answer after losing a role that sees names', async () => {
    const key = await givenKey({ roles: ['integration', 'hospital_admin'] });
    const change = { policy: { profile: 'minimal' }, author: 'Dr. Chen', reason: 'agreed' };
    const ask = () => t.post('/plan-changes', change, once(key.key));
    expect((await ask()).status).toBeLessThan(300);
    expect(isReplay(await ask())).toBe(true);
    await t.dataSource.query(`UPDATE api_key SET roles = '{hospital_admin}' WHERE id = $1`, [key.id]);
    expect(statusAndCode(await ask())).toEqual([409, 'idempotent-limits-changed']);
  });

  test('does not get the earlier answer after the patient has moved to another department', async () => {
    const nurse = await givenPerson(t, { departments: ['liver'] });
    const payload = { ...person(), department: 'liver' };
    const { body } = await t.post('/patients', payload, once(nurse.session));
    await t.request('PATCH', `/patients/${body.id as string}`, { payload: { department: 'colon' } });
    expect(statusAndCode(await t.post('/patients', payload, once(nurse.session)))).toEqual([
      ...[409, 'idempotent-limits-changed'],
    ]);
  });
});

test('a repeated answer is audited with the patient whom it names', async () => {
  const payload = person();
  const { body } = await t.post('/patients', payload, once(t.adminKey));
  expect(isReplay(await t.post('/patients', payload, once(t.adminKey)))).toBe(true);
  const rows = await t.dataSource.query(
    `SELECT outcome, status, patients FROM audit_event WHERE call = 'POST /patients' ORDER BY recorded_at DESC LIMIT 1`,
  );
  expect(rows).toEqual([{ outcome: 'done', status: 201, patients: [body.id] }]);
});

test('an erasure removes the kept answers about the patient alone, and the key does not run the request again', async () => {
  const [payload, other] = [person(), person()];
  const { body } = await t.post('/patients', payload, once(t.adminKey));
  await t.post('/patients', other, { 'idempotency-key': 'other' });
  await t.dataSource.query(
    `UPDATE idempotent_answer SET body = 'sealed:1:9:broken' WHERE NOT $1 = ANY (patients)`,
    [body.id],
  );
  const erase = { ground: 'patient_request', author: 'Dr. Chen' };
  expect((await t.post(`/patients/${body.id as string}/erase`, erase)).status).toBe(200);
  expect((await kept()).map((answer) => answer.body)).toEqual([null, 'sealed:1:9:broken']);
  expect(statusAndCode(await t.post('/patients', payload, once(t.adminKey)))).toEqual([
    422,
    'idempotency-key-reused',
  ]);
  expect((await t.post('/patients/search', { mrn: payload.mrn })).body.items).toEqual([]);
});

describe('stored answers have limits', () => {
  const answers = (): KeptAnswers => t.app.get(KeptAnswers);
  const caller = async (): Promise<Caller> => {
    const { id, roles } = (await t.get('/me')).body as Pick<Caller, 'id' | 'roles'>;
    return { ...programIn(t.hospitalId), kind: 'key', id, roles };
  };
  const digest = Buffer.alloc(32, 1);
  const sized = (bytes: number) => ({ status: 200, body: 'x'.repeat(bytes), patients: [] });
  const givenAnswers = (count: number, bytes: number): Promise<unknown> =>
    t.dataSource.query(
      `INSERT INTO idempotent_answer (hospital_id, key, request_hash, status, body, caller_id, call, limits, patients)
       SELECT $1, 'flood ' || n, '', 200, CASE WHEN $3 > 0 THEN repeat('x', $3) END, $4, 'POST /x', '', '{}' FROM generate_series(1, $2) AS n`,
      [t.hospitalId, count, bytes, randomUUID()],
    );

  test('an answer that is too large is not kept, and its request not carried out a second time', async () => {
    const payload = person();
    await t.post('/patients', payload, once(t.adminKey));
    const key = callersKey(await caller(), 'once', 'POST /patients');
    const [{ hash }] = await t.dataSource.query<[{ hash: Buffer }]>(
      'SELECT request_hash AS hash FROM idempotent_answer',
    );
    // As if the request still ran.
    await t.dataSource.query('UPDATE idempotent_answer SET status = NULL, request_hash = $1', [key.claim]);
    await answers().keep(key, hash, sized(1_000_001));
    expect((await kept()).map(({ status, body }) => [status, body])).toEqual([[200, null]]);
    expect(statusAndCode(await t.post('/patients', payload, once(t.adminKey)))).toEqual([
      409,
      'answer-not-kept',
    ]);
  });

  test('one caller with very many answers loses its own oldest; other callers lose none', async () => {
    const payload = person();
    const first = await t.post('/patients', payload, once(t.adminKey));
    await t.dataSource.query('ANALYZE idempotent_answer'); // PostgreSQL knows of one answer
    await givenAnswers(2 * ANSWERS_AT_MOST, 0);
    await answers().keep(callersKey(await caller(), 'another', 'POST /x'), digest, sized(9_000_000));
    expect((await kept()).length).toBe(ANSWERS_AT_MOST);
    expect((await t.post('/patients', payload, once(t.adminKey))).body).toEqual(first.body);
  });

  test('one caller with very large answers loses its own largest; other callers lose none', async () => {
    const payload = person();
    const first = await t.post('/patients', payload, once(t.adminKey));
    await t.dataSource.query('ANALYZE idempotent_answer');
    await givenAnswers(80, 1_000_000);
    await answers().keep(callersKey(await caller(), 'another', 'POST /x'), digest, sized(9_000_000));
    const [{ bytes }] = await t.dataSource.query<[{ bytes: number }]>(
      'SELECT sum(octet_length(body)) AS bytes, count(*) FROM idempotent_answer',
    );
    expect(bytes).toBeLessThanOrEqual(BODIES_AT_MOST_BYTES);
    expect(bytes).toBeGreaterThan(BODIES_AT_MOST_BYTES / 2);
    expect((await t.post('/patients', payload, once(t.adminKey))).body).toEqual(first.body);
  });
});
