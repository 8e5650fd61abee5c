import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { PatientKeys1797700000000 } from '../../migrations/1797700000000-patient-keys.js';
import { createDataSource, MIGRATIONS } from '../../src/app/data-source.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

const HOSPITAL = '00000000-0000-7000-8000-00000000000a';
const ids = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

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

test('the migration keeps patients with colliding MRNs, gives the MRN to the first one, and finds nurses by name', async () => {
  for (let left = MIGRATIONS.length - MIGRATIONS.indexOf(PatientKeys1797700000000); left > 0; left--)
    await dataSource.undoLastMigration();
  await dataSource.query(
    `INSERT INTO hospital (id, name, time_zone, language, policy) VALUES ($1, 'A', 'Asia/Shanghai', 'zh', '{}')`,
    [HOSPITAL],
  );
  for (const [n, [login, name]] of [
    ['li.min', '李敏'],
    ['wang', '王芳'],
  ].entries())
    await dataSource.query(
      `INSERT INTO person (id, hospital_id, login, name, roles, own_patients_only, language, created_by, created_at)
       VALUES ($1, $2, $3, $4, '{nurse}', false, 'zh', 'test', now())`,
      [ids(100 + n), HOSPITAL, login, name],
    );
  const patients = [
    ['X1', '李敏'],
    ['x1', 'LI.MIN'],
    ['Ｘ１', '李 敏'],
    ['X2', '周海'],
  ] as const;
  for (const [n, [mrn, nurse]] of patients.entries())
    await dataSource.query(
      `INSERT INTO patient (id, hospital_id, mrn, name, sex, birth_date, diagnosis_date, responsible_nurse, enrolled_on, created_at)
       VALUES ($1, $2, $3, '张三', 'female', '1960-05-05', '2024-01-10', $4, '2024-01-10', now() + $5 * interval '1 second')`,
      [ids(n), HOSPITAL, mrn, nurse, n],
    );

  await dataSource.runMigrations();
  const rows = await dataSource.query(
    `SELECT mrn, mrn_key AS key, mrn_shared AS shared, index_version AS version, responsible_nurse AS nurse,
            responsible_person_id AS person FROM patient ORDER BY id`,
  );
  const li = ids(100);
  expect(rows).toEqual([
    { mrn: 'X1', key: 'x1', shared: false, version: 1, nurse: '李敏', person: li },
    { mrn: 'x1', key: 'x1', shared: true, version: 1, nurse: 'LI.MIN', person: li },
    { mrn: 'Ｘ１', key: 'x1', shared: true, version: 1, nurse: '李 敏', person: li },
    { mrn: 'X2', key: 'x2', shared: false, version: 1, nurse: '周海', person: null },
  ]);
  // Older versions must respect it too; a patient who gets another mrn no longer shares one.
  await expect(dataSource.query(`UPDATE patient SET mrn = 'ｘ2' WHERE mrn = 'x1'`)).rejects.toThrow(
    /patient_mrn_once/,
  );
  await dataSource.query(`UPDATE patient SET mrn = 'X3' WHERE mrn = 'x1'`);
  const [row] = await dataSource.query<unknown[]>(
    `SELECT mrn_shared AS shared FROM patient WHERE mrn = 'X3'`,
  );
  expect(row).toEqual({ shared: false });
});
