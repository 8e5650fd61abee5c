import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { NarrowItemKey1798400000000 } from '../../migrations/1798400000000-narrow-item-key.js';
import { createDataSource, MIGRATIONS } from '../../src/app/data-source.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { expectNextDue } from '../support/next-due.js';

/** `MIGRATION_PATIENTS=20000` is the long form, of a few minutes. */
const PATIENTS = Number(process.env['MIGRATION_PATIENTS'] ?? 1000);
const ITEMS_OF_A_PATIENT = 70;
const PATIENTS_AT_A_TIME = 500;

/** How long the previous version waits for a lock before it refuses a request (`request-bounds.ts`). */
const [READ_WAITS_MS, WRITE_WAITS_MS] = [5000, 10_000];

jest.setTimeout(120_000 + PATIENTS * 60);

const HOSPITAL = '00000000-0000-7000-8000-00000000000a';
const patientId = (n: number): string => `00000000-0000-7000-8001-${String(n).padStart(12, '0')}`;

let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createDatabase();
  dataSource = await createDataSource(database.url, 1).initialize();
  for (let left = MIGRATIONS.length - MIGRATIONS.indexOf(NarrowItemKey1798400000000); left > 0; left--)
    await dataSource.undoLastMigration();
  await dataSource.query(
    `INSERT INTO hospital (id, name, time_zone, language, policy) VALUES ($1, 'A', 'Asia/Shanghai', 'zh', '{}')`,
    [HOSPITAL],
  );
  for (let first = 1; first <= PATIENTS; first += PATIENTS_AT_A_TIME)
    await fill(first, Math.min(PATIENTS, first + PATIENTS_AT_A_TIME - 1));
  await dataSource.query('ANALYZE');
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

/** As the previous version stores them: an item every 50 days, the first ones completed, every fifth without a last day. */
async function fill(first: number, last: number): Promise<void> {
  await dataSource.query(
    `INSERT INTO patient (id, hospital_id, mrn, name, sex, birth_date, diagnosis_date, enrolled_on)
     SELECT ('00000000-0000-7000-8001-' || lpad(n::text, 12, '0'))::uuid, $1, 'M' || n, 'x', 'female', '1960-01-01', '2025-01-01', '2025-01-01'
       FROM generate_series($2::integer, $3::integer) AS n`,
    [HOSPITAL, first, last],
  );
  // The rows fit each other: foreign keys need not be checked for each of them.
  await dataSource.query('SET session_replication_role = replica');
  await dataSource.query(
    `INSERT INTO surveillance_item (id, hospital_id, patient_id, guideline, key, pathway, rule, activity, covers, sequence, phase,
       measured_from, earliest, due, overdue, before_enrolment, projected, state, completed_on, next_reminder_on)
     SELECT gen_random_uuid(), $1, ('00000000-0000-7000-8001-' || lpad(n::text, 12, '0'))::uuid, 'g@1', 'rule#' || i, 'p', 'rule',
            'tumour_markers', '{}', i, 1, '2025-01-01', '2025-01-01'::date + 50 * i - 10, '2025-01-01'::date + 50 * i,
            CASE WHEN i % 5 = 0 THEN '9999-12-31'::date ELSE '2025-01-01'::date + 50 * i + 20 END, false, false,
            CASE WHEN i < 5 THEN 'completed' ELSE 'active' END, CASE WHEN i < 5 THEN '2025-01-01'::date + 50 * i END,
            CASE WHEN i >= 5 THEN '2025-01-01'::date + 50 * i END
       FROM generate_series($2::integer, $3::integer) AS n, generate_series(1, ${ITEMS_OF_A_PATIENT}) AS i`,
    [HOSPITAL, first, last],
  );
  await dataSource.query('SET session_replication_role = origin');
}

interface Work {
  readonly name: string;
  readonly waitsMs: number;
  readonly statements: readonly (readonly [sql: string, parameters: (n: number) => unknown[]])[];
}

