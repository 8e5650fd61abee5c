import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { startCommand, type Ended } from '../support/program.js';
import { enrolTotp, givenPerson } from '../support/signed-in.js';

let t: TestApp;
let dataDirectory: string;
beforeEach(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'nedwatch-keys-'));
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api', dataDirectory });
});
afterEach(() => t.close());

const LI = { mrn: 'S1', name: '李敏慧', sex: 'female', birthDate: '1960-05-05', diagnosisDate: '2026-01-10' };
const file = (): string => join(dataDirectory, 'keys', 'secrets.key');
const changeMaster = (env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  startCommand(['keys', 'change-master'], {
    ...{ DATABASE_URL: t.config.databaseUrl!, NEDWATCH_DATA: dataDirectory, ...env },
  }).ended;
const another = (masterKey: Buffer | undefined): Promise<string> =>
  startCommand(['keys', 'status'], {
    ...{ DATABASE_URL: t.config.databaseUrl!, NEDWATCH_DATA: dataDirectory },
    ...(masterKey && { NEDWATCH_MASTER_KEY: masterKey.toString('base64') }),
  }).ended.then(({ out, stderr }) => out + stderr);

test('a new master key opens everything that the one before had sealed, and the one before opens it no more', async () => {
  await t.post('/patients', LI);
  const person = await givenPerson(t);
  await enrolTotp(t, person);
  const before = readFileSync(file());
  const name = () => t.dataSource.query('SELECT name FROM patient');
  const sealed = await name();

  const { code, out } = await changeMaster();
  expect([code, out]).toEqual([0, expect.stringContaining('secrets.key.before')]);
  expect(out).toMatch(/^3 keys and secrets/); // two of the hospital, and the authenticator
  expect(readFileSync(file()).equals(before)).toBe(false);
  expect(readFileSync(`${file()}.before`).equals(before)).toBe(true);
  expect(existsSync(`${file()}.next`)).toBe(false);
  expect(await name()).toEqual(sealed); // values sealed with the hospitals' keys do not change

  expect(await another(before)).toContain('the master key is not the one');
  expect(await another(undefined)).toContain('1 patients under key 1');
});

test('the next key comes from the environment where the present one does', async () => {
  await t.post('/patients', LI);
  const [present, next] = [readFileSync(file()), randomBytes(32)];
  const NEDWATCH_MASTER_KEY = present.toString('base64');
  expect((await changeMaster({ NEDWATCH_MASTER_KEY })).stderr).toContain('NEDWATCH_NEW_MASTER_KEY');
  const wrong = { NEDWATCH_MASTER_KEY: randomBytes(32).toString('base64') };
  const NEDWATCH_NEW_MASTER_KEY = next.toString('base64');
  expect(await changeMaster({ ...wrong, NEDWATCH_NEW_MASTER_KEY })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Nothing has changed'),
  });
  expect(await another(present)).toContain('1 patients under key 1');
  expect((await changeMaster({ NEDWATCH_MASTER_KEY, NEDWATCH_NEW_MASTER_KEY })).code).toBe(0);
  expect(await another(next)).toContain('1 patients under key 1');
});

test('cut off between the database and the file, the next start says which file is the key', async () => {
  await t.post('/patients', LI);
  copyFileSync(file(), `${file()}.copy`);
  expect((await changeMaster()).code).toBe(0);
  copyFileSync(file(), `${file()}.next`);
  copyFileSync(`${file()}.copy`, file());
  expect(await another(undefined)).toContain('secrets.key.next');
});
