import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/app/data-source.js';
import { ALL_TABLES } from '../../src/app/personal-data.js';
import { isSealed, type TableDeclaration } from '../../src/encryption/table-declaration.js';
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

// Tables without a hospital: the program's clock and the list of applied migrations.
const OF_NO_HOSPITAL = ['program_clock', 'migrations'];

const columnsOf = (declared: TableDeclaration): readonly string[] =>
  'notAboutPatients' in declared ? declared.columns : Object.keys(declared.columns);

/** The columns of the database that no room declares, and the declared ones that the database does not have. */
async function differences(tables: readonly TableDeclaration[] = ALL_TABLES): Promise<object> {
  const rows = await dataSource.query<{ name: string }[]>(
    `SELECT c.relname || '.' || a.attname AS name
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND c.relname <> ALL ($1) ORDER BY 1`,
    [OF_NO_HOSPITAL],
  );
  const there = rows.map(({ name }) => name);
  const declared = tables.flatMap((table) => columnsOf(table).map((column) => `${table.table}.${column}`));
  return {
    undeclared: there.filter((name) => !declared.includes(name)),
    missing: declared.filter((name, index) => !there.includes(name) || declared.indexOf(name) !== index),
  };
}

test('every column of every table is declared exactly once', async () => {
  expect(await differences()).toEqual({ undeclared: [], missing: [] });
});

test('a new table, a new column and a dropped column are found', async () => {
  const runner = dataSource.createQueryRunner();
  await runner.query('CREATE TABLE telephone_note (id uuid, patient_id uuid)');
  await runner.query('ALTER TABLE patient ADD COLUMN nickname text');
  await runner.query('ALTER TABLE known_device DROP COLUMN last_used_at');
  expect(await differences()).toEqual({
    undeclared: ['patient.nickname', 'telephone_note.id', 'telephone_note.patient_id'],
    missing: ['known_device.last_used_at'],
  });
  await runner.query('DROP TABLE telephone_note');
  await runner.query('ALTER TABLE patient DROP COLUMN nickname');
  await runner.query('ALTER TABLE known_device ADD COLUMN last_used_at timestamptz NOT NULL');
  await runner.release();
});

test('a table that is declared twice is found', async () => {
  const [twice] = ALL_TABLES;
  expect(await differences([...ALL_TABLES, twice!])).toMatchObject({
    missing: columnsOf(twice!).map((column) => `${twice!.table}.${column}`),
  });
});

test('every table that references a patient, directly or through other tables, is declared as one about patients', async () => {
  const rows = await dataSource.query<{ name: string }[]>(`
    WITH RECURSIVE knows AS (
      SELECT 'patient'::regclass::oid AS id
      UNION SELECT k.conrelid FROM pg_constraint k JOIN knows ON k.confrelid = knows.id AND k.contype = 'f')
    SELECT c.relname AS name FROM knows JOIN pg_class c ON c.oid = knows.id`);
  const aboutPatients = ALL_TABLES.filter((declared) => 'rows' in declared).map(({ table }) => table);
  expect(aboutPatients).toEqual(expect.arrayContaining(rows.map(({ name }) => name)));
  expect(rows.length).toBeGreaterThan(5);
});

test('the declared SQL of every sealed value runs on its table', async () => {
  for (const { table, sealed = [], underMasterKey } of ALL_TABLES) {
    for (const { column, row = 'id', stored = column, set, where = 'true' } of sealed) {
      await dataSource.query(
        `SELECT ${row}, ${stored} FROM ${table} WHERE ${where} AND ${stored} LIKE 'sealed:%'`,
      );
      await dataSource.query(`UPDATE ${table} SET ${set ? set(`'x'::text`) : `${column} = 'x'`} WHERE false`);
    }
    if (underMasterKey)
      await dataSource.query(`SELECT ${underMasterKey.row}, ${underMasterKey.column} FROM ${table}`);
  }
});

test('a sealed text about a patient is erased with the patient', () => {
  const staying = ALL_TABLES.flatMap((declared) =>
    'notAboutPatients' in declared
      ? []
      : Object.entries(declared.columns).flatMap(([column, how]) =>
          isSealed(declared, column) && !('erased' in how) ? [`${declared.table}.${column}`] : [],
        ),
  );
  expect(staying).toEqual([]);
  expect(ALL_TABLES.some((declared) => isSealed(declared, 'detail.site'))).toBe(true);
});
