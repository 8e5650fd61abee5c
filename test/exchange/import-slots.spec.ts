import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ImportSlots } from '../../src/exchange/imports/import-slots.js';
import { startApp, type TestApp } from '../support/app.js';
import { as, PASSWORD, signIn, stepUp } from '../support/signed-in.js';
import { until } from '../support/webhook-receiver.js';

const ROSTER =
  'mrn,name,sex,birth_date,diagnosis_date,primary_site,stage,resection_date,preoperative_colonoscopy\n' +
  'A1,李敏,female,1960-05-05,2025-01-10,colon,III,2025-01-31,complete\n';

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
});
