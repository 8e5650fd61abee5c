import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { loadConfig } from '../../src/platform/config.js';
import type { Database, openDatabase as OpenDatabase } from '../../src/app/database.js';

// The built program: the embedded server starts a process of its own.
const { openDatabase } = (await import(join(CHECKOUT, 'dist/src/app/database.js'))) as {
  openDatabase: typeof OpenDatabase;
};

let embedded: Database;
beforeAll(async () => {
  const place = mkdtempSync(join(tmpdir(), 'nedwatch-login-'));
  chmodSync(place, 0o755); // as root the server runs as another user
  embedded = await openDatabase(loadConfig({ NEDWATCH_DATA: place, NEDWATCH_LANG: 'en' }));
});
afterAll(() => embedded.close());

const asOwner = (...statements: string[]): Promise<unknown> =>
  embedded.asOwner(async (owner) => {
    for (const statement of statements) await owner.query(statement);
  });
const open = async (env: Readonly<Record<string, string>>): Promise<string | undefined> => {
  const database = await openDatabase(loadConfig(env));
  await database.close();
  return database.loginWarning?.key;
};

test('a session of the application that gives up its role sees and changes nothing', async () => {
  const runner = embedded.dataSource.createQueryRunner();
  expect(await runner.query('SELECT session_user AS login, current_user AS role')).toEqual([
    { login: 'nedwatch_service', role: 'nedwatch_app' },
  ]);
  for (const leave of ['SET ROLE NONE', 'RESET ROLE', 'SET SESSION AUTHORIZATION DEFAULT', 'DISCARD ALL']) {
    await runner.query(leave);
    for (const statement of [
      'SELECT FROM pg_authid',
      ...(leave === 'SET ROLE NONE' ? ['SELECT FROM patient', 'SELECT FROM hospital_key'] : []),
      'DELETE FROM audit_event',
      'ALTER TABLE patient DISABLE ROW LEVEL SECURITY',
      'CREATE ROLE another SUPERUSER',
      `ALTER ROLE nedwatch_service SUPERUSER`,
      'SET ROLE nedwatch',
      `COPY (SELECT 1) TO PROGRAM 'true'`,
    ])
      await expect(runner.query(statement)).rejects.toThrow(/permission denied|must be owner/);
  }
  await runner.release();
});

test('a second start finds its login, and one at the same time does', async () => {
  const NEDWATCH_DATA = join(embedded.embedded!.directory, '..');
  expect(await Promise.all([open({ NEDWATCH_DATA }), open({ NEDWATCH_DATA })])).toEqual([
    undefined,
    undefined,
  ]);
});

test('with two logins an application login with more rights is refused; a single login causes a warning', async () => {
  const url = (username: string): string =>
    Object.assign(new URL(embedded.url), { username, password: 'secret' }).href;
  await asOwner(
    'CREATE ROLE owner_of_tables',
    'CREATE TABLE owned ()',
    'ALTER TABLE owned OWNER TO owner_of_tables',
    ...['limited', 'creates', 'owns', 'bypasses'].map(
      (login) => `CREATE ROLE ${login} LOGIN NOINHERIT PASSWORD 'secret' IN ROLE nedwatch_app`,
    ),
    'ALTER ROLE creates CREATEROLE',
    'GRANT owner_of_tables TO owns',
    'ALTER ROLE bypasses BYPASSRLS',
  );
  const NEDWATCH_OWNER_URL = embedded.url;
  for (const login of ['creates', 'owns', 'bypasses'])
    await expect(open({ DATABASE_URL: url(login), NEDWATCH_OWNER_URL })).rejects.toMatchObject({
      text: { key: 'login-unsafe', params: { fault: { key: 'login-leaves-role', params: { login } } } },
    });
  await expect(open({ DATABASE_URL: embedded.url, NEDWATCH_OWNER_URL })).rejects.toThrow(
    'could give up the role',
  );
  expect(await open({ DATABASE_URL: url('limited'), NEDWATCH_OWNER_URL })).toBeUndefined();
  expect(await open({ DATABASE_URL: embedded.url })).toBe('one-login');
});
