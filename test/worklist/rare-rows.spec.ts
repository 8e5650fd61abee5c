import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HospitalScope, type HospitalTransaction } from '../../src/tenancy/hospital-scope.js';
import { calendarDate } from '../../src/guideline/calendar.js';
import { countStatement, rowsStatement } from '../../src/worklist/lists/list-query.js';
import { listContext, listStatement } from '../../src/worklist/lists/list-statement.js';
import { LISTS, type ListName } from '../../src/worklist/lists/list-sources.js';
import { statusStatement } from '../../src/worklist/lists/status-query.js';
import type { TestApp } from '../support/app.js';
import { givenItem, givenPatient } from '../support/builders.js';
import { nextApp } from '../support/next-app.js';
import { until } from '../support/webhook-receiver.js';

// What a statement reads where a hospital has many rows of a list, counted in pages of 8 kB.

let t: TestApp;
beforeAll(async () => {
  t = await nextApp(t, { clock: '2026-03-10T10:00:00+08:00', role: 'api' });
  const patientId = (await givenPatient(t)).id;
  const dates = { due: calendarDate('2025-12-01'), overdue: calendarDate('2025-12-20'), missedOn: null };
  const item = await givenItem(t, { patientId, activity: 'tumour_markers', ...dates });
  for (const state of STATES)
    await t.dataSource.query(
      `INSERT INTO surveillance_item
       SELECT (jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid(), 'key', i.key || $2 || n) || $3::jsonb)).*
         FROM surveillance_item i, generate_series(1, ${ROWS}) AS n WHERE i.id = $1`,
      [item.id, `${JSON.stringify(state)} `, JSON.stringify(state)],
    );
  await t.dataSource.query(
    `INSERT INTO clinical_event (id, hospital_id, patient_id, type, date, detail, recorded_at, result_of, to_judge, seen_at, seen_by)
     SELECT gen_random_uuid(), $1, $2, 'exam', '2025-12-01', jsonb_build_object('activity', 'tumour_markers', 'outcome', 'normal', 'n', n),
            '2025-12-02'::timestamptz + make_interval(secs => n), 'tumour_markers',
            CASE WHEN n % 10 = 0 THEN '[{"because": "outcome", "code": "suspicious"}]'::jsonb END,
            CASE WHEN n % 10 <> 0 THEN '2026-01-01'::timestamptz END, CASE WHEN n % 10 <> 0 THEN 'Chen' END
       FROM generate_series(1, ${10 * ROWS}) AS n`,
    [t.hospitalId, patientId],
  );
  await until(vacuumed, (done) => done);
});
afterAll(() => t.close());

/**
 * Whether PostgreSQL knows that all rows are visible: else it looks for each into the table. It learns that of the rows that were
 * there before all transactions that are open.
 */
async function vacuumed(): Promise<boolean> {
  await t.dataSource.query('VACUUM ANALYZE surveillance_item, clinical_event, patient');
  const [{ done }] = await t.dataSource.query<[{ done: boolean }]>(
    `SELECT bool_and(relallvisible = relpages) AS done FROM pg_class
      WHERE oid IN ('surveillance_item'::regclass, 'clinical_event'::regclass)`,
  );
  return done;
}

/** So many rows are on several hundred pages. */
const ROWS = 2500;
const STATES = [
  {},
  { step: 'booked', step_on: '2026-03-20' },
  { step: 'booked', step_on: '2026-03-01' },
  { step: 'attended', step_on: '2026-02-01' },
  { step: 'not_attended', step_on: '2026-02-01' },
  { step: 'deferred', step_until: '2026-03-01' },
];
const BY_DATE: readonly ListName[] = ['overdue', 'due', 'this_week', 'to_book'];
const OF_STEPS: readonly ListName[] = [
  'booked',
  'booked_passed',
  'awaiting_result',
  'not_attended',
  'returned',
];

/** The pages that a statement reads. */
async function pagesRead(
  { db }: HospitalTransaction,
  { sql, values }: { readonly sql: string; readonly values: readonly unknown[] },
): Promise<number> {
  interface Explained {
    readonly 'QUERY PLAN': readonly [{ readonly Plan: Readonly<Record<string, number>> }];
  }
  const [row] = await db.query<[Explained]>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`, [...values]);
  const { Plan: plan } = row['QUERY PLAN'][0];
  return (plan['Shared Hit Blocks'] ?? NaN) + (plan['Shared Read Blocks'] ?? NaN);
}

const within = <T>(work: (tx: HospitalTransaction) => Promise<T>): Promise<T> =>
  t.app.get(HospitalScope).run(t.hospitalId, () => t.app.get(HospitalScope).transaction(work));

/** The pages that each list's statement reads. */
const ofLists = (
  lists: readonly ListName[],
  sqlOf: (list: ListName, statement: ReturnType<typeof listStatement>) => string,
): Promise<[ListName, number][]> =>
  within(async (tx) => {
    const context = await listContext(tx, LISTS);
    const read: [ListName, number][] = [];
    for (const list of lists) {
      const statement = listStatement(tx, context, undefined);
      const sql = sqlOf(list, statement);
      read.push([list, await pagesRead(tx, { sql, values: statement.values.list })]);
    }
    return read;
  });

test('rows of appointments and results are counted by their indexes alone', async () => {
  const counted = await ofLists(
    ['booked', 'booked_passed', 'awaiting_result', 'unseen_result', 'to_judge'],
    (list, statement) => countStatement(list, {}, statement, 1001),
  );
  expect(counted.filter(([, pages]) => pages > 60)).toEqual([]);
});

test('a list that has nothing of an activity does not read its other rows', async () => {
  const page = { atMost: 51, onePerPatient: false };
  const read = await ofLists([...OF_STEPS, 'unseen_result'], (list, statement) =>
    rowsStatement(list, { activity: 'mri_liver' }, statement, page),
  );
  expect(read.filter(([, pages]) => pages > 60)).toEqual([]);
});

test('a list of items with a step does not read those of other wards', async () => {
  const page = { atMost: 51, onePerPatient: false };
  for (const filter of [{ ward: '3' }, { department: 'A' }, { group: 'A' }, { distanceFrom: 10 }]) {
    const read = await ofLists(OF_STEPS, (list, statement) => rowsStatement(list, filter, statement, page));
    expect([filter, read.filter(([, pages]) => pages > 60)]).toEqual([filter, []]);
  }
});

test('a list that has nothing of a rare rule does not read its other rows', async () => {
  const page = { atMost: 51, onePerPatient: true };
  const ofRule = { rule: 'another', rare: { by: 'rule', atMost: 10_000 } } as const;
  const read = await ofLists([...BY_DATE, ...OF_STEPS], (list, statement) =>
    rowsStatement(list, ofRule, statement, page),
  );
  const counted = await ofLists([...BY_DATE, ...OF_STEPS], (list, statement) =>
    countStatement(list, ofRule, statement, 1001),
  );
  expect([...read, ...counted].filter(([, pages]) => pages > 20)).toEqual([]);
});

test('items that are due are found without the overdue ones', async () => {
  const pages = await within((tx) =>
    pagesRead(
      tx,
      statusStatement(tx, { statuses: ['due'], escalatedTo: undefined }, undefined, {
        after: undefined,
        atMost: 51,
        isRare: false,
      }),
    ),
  );
  expect(pages).toBeLessThan(20);
});
