import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createDataSource, MIGRATIONS } from '../../src/app/data-source.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createDatabase();
  dataSource = await createDataSource(database.url, 2).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

test('every entity column exists in the migrated table with the same type and nullability', async () => {
  for (const { tableName, columns } of dataSource.entityMetadatas) {
    const rows = await dataSource.query<{ name: string; type: string; nullable: boolean }[]>(
      `SELECT column_name AS name, is_nullable = 'YES' AS nullable,
              CASE data_type WHEN 'ARRAY' THEN substr(udt_name, 2) || '[]' WHEN 'timestamp with time zone' THEN 'timestamptz' ELSE data_type END AS type
         FROM information_schema.columns WHERE table_name = $1 ORDER BY 1`,
      [tableName],
    );
    const declared = columns
      .map(({ databaseName: name, type, isNullable: nullable, isArray }) => ({
        name,
        type: isArray ? `${String(type)}[]` : type,
        nullable,
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    expect({ tableName, columns: rows }).toEqual({ tableName, columns: declared });
  }
});

test('the statistics of items and events have a fixed share of patients, which a sample finds too low', async () => {
  const fixed = await dataSource.query<unknown[]>(
    `SELECT attrelid::regclass::text AS "table", attoptions AS options FROM pg_attribute
      WHERE attname = 'patient_id' AND attoptions IS NOT NULL ORDER BY 1`,
  );
  expect(fixed).toEqual([
    { table: 'clinical_event', options: ['n_distinct=-0.1'] },
    { table: 'surveillance_item', options: ['n_distinct=-0.03'] },
  ]);
});

test('every table but the clock and the list of migrations carries the hospital, and its foreign keys do too', async () => {
  const tables = await dataSource.query<{ name: string }[]>(`
    SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT IN ('hospital', 'program_clock', 'migrations')
       AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'hospital_id' AND a.attnotnull)`);
  expect(tables).toEqual([]);
  const keys = await dataSource.query<{ name: string }[]>(`
    SELECT k.conname AS name FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
     WHERE n.nspname = 'public' AND k.contype = 'f' AND k.confrelid <> 'hospital'::regclass
       AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) AND a.attname = 'hospital_id')`);
  expect(keys).toEqual([]);
});

test('a hospital from before policy versions keeps its policy as version 1, with its guideline version', async () => {
  for (let left = MIGRATIONS.length; left > 1; left--) await dataSource.undoLastMigration();
  await dataSource.query(
    `INSERT INTO hospital (id, name, time_zone, language, policy)
     VALUES (gen_random_uuid(), 'A', 'Asia/Shanghai', 'zh', '{"guideline": "crlm-cn-2025", "profile": "minimal"}')`,
  );
  await dataSource.runMigrations();
  expect(
    await dataSource.query(
      `SELECT v.version, h.policy_version AS current, v.policy, h.policy = v.policy AS same
         FROM hospital h JOIN hospital_policy v ON v.hospital_id = h.id`,
    ),
  ).toEqual([
    {
      ...{ version: 1, current: 1, same: true },
      policy: { guideline: 'crlm-cn-2025@1.0.0', profile: 'minimal' },
    },
  ]);
});

test('values recorded before the comparison existed are marked where they are above the usual limit', async () => {
  const last = MIGRATIONS.findIndex(({ name }) => name.startsWith('MeasuredValues'));
  for (let left = MIGRATIONS.length; left > last; left--) await dataSource.undoLastMigration();
  const cea = (value: number, unit = 'ng/mL') => ({ code: 'CEA', value, unit });
  const details = [
    { activity: 'tumour_markers', values: [cea(2.1), { code: 'CA19-9', value: 1e300, unit: 'U/mL' }] },
    { activity: 'tumour_markers', values: [cea(680), cea(681)], outcome: 'normal' },
    { activity: 'tumour_markers', values: [cea(2.1, 'U/mL')] },
    { activity: 'tumour_markers', values: [cea(5)] },
    { activity: 'tumour_markers', values: [] },
    { activity: 'mri_liver', outcome: 'normal' },
  ];
  await dataSource.query(
    `WITH place AS (SELECT id FROM hospital LIMIT 1),
          person AS (INSERT INTO patient (id, hospital_id, mrn, name, sex, birth_date, diagnosis_date, enrolled_on)
                     SELECT gen_random_uuid(), id, 'V1', 'V', 'female', '1960-05-05', '2024-01-10', '2024-01-10' FROM place
                     RETURNING id, hospital_id)
     INSERT INTO clinical_event (id, hospital_id, patient_id, type, date, detail)
     SELECT gen_random_uuid(), person.hospital_id, person.id, 'exam', '2025-01-01'::date + ordinality::integer, detail
       FROM person, jsonb_array_elements($1::jsonb) WITH ORDINALITY AS old (detail, ordinality)`,
    [JSON.stringify(details)],
  );
  await dataSource.runMigrations();
  const rows = await dataSource.query<{ marks: { code: string }[] | null; detail: object }[]>(
    'SELECT to_judge AS marks, detail FROM clinical_event ORDER BY date',
  );
  const mark = (code: string, limit: number) => [{ code, limit, limitOf: 'default' }];
  expect(rows.map(({ marks }) => marks)).toEqual([
    mark('CA19-9', 37),
    mark('CEA', 5),
    mark('CEA', 5),
    ...[null, null, null],
  ]);
  expect(rows.map(({ detail }) => detail)).toEqual(details);
  await dataSource.query('DELETE FROM clinical_event; DELETE FROM patient');
});

test('every migration can be reverted and run again', async () => {
  for (let left = MIGRATIONS.length; left > 0; left--) await dataSource.undoLastMigration();
  const [{ left }] = await dataSource.query<[{ left: number }]>(
    `SELECT count(*) AS left FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations'`,
  );
  expect(left).toBe(0);
  expect(await dataSource.runMigrations()).toHaveLength(MIGRATIONS.length);
});