/** What the previous version does all day, in its own words. */
const WORKS: readonly Work[] = [
  {
    name: 'a schedule',
    waitsMs: READ_WAITS_MS,
    statements: [
      [
        'SELECT id, key, due, state FROM surveillance_item WHERE hospital_id = $1 AND patient_id = $2',
        (n) => [HOSPITAL, patientId(n)],
      ],
    ],
  },
  {
    name: 'a page of the worklist',
    waitsMs: READ_WAITS_MS,
    statements: [
      [
        `SELECT item.id, patient.mrn FROM surveillance_item item JOIN patient ON patient.hospital_id = item.hospital_id AND patient.id = item.patient_id
          WHERE item.hospital_id = $1 AND item.state = 'active' AND NOT item.before_enrolment AND item.due >= $2 ORDER BY item.due, item.id LIMIT 50`,
        (n) => [HOSPITAL, `2026-0${1 + (n % 9)}-01`],
      ],
    ],
  },
  {
    name: 'a plan that is drawn up again',
    waitsMs: WRITE_WAITS_MS,
    statements: [
      [
        'SELECT id FROM patient WHERE hospital_id = $1 AND id = $2 FOR NO KEY UPDATE',
        (n) => [HOSPITAL, patientId(n)],
      ],
      [
        `UPDATE surveillance_item SET due = due + 1, overdue = greatest(overdue, due + 2), revision = revision + 1
          WHERE hospital_id = $1 AND patient_id = $2 AND key = 'rule#30'`,
        (n) => [HOSPITAL, patientId(n)],
      ],
      [
        `INSERT INTO surveillance_item (id, hospital_id, patient_id, guideline, key, pathway, rule, activity, covers, sequence, phase,
           measured_from, earliest, due, overdue, before_enrolment, projected, state)
         SELECT gen_random_uuid(), $1, $2, 'g@1', 'new#' || coalesce(max(sequence), 0) + 1, 'p', 'new', 'colonoscopy', '{}',
                coalesce(max(sequence), 0) + 1, 1, '2026-01-01', '2026-06-01', '2026-07-01', '2027-01-01', false, false, 'active'
           FROM surveillance_item WHERE hospital_id = $1 AND patient_id = $2 AND rule = 'new'`,
        (n) => [HOSPITAL, patientId(n)],
      ],
    ],
  },
  {
    name: 'a sweep of reminders',
    waitsMs: WRITE_WAITS_MS,
    statements: [
      [
        `UPDATE surveillance_item i SET next_reminder_on = next_reminder_on + 7
           FROM (SELECT id FROM surveillance_item WHERE hospital_id = $1 AND next_reminder_on <= '2026-11-01'
                  ORDER BY next_reminder_on LIMIT 20 FOR UPDATE SKIP LOCKED) AS next
          WHERE i.hospital_id = $1 AND i.id = next.id`,
        () => [HOSPITAL],
      ],
    ],
  },
];

interface Done {
  readonly work: string;
  readonly tookMs: number;
  readonly error: string | null;
}

/** Does one kind of work after the other, as the application's role, until it is stopped. */
async function serve(isStopped: () => boolean, offset: number): Promise<readonly Done[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const done: Done[] = [];
  for (let n = offset; !isStopped(); n++) {
    const { name, waitsMs, statements } = WORKS[n % WORKS.length]!;
    const began = performance.now();
    let error: string | null = null;
    try {
      await client.query('BEGIN; SET LOCAL ROLE nedwatch_app');
      await client.query(`SET LOCAL lock_timeout = ${waitsMs}`);
      await client.query('SELECT FROM enter_hospital($1, $2)', [HOSPITAL, '']);
      for (const [sql, parameters] of statements) await client.query(sql, parameters(1 + (n % PATIENTS)));
      await client.query('COMMIT');
    } catch (failure) {
      error = (failure as Error).message;
      await client.query('ROLLBACK');
    }
    done.push({ work: name, tookMs: performance.now() - began, error });
    await wait(2);
  }
  await client.end();
  return done;
}

const plans = (): Promise<unknown[]> =>
  dataSource.query(
    `SELECT count(*)::integer AS items, count(DISTINCT patient_id)::integer AS patients,
            md5(string_agg(id || key || state || coalesce(completed_on::text, ''), ',' ORDER BY id)) AS digest
       FROM surveillance_item WHERE rule = 'rule'`,
  );

test('while the previous version reads and writes, the worklist arrives without a refused request, and no item changes', async () => {
  const before = await plans();
  let isOver = false;
  const served = Promise.all([1, 2, 3].map((offset) => serve(() => isOver, offset)));
  await wait(200);
  const began = performance.now();
  await dataSource.runMigrations();
  const tookMs = performance.now() - began;
  await wait(200); // and afterwards, until it is replaced
  isOver = true;
  const done = (await served).flat();
  const longest = done.reduce((a, b) => (a.tookMs > b.tookMs ? a : b));
  console.log(
    `${PATIENTS} patients: migrations ${Math.round(tookMs)} ms; ${done.length} requests meanwhile, the longest ${Math.round(longest.tookMs)} ms (${longest.work})`,
  );
  expect(done.filter(({ error }) => error !== null)).toEqual([]);
  expect(new Set(done.map(({ work }) => work)).size).toBe(WORKS.length);
  expect(await plans()).toEqual(before);
  const [row] = await dataSource.query<{ wrong: number }[]>(
    `SELECT count(*)::integer AS wrong FROM surveillance_item
      WHERE state = 'active' AND urgent_on IS DISTINCT FROM CASE WHEN overdue > due + 62 THEN due + 62 END`,
  );
  expect(row).toEqual({ wrong: 0 });
  await expectNextDue({ dataSource });
  const invalid = await dataSource.query<unknown[]>(
    'SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid',
  );
  expect(invalid).toEqual([]);
});
