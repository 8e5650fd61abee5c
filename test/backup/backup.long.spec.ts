import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { createDataSource } from '../../src/app/data-source.js';
import { loadDemo } from '../../src/exchange/imports/demo.js';
import { startApp, type TestApp } from '../support/app.js';
import { readBackup } from '../support/backup-file.js';
import {
  call,
  CLOCK,
  differences,
  done,
  endAll,
  everyRow,
  nedwatch,
  newDatabase,
  query,
  schemaOf,
  sessionRuns,
  start,
  stop,
  worklist,
  type WorklistPage,
} from '../support/backup-program.js';
import { startCommand } from '../support/program.js';
import { until, verified, WebhookReceiver } from '../support/webhook-receiver.js';

// The real program, with a part of the demonstration cohort.

jest.setTimeout(180_000);

const PATIENTS = 150;

let folder: string;
let receiver: WebhookReceiver;
let hospital: TestApp;
let source: { readonly url: string };
let secret: string;
/** The rows of the source, when no program uses it any more. */
let backup: string;
let rows: Record<string, string[]>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nedwatch-backup-'));
  backup = join(folder, 'evening.tar.gz');
  receiver = await WebhookReceiver.start();
  receiver.answer = () => ({ status: 503 });
  hospital = await startApp({ clock: CLOCK, role: 'api' });
  source = { url: hospital.config.databaseUrl! };
  await loadDemo(hospital.app, PATIENTS);
  await hospital.setClock(CLOCK); // where the next program begins: nothing that follows is in its future
  ({ secret } = (await hospital.post('/webhook-endpoints', { url: receiver.url, backlog: 'all' })).body);
  const open = async () => (await hospital.get('/worklist?limit=5')).body.items as WorklistPage['items'];
  for (const { id } of await open())
    await hospital.post(`/items/${id}/complete`, { date: '2026-11-01', outcome: 'normal' });
  const [item] = await open();
  const decision = {
    kind: 'profile',
    profile: 'minimal',
    author: 'Dr. Chen',
    reason: "as\tshe\\wishes\n'王'",
  };
  await hospital.post(`/patients/${item!.patient.id}/decisions`, decision);
  const program = await start(source.url, 'all');
  await until(
    () => query(source.url, `SELECT FROM delivery WHERE attempts > 0 AND state = 'pending'`),
    (tried) => tried.length > 20,
    60_000,
  );
  await done(source.url, 'backup', join(folder, 'while-it-runs.tar.gz'));
  await stop(program);
  await done(source.url, 'backup', backup);
  rows = await everyRow(source.url);
}, 180_000);

afterAll(async () => {
  await endAll();
  await hospital.close();
  await receiver.stop();
  rmSync(folder, { recursive: true });
});

test('a restore into another database has the same rows, constraints and worklist', async () => {
  const target = await newDatabase();
  await done(target.url, 'restore', backup);
  const restored = await everyRow(target.url);
  expect(restored['surveillance_item']!.length).toBeGreaterThan(2000);
  expect(restored['delivery']!.length).toBeGreaterThan(20);
  expect(differences(rows, restored)).toEqual([]);
  expect(await schemaOf(target.url)).toEqual(await schemaOf(source.url));

  const again = join(folder, 'of-the-restored.tar.gz');
  await done(target.url, 'backup', again);
  const [first, second] = [await readBackup(backup), await readBackup(again)];
  expect(second.manifest.tables).toEqual(first.manifest.tables);

  const [one, two] = [await start(source.url, 'api'), await start(target.url, 'api')];
  const items = await worklist(one);
  expect(items.length).toBeGreaterThan(75);
  expect(await worklist(two)).toEqual(items);
  for (const { patient } of items.filter((_, index) => index % 25 === 0))
    expect(await call(two, `/patients/${patient.id}/schedule`)).toEqual(
      await call(one, `/patients/${patient.id}/schedule`),
    );
  await Promise.all([stop(one), stop(two)]);
});

test('pending deliveries are sent after a restore, with the same webhook-id', async () => {
  const target = await newDatabase();
  await done(target.url, 'restore', backup);
  const pending = await query<{ id: string }>(target.url, `SELECT id FROM delivery WHERE state = 'pending'`);
  // The program's clock restarts.
  await query(target.url, `UPDATE delivery SET next_attempt_at = '2026-11-01' WHERE state = 'pending'`);
  await query(target.url, `UPDATE webhook_endpoint SET resting_until = NULL`);
  receiver.arrivals.length = 0;
  receiver.answer = () => ({ status: 200 });
  const program = await start(target.url, 'all');
  const arrived = (): Set<string | undefined> =>
    new Set(receiver.arrivals.map(({ headers }) => headers['webhook-id']));
  await until(arrived, (ids) => pending.every(({ id }) => ids.has(id)), 60_000);
  for (const arrival of receiver.arrivals) verified(arrival, secret);
  await stop(program);
});

