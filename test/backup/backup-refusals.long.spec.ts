import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inspect } from '../../src/backup/inspection.js';
import type { BackupRefused } from '../../src/backup/refusal.js';
import { readBackup, writeBackup } from '../support/backup-file.js';
import {
  done,
  endAll,
  everyRow,
  loading,
  nedwatch,
  newDatabase,
  query,
  start,
  stop,
} from '../support/backup-program.js';
import { type TestDatabase, withSessions } from '../support/database.js';
import { startCommand } from '../support/program.js';
import { PLANNER_REVISION } from '../../src/guideline/planner.js';

// Files that are refused, and leave no trace.

const PATIENTS = 5000;

let folder: string;
/** A hospital, its backup, and a change since. */
let target: TestDatabase;
let backup: string;
/** Of a hospital with many patients. */
let large: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nedwatch-refusals-'));
  target = withSessions(await newDatabase());
  await stop(await start(target.url, 'api'));
  backup = join(folder, 'hospital.tar.gz');
  await done(target.url, 'backup', backup);

  const source = await newDatabase();
  await done(source.url, 'restore', backup);
  for (const statement of MANY) await query(source.url, statement);
  large = join(folder, 'large.tar.gz');
  await done(source.url, 'backup', large);
  await query(target.url, `UPDATE hospital SET name = 'renamed since'`);
}, 60_000);

afterAll(async () => {
  await endAll();
  rmSync(folder, { recursive: true });
});

const MANY = [
  `INSERT INTO patient (id, hospital_id, mrn, name, sex, birth_date, diagnosis_date, enrolled_on, planner_revision)
   SELECT gen_random_uuid(), h.id, n::text, 'A', 'female', '1961-04-05', '2024-01-10', '2024-02-01', ${PLANNER_REVISION}
     FROM hospital h, generate_series(1, ${PATIENTS}) AS n`,
  `INSERT INTO surveillance_item (id, hospital_id, patient_id, guideline, key, pathway, rule, activity, covers, sequence,
     phase, measured_from, earliest, due, overdue, before_enrolment, projected, state)
   SELECT gen_random_uuid(), hospital_id, id, 'crlm-cn-2025@1', n::text, 'test', 'ct', 'chest-ct', '{}', 1,
     1, '2024-01-10', '2024-04-10', '2024-04-11', '2024-05-11', false, false, 'active'
     FROM patient, generate_series(1, 10) AS n`,
];

/** Restores over a database with data, and expects it unchanged. */
async function expectRefusal(file: string, refusal: string | RegExp): Promise<void> {
  const before = await everyRow(target.url);
  const { code, stderr } = await nedwatch(target.url, 'restore', file, '--replace');
  expect(stderr).toMatch(refusal);
  expect(code).toBe(1);
  expect(await everyRow(target.url)).toEqual(before);
}

/** The positions of the head and of the end, where the formats have their fields, and every 31st between them. */
const positionsOf = ({ length }: Buffer): number[] =>
  Array.from({ length }, (_, at) => at).filter((at) => at < 64 || at >= length - 64 || at % 31 === 0);

test('a truncated file is refused, wherever it ends', async () => {
  const bytes = readFileSync(backup);
  const file = join(folder, 'truncated');
  for (const length of positionsOf(bytes)) {
    writeFileSync(file, bytes.subarray(0, length));
    await expect(inspect(file)).rejects.toMatchObject({ code: 'backup-broken' });
  }
  await expectRefusal(file, /^backup-broken: /);
});

test('a file with a flipped bit is refused, wherever it is, unless it holds the very same rows', async () => {
  const bytes = readFileSync(backup);
  const file = join(folder, 'flipped');
  const accepted: number[] = [];
  for (const at of positionsOf(bytes)) {
    const flipped = Buffer.from(bytes);
    flipped[at]! ^= 1 << (at % 8);
    writeFileSync(file, flipped);
    const refused = await inspect(file).then(
      () => undefined,
      (error: unknown) => (error as BackupRefused).code,
    );
    if (refused === undefined && gunzipSync(flipped).equals(gunzipSync(bytes))) accepted.push(at);
    else expect({ at, refused }).toEqual({ at, refused: 'backup-broken' });
  }
  expect(accepted.length).toBeLessThan(30); // the time and system in the header of a gzip, and little else

  const flipped = Buffer.from(bytes);
  flipped[bytes.length >> 1]! ^= 0xff;
  writeFileSync(file, flipped);
  await expectRefusal(file, /^backup-broken: /);
});

test('rows that are not those of the manifest are refused, and so is a file of something else', async () => {
  const parts = await readBackup(backup);
  const file = join(folder, 'changed.tar.gz');
  await writeBackup(file, parts);
  const { tables } = await readBackup(file);
  tables.set('hospital', tables.get('hospital')!.replace('nedwatch', 'another'));
  await writeBackup(file, { manifest: { ...parts.manifest, takenAt: 'yesterday' }, tables });
  await expectRefusal(file, /^backup-broken: .*takenAt/);
  writeFileSync(file, 'mrn,name\n');
  await expectRefusal(file, /^backup-broken: /);
  await expectRefusal(join(folder, 'nowhere'), /^file-not-usable: /);
});

test('rows that violate the schema are refused by PostgreSQL, and nothing is changed', async () => {
  const { manifest, tables } = await readBackup(large);
  const file = join(folder, 'impossible.tar.gz');
  const patients = tables.get('patient')!;
  await writeBackup(file, {
    manifest,
    tables: new Map(tables).set('patient', patients.replace('\tfemale\t', '\tghost\t')),
  });
  await expectRefusal(file, /^rows-refused: .*: patient_sex: /);
  const withoutOne = patients.slice(patients.indexOf('\n') + 1);
  await writeBackup(file, { manifest, tables: new Map(tables).set('patient', withoutOne) });
  await expectRefusal(file, /^rows-refused: .*: surveillance_item_patient_fkey: /);
});

test('a backup of a newer version is refused', async () => {
  const { manifest, tables } = await readBackup(backup);
  const file = join(folder, 'newer.tar.gz');
  const migrations = [...manifest.migrations, 'Telepathy1999999999999'];
  await writeBackup(file, { manifest: { ...manifest, migrations, program: '9.1.0' }, tables });
  await expectRefusal(file, /^backup-newer: .*nedwatch 9\.1\.0.*Telepathy1999999999999/);
  await writeBackup(file, { manifest: { ...manifest, format: 2 as 1, program: '9.1.0' }, tables });
  await expectRefusal(file, /^backup-newer: .*nedwatch 9\.1\.0/);
});

test('a database with a hospital is not replaced unless that is asked for', async () => {
  const before = await everyRow(target.url);
  expect(await nedwatch(target.url, 'restore', backup)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^database-not-empty: .*--replace/),
  });
  expect(await everyRow(target.url)).toEqual(before);

  const other = await newDatabase();
  await stop(await start(other.url, 'api'));
  await done(other.url, 'restore', large, '--replace');
  expect((await everyRow(other.url))['patient']).toHaveLength(PATIENTS);
});

test('nothing is restored under a running program', async () => {
  const program = await start(target.url, 'api');
  await expectRefusal(backup, /^database-in-use: /);
  await stop(program);
});

test('a restore that is killed while it loads changes nothing', async () => {
  const before = await everyRow(target.url);
  const restoring = startCommand(['restore', large, '--replace'], { DATABASE_URL: target.url });
  await loading(target.url);
  restoring.child.kill('SIGKILL');
  expect((await restoring.ended).code).toBeNull();
  expect(await everyRow(target.url)).toEqual(before);
});
