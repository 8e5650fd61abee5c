import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/app/data-source.js';
import { APPLICATION_ROLE } from '../../src/platform/database/roles.js';
import { startApp, type TestApp } from '../support/app.js';
import { givenItem, givenPatient } from '../support/builders.js';

let t: TestApp;
let limited: DataSource;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
  limited = await createDataSource(t.config.databaseUrl!, 1, { role: APPLICATION_ROLE }).initialize();
});
afterAll(async () => {
  await limited.destroy();
  await t.close();
});

test('every table with a hospital has forced row security, which shows the application one hospital only', async () => {
  const tables = await t.dataSource.query<{ name: string; safe: boolean; policies: string[] }[]>(`
    SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS safe,
           (SELECT array_agg(p.qual) FROM pg_policies p WHERE p.tablename = c.relname AND p.policyname = 'hospital'
               AND p.permissive = 'PERMISSIVE' AND p.roles = '{nedwatch_app}' AND p.qual = p.with_check AND p.cmd = 'ALL') AS policies
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.relname NOT IN ('program_clock', 'migrations') ORDER BY 1`);
  expect(tables.length).toBeGreaterThan(10);
  for (const { name, ...security } of tables) {
    const column = name === 'hospital' ? 'id' : 'hospital_id';
    expect({ name, ...security }).toEqual({
      ...{ name, safe: true, policies: [`(${column} = current_hospital())`] },
    });
  }
});

test('other policies are only for the sweep, the owner, look-ups by credential, or show less', async () => {
  const others = await t.dataSource.query<{ written: string }[]>(`
    SELECT DISTINCT policyname || ' ' || cmd || ' ' || permissive || ' ' || CASE policyname WHEN 'owner' THEN '' ELSE roles::text END AS written
      FROM pg_policies WHERE policyname <> 'hospital' ORDER BY 1`);
  expect(others.map(({ written }) => written)).toEqual([
    'owner ALL PERMISSIVE ',
    'presented SELECT PERMISSIVE {nedwatch_app}',
    'presented_client SELECT PERMISSIVE {nedwatch_app}',
    'reach ALL RESTRICTIVE {nedwatch_app}',
    'sweep SELECT PERMISSIVE {nedwatch_sweep}',
  ]);
});

test('the application works as a role that owns nothing and bypasses nothing', async () => {
  const [role] = await limited.query<unknown[]>(
    `SELECT current_user AS name, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
            (SELECT count(*) FROM pg_class WHERE relowner = r.oid AND relnamespace <> 'bullmq'::regnamespace) AS owned
       FROM pg_roles r WHERE rolname = current_user`,
  );
  expect(role).toEqual({
    ...{
      name: APPLICATION_ROLE,
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
    },
    owned: 0,
  });
});

test('without a hospital every table is empty, even on a connection that has been in one', async () => {
  await givenItem(t, { due: '2026-12-01' });
  const tables = limited.entityMetadatas.map(({ tableName }) => tableName);
  const seen = async (): Promise<number> => {
    const counts = await Promise.all(
      tables.map(
        async (name) => (await limited.query<[{ n: number }]>(`SELECT count(*) AS n FROM ${name}`))[0].n,
      ),
    );
    return counts.reduce((sum, n) => sum + n, 0);
  };
  expect(await seen()).toBe(0);
  await limited.transaction(async (db) => {
    await db.query('SELECT FROM hospital_entered($1, $2)', [t.hospitalId, '']);
    const [{ n }] = await db.query<[{ n: number }]>('SELECT count(*) AS n FROM surveillance_item');
    expect(n).toBeGreaterThan(0);
  });
  expect(await seen()).toBe(0);
});

test('a row of another hospital can be neither written nor moved there', async () => {
  const patient = await givenPatient(t);
  const elsewhere = '00000000-0000-7000-8000-000000000001';
  const inHospital = (statement: string, values: unknown[]): Promise<unknown> =>
    limited.transaction(async (db) => {
      await db.query('SELECT FROM hospital_entered($1, $2)', [t.hospitalId, '']);
      return db.query(statement, values);
    });
  const refused = /row-level security/;
  await expect(
    inHospital('UPDATE patient SET hospital_id = $2 WHERE id = $1', [patient.id, elsewhere]),
  ).rejects.toThrow(refused);
  await expect(
    inHospital(
      `INSERT INTO api_key (id, hospital_id, name, key_hash) VALUES (gen_random_uuid(), $1, 'x', 'x')`,
      [elsewhere],
    ),
  ).rejects.toThrow(refused);
});

test('the sweep sees ids, states and times, and nothing else', async () => {
  const asSweep = (statement: string): Promise<unknown> =>
    limited.transaction(async (db) => {
      await db.query('SET LOCAL ROLE nedwatch_sweep');
      return db.query(statement);
    });
  await asSweep('SELECT id, policy_version, created_at FROM hospital');
  await asSweep('SELECT id, hospital_id, attempts, state, next_attempt_at FROM delivery');
  for (const [table, columns] of [
    ['patient', 'name'],
    ['patient', 'mrn'],
    ['patient', 'id'],
    ['clinical_event', 'id'],
    ['surveillance_item', 'id'],
    ['delivery', 'body'],
    ['hospital', 'name'],
    ['webhook_endpoint', 'secret'],
    ['api_key', 'key_hash'],
  ])
    await expect(asSweep(`SELECT ${columns} FROM ${table}`)).rejects.toThrow(/permission denied/);
});