test('a backup taken while the program works is of one instant: it restores, and every reference in it is kept', async () => {
  const target = await newDatabase();
  await done(target.url, 'restore', join(folder, 'while-it-runs.tar.gz'));
  expect(await schemaOf(target.url)).toEqual(await schemaOf(source.url));
});

test('the file is readable by its owner only and by other software, and contains no queue', async () => {
  expect(statSync(backup).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
  const { manifest, tables } = await readBackup(backup);
  expect(tables.get('patient')!.split('\n')).toHaveLength(PATIENTS + 1);
  expect(manifest.tables.map(({ name }) => name)).not.toContainEqual(expect.stringMatching(/bull/));
  expect(manifest).toMatchObject({
    format: 1,
    migrations: expect.arrayContaining(['Surveillance1795424400000']),
  });
});

test('the backup says where the keys are, and to standard output it writes nothing but itself', async () => {
  const { code, out, stderr } = await nedwatch(source.url, 'backup', '-');
  expect(code).toBe(0);
  expect(stderr).toContain('Keys are never part of a backup');
  expect(out.length).toBeGreaterThan(100_000);
});

test('a program that starts during a restore waits for it', async () => {
  const target = await newDatabase();
  const reader = new pg.Client({ connectionString: target.url });
  await reader.connect();
  // The restore waits for the reader, and the program, which asks who holds the lock of migrations, for the restore.
  await reader.query('BEGIN; LOCK TABLE patient IN ACCESS SHARE MODE');
  const restoring = startCommand(['restore', backup], { DATABASE_URL: target.url });
  await sessionRuns(target.url, 'ALTER TABLE public.patient %');
  const starting = start(target.url, 'api');
  await sessionRuns(target.url, 'SELECT l.pid, %');
  await reader.end();
  expect(await restoring.ended).toMatchObject({ code: 0 });
  const program = await starting;
  expect((await worklist(program)).length).toBeGreaterThan(200);
  await stop(program);
});

test('killed while it writes, a backup leaves no file of that name, and the next run clears away the rest', async () => {
  const file = join(folder, 'killed.tar.gz');
  const writing = startCommand(['backup', file], { DATABASE_URL: source.url });
  await until(
    () => readdirSync(folder),
    (names) => names.includes('killed.tar.gz.partial'),
  );
  writing.child.kill('SIGKILL');
  await writing.ended;
  expect(readdirSync(folder)).not.toContain('killed.tar.gz');
  await done(source.url, 'backup', file);
  expect(readdirSync(folder)).not.toContain('killed.tar.gz.partial');
});

test('a backup of an older version is restored as it was and then brought up to date', async () => {
  const older = await newDatabase();
  await stop(await start(older.url, 'api'));
  await query(
    older.url,
    `INSERT INTO patient (id, hospital_id, mrn, name, sex, birth_date, diagnosis_date, enrolled_on)
     SELECT gen_random_uuid(), id, 'M1', '王芳', 'female', '1961-04-05', '2024-01-10', '2024-02-01' FROM hospital`,
  );
  const owner = await createDataSource(older.url, 1).initialize();
  await owner.undoLastMigration();
  const file = join(folder, 'older.tar.gz');
  await done(older.url, 'backup', file);
  expect((await readBackup(file)).manifest.migrations).toHaveLength(owner.migrations.length - 1);
  await owner.runMigrations();
  await owner.destroy();
  const upToDate = await everyRow(older.url);

  const empty = await newDatabase();
  await done(empty.url, 'restore', file);
  await stop(await start(older.url, 'api'));
  await done(older.url, 'restore', file, '--replace');
  // Running programs add months of audit.
  const withoutMonths = (parts: { of: string }[]): unknown[] =>
    parts.filter(({ of }) => !/_\d{4}_\d\d/.test(of));
  for (const { url } of [empty, older]) {
    expect((await everyRow(url))['patient']).toEqual(upToDate['patient']);
    expect(withoutMonths(await schemaOf(url))).toEqual(withoutMonths(await schemaOf(source.url)));
  }
});

test('a backup with a login that row-level security limits is refused with the remedy', async () => {
  const { url } = source;
  const login = Object.assign(new URL(url), { username: 'nedwatch_reader', password: 'only-reads' }).href;
  await query(url, `DROP ROLE IF EXISTS nedwatch_reader`);
  await query(url, `CREATE ROLE nedwatch_reader LOGIN PASSWORD 'only-reads'`);
  await query(url, `GRANT SELECT ON ALL TABLES IN SCHEMA public TO nedwatch_reader`);
  const file = join(folder, 'hidden.tar.gz');
  expect((await nedwatch(login, 'backup', file)).stderr).toMatch(
    /^not-readable: .*_seq.*NEDWATCH_OWNER_URL/s,
  );
  await query(url, `GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO nedwatch_reader`);
  const { code, stderr } = await nedwatch(login, 'backup', file);
  expect(stderr).toMatch(/^rows-hidden: .*patient.*NEDWATCH_OWNER_URL.*BYPASSRLS/s);
  expect(code).toBe(1);
  expect(readdirSync(folder).filter((name) => name.startsWith('hidden'))).toEqual([]);

  await query(url, `ALTER ROLE nedwatch_reader BYPASSRLS`);
  await done(login, 'backup', file);
  const seen = (await readBackup(file)).tables;
  expect(seen.get('patient')).toBe((await readBackup(backup)).tables.get('patient'));
  await query(url, `DROP OWNED BY nedwatch_reader`);
  await query(url, `DROP ROLE nedwatch_reader`);
});

test('an owner who is no superuser, and whom row security binds as well, backs up and restores everything', async () => {
  const owner = `owner_${randomBytes(4).toString('hex')}`;
  await query(source.url, `CREATE ROLE ${owner} LOGIN PASSWORD 'owns'`);
  await query(source.url, `GRANT nedwatch_app, nedwatch_sweep TO ${owner}`);
  const owned = async (name: string): Promise<string> => {
    await query(source.url, `CREATE DATABASE ${name} OWNER ${owner} TEMPLATE template0`);
    return Object.assign(new URL(source.url), { pathname: name, username: owner, password: 'owns' }).href;
  };
  const [one, two] = [await owned(`${owner}_one`), await owned(`${owner}_two`)];
  try {
    await done(one, 'restore', backup);
    const file = join(folder, 'owned.tar.gz');
    await done(one, 'backup', file);
    await done(two, 'restore', file);
    expect(differences(rows, await everyRow(two))).toEqual([]);
    expect(await schemaOf(two)).toEqual(await schemaOf(one));

    await query(one, `CREATE POLICY fewer ON patient AS RESTRICTIVE USING (mrn > 'M00100')`);
    expect((await nedwatch(one, 'backup', file)).stderr).toMatch(/^rows-hidden: .* rows of patient from/);
  } finally {
    for (const name of ['one', 'two']) await query(source.url, `DROP DATABASE ${owner}_${name} WITH (FORCE)`);
    await query(source.url, `DROP ROLE ${owner}`);
  }
});

// Possible features of later versions: rows that refer to one another, values that the database generates, and a
// table that refuses changes.
const LATER = [
  `CREATE TABLE note (n bigint GENERATED ALWAYS AS IDENTITY, day date, answers bigint, answers_day date, twice bigint GENERATED ALWAYS AS (n * 2) STORED,
     PRIMARY KEY (n, day), FOREIGN KEY (answers, answers_day) REFERENCES note) PARTITION BY RANGE (day)`,
  `CREATE TABLE note_2026 PARTITION OF note FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`,
  `CREATE TABLE note_rest PARTITION OF note DEFAULT`,
  `CREATE FUNCTION refuse_all() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'never'; END $$`,
];
const FILLED = [
  `CREATE TABLE note_2027 PARTITION OF note FOR VALUES FROM ('2027-01-01') TO (MAXVALUE)`,
  `INSERT INTO note (day, answers, answers_day) VALUES ('2026-05-01', 2, '2027-05-01'), ('2027-05-01', 1, '2026-05-01')`,
];
const CLOSED = [
  `CREATE TRIGGER no_row BEFORE INSERT OR UPDATE OR DELETE ON note FOR EACH ROW EXECUTE FUNCTION refuse_all()`,
  `CREATE TRIGGER no_truncate BEFORE TRUNCATE ON note FOR EACH STATEMENT EXECUTE FUNCTION refuse_all()`,
];

test('a backup includes new tables without a change: partitioned, append-only, with identities and circular references', async () => {
  const [from, to] = [await newDatabase(), await newDatabase()];
  for (const statement of [...LATER, ...FILLED, ...CLOSED]) await query(from.url, statement);
  const elsewhere = `INSERT INTO note (day) VALUES ('2027-07-01')`; // where the backup has a partition of its own
  for (const statement of [...LATER, elsewhere, ...CLOSED]) await query(to.url, statement);
  const file = join(folder, 'later.tar.gz');
  await done(from.url, 'backup', file);
  await done(to.url, 'restore', file);
  const [was, is] = [await everyRow(from.url), await everyRow(to.url)];
  expect(is['note']).toEqual(['(1,2026-05-01,2,2027-05-01,2)', '(2,2027-05-01,1,2026-05-01,4)']);
  expect(is).toEqual(was);
  expect(await schemaOf(to.url)).toEqual(await schemaOf(from.url));
  await expect(query(to.url, `DELETE FROM note`)).rejects.toThrow('never');
  await query(to.url, `ALTER TABLE note DISABLE TRIGGER no_row`);
  expect(await query(to.url, `INSERT INTO note (day) VALUES ('2028-01-01') RETURNING n`)).toEqual([{ n: 3 }]);

  const other = await newDatabase();
  expect((await nedwatch(other.url, 'restore', file)).stderr).toMatch(/^tables-differ: .*note\(/);
});
