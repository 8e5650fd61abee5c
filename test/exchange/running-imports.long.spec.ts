import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ImportSlots } from '../../src/exchange/imports/import-slots.js';
import { startApp, type TestApp } from '../support/app.js';
import { answered } from '../support/ward.js';
import { startProgramProcess } from '../support/program.js';
import { as, PASSWORD, signIn, stepUp } from '../support/signed-in.js';
import { until } from '../support/webhook-receiver.js';

const HEADER =
  'mrn,name,sex,birth_date,diagnosis_date,primary_site,stage,resection_date,preoperative_colonoscopy\n';
const row = (mrn: string): string =>
  `${mrn},李敏,female,1960-05-05,2025-01-10,colon,III,2025-01-31,complete\n`;
const ROSTER = HEADER + row('A1');

let t: TestApp;
let url: string;
beforeAll(async () => {
  t = await startApp({ role: 'api' });
  await t.app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(t.app.getHttpServer().address() as AddressInfo).port}/api/v1/imports`;
});
/** Aborts the running uploads. */
const stops: (() => void)[] = [];
afterAll(async () => {
  for (const stop of stops) stop();
  await t.close();
});

/** An API key of a new hospital with the right to import. */
async function givenHospital(code: string): Promise<string> {
  const administrator = { login: 'first', name: 'First' };
  const { body } = await t.post('/hospitals', { name: code, code, administrator });
  const { setupCode } = body.administrator;
  const first = await signIn(t, { hospital: code, login: 'first', setupCode, newPassword: PASSWORD });
  const session = await stepUp(t, first.body.token as string);
  const key = await t.post('/api-keys', { name: 'machine', roles: ['integration'] }, as(session));
  expect(key.status).toBe(201);
  return key.body.key as string;
}

async function upload(key: string): Promise<{ status: number; code: unknown; retryAfter: string | null }> {
  const form = new FormData();
  form.set('kind', 'roster');
  form.set('dryRun', 'true');
  form.set('file', new Blob([ROSTER]), 'file.csv');
  const answer = await fetch(url, { method: 'POST', body: form, headers: as(key) });
  const { code } = (await answer.json()) as { code?: string };
  return { status: answer.status, code, retryAfter: answer.headers.get('retry-after') };
}

/** Begins an upload that stops in the middle of the file. */
async function beginSlowly(key: string): Promise<void> {
  const slow = httpRequest(url, {
    ...{ method: 'POST' },
    headers: { ...as(key), 'content-type': 'multipart/form-data; boundary=b' },
  });
  slow.on('error', () => undefined);
  stops.push(() => void slow.destroy());
  slow.write(`--b\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${ROSTER}`);
  const { hospitals } = t.app.get<{ hospitals: ReadonlySet<string> }>(ImportSlots);
  const before = hospitals.size;
  await until(
    () => hospitals.size,
    (size) => size > before,
  );
}

test('one process reads the files of four hospitals at a time and asks a fifth to come back', async () => {
  const keys: string[] = [];
  for (const code of ['one', 'two', 'three', 'four', 'five']) keys.push(await givenHospital(code));
  const fifth = keys.pop()!;
  for (const key of keys) await beginSlowly(key);

  expect(await upload(fifth)).toEqual({ status: 429, code: 'too-many-imports', retryAfter: '5' });
  // A hospital with a running import gets that answer, not that others have one too.
  expect((await upload(keys[0]!)).code).toBe('import-in-progress');
  stops[2]!();
  const taken = await until(
    () => upload(fifth),
    ({ status }) => status !== 429,
  );
  expect(taken.status).toBe(200);
  for (const stop of stops) stop();
  const { hospitals } = t.app.get<{ hospitals: ReadonlySet<string> }>(ImportSlots);
  await until(
    () => hospitals.size,
    (size) => size === 0,
  );
});

describe('the progress of an import', () => {
  /** More than one batch of rows. */
  const ROWS = 210;
  const file = HEADER + Array.from({ length: ROWS }, (_, n) => row(`P${n}`)).join('');
  const LAST = `P${ROWS - 1}`;

  interface Run {
    readonly state: string;
    readonly phase: string;
    readonly done: number;
    readonly total: number;
  }
  const newest = async (key: string): Promise<Run | undefined> => {
    const { status, body } = await t.get('/imports', as(key));
    expect(status).toBe(200);
    return (body.items as Run[])[0];
  };
  /** Of the hospital of this key, as other transactions see them. */
  const patients = async (key: string): Promise<number> => {
    const [{ n }] = await t.dataSource.query<[{ n: number }]>(
      'SELECT count(*)::integer AS n FROM patient WHERE hospital_id = $1',
      [await hospitalOf(key)],
    );
    return n;
  };
  const hospitalOf = async (key: string): Promise<string> =>
    (await t.get('/me', as(key))).body.hospital.id as string;

  const imported = async (at: string, key: string): Promise<number> => {
    const form = new FormData();
    form.set('kind', 'roster');
    form.set('file', new Blob([file]), 'file.csv');
    return (await fetch(at, { method: 'POST', body: form, headers: as(key) })).status;
  };

  const held: (() => Promise<void>)[] = [];
  // A failed test must not leave the application waiting.
  afterEach(async () => {
    for (const release of held) await release();
  });

  /** Holds a number of the last batch in another transaction: the import then waits before that batch. Returns how to end it. */
  async function holdLastBatch(key: string): Promise<() => Promise<void>> {
    const hospitalId = await hospitalOf(key);
    const other = t.dataSource.createQueryRunner();
    await other.startTransaction();
    await other.query(
      `INSERT INTO patient (id, hospital_id, mrn, name, sex, birth_date, diagnosis_date, enrolled_on)
       VALUES (gen_random_uuid(), $1, $2, 'held', 'female', '1960-05-05', '2025-01-10', '2026-01-01')`,
      [hospitalId, LAST],
    );
    const release = async (): Promise<void> => {
      if (other.isReleased) return;
      await other.rollbackTransaction();
      await other.release();
    };
    held.push(release);
    return release;
  }

  test('is seen before the commit, and its rows are there with its outcome', async () => {
    const key = await givenHospital('progress');
    const release = await holdLastBatch(key);
    const done = imported(url, key);
    const midway = await until(
      () => newest(key),
      (run) => (run?.done ?? 0) > 0 && run?.phase === 'writing',
    );
    expect(midway).toMatchObject({ state: 'running', phase: 'writing', done: 200, total: ROWS });
    expect(await patients(key)).toBe(0);
    // Readers of the hospital do not wait for it.
    expect(await answered(t.get(`/patients?mrn=${LAST}`, as(key)))).toMatchObject({ items: [] });
    await release();
    expect(await done).toBe(200);
    expect(await newest(key)).toMatchObject({ state: 'written', phase: 'planning', done: ROWS, total: ROWS });
    expect(await patients(key)).toBe(ROWS);

    expect((await upload(key)).code).toBe(undefined);
    expect(await newest(key)).toMatchObject({ state: 'checked', phase: 'checking' });
  });

  test('of a killed process says that nothing was written, and the file can be imported again', async () => {
    const key = await givenHospital('killed');
    const program = await startProgramProcess({
      ...{ DATABASE_URL: t.config.databaseUrl!, NEDWATCH_ROLE: 'api' },
    });
    const release = await holdLastBatch(key);
    const ended = imported(`${program.url}/api/v1/imports`, key).catch(() => 'cut off');
    await until(
      () => newest(key),
      (run) => run?.state === 'running' && run.phase === 'writing',
    );
    await program.kill();
    expect(await ended).toBe('cut off');
    await release();
    const run = await until(
      () => newest(key),
      (one) => one?.state !== 'running',
    );
    expect(run).toMatchObject({ state: 'interrupted', phase: 'writing' });
    expect(await patients(key)).toBe(0);
    expect(await imported(url, key)).toBe(200);
    expect(await patients(key)).toBe(ROWS);
    const { items } = (await t.get('/imports', as(key))).body as { items: Run[] };
    expect(items.map(({ state }) => state)).toEqual(['written', 'interrupted']);
  });
});
