import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { givenPatient } from '../support/builders.js';

// The history of one patient is read often: a page shows it. It must not take longer in a hospital with more patients.

const OTHERS = 20;
const EVENTS_OF_EACH = 500;
/** More than the history of one patient in these tests, and far fewer than the events of the others. */
const FEW = 200;

let t: TestApp;
let id: string;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-02T09:00:00+08:00', role: 'api' });
  ({ id } = await givenPatient(t));
  for (let n = 0; n < OTHERS; n++) await givenPatient(t);
  await t.dataSource.query(
    `INSERT INTO clinical_event (id, hospital_id, patient_id, type, date, detail, recorded_at)
     SELECT gen_random_uuid(), hospital_id, id, 'exam', date '2020-01-01' + n, '{"activity": "tumour_markers", "outcome": "normal"}', now()
       FROM patient, generate_series(1, ${EVENTS_OF_EACH}) AS n WHERE id <> $1`,
    [id],
  );
  await t.dataSource.query('ANALYZE');
});
afterAll(() => t.close());

async function readRows(): Promise<number> {
  // A connection of the application reports what it has read with a statement that begins a second later.
  await wait(1100);
  await Promise.all(Array.from({ length: 12 }, () => t.get('/me')));
  await wait(1100);
  const [row] = await t.dataSource.query<[{ rows: number }]>(
    `SELECT (seq_tup_read + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes i WHERE i.relid = t.relid))::integer AS rows
       FROM pg_stat_user_tables t WHERE relname = 'clinical_event'`,
  );
  return row.rows;
}

test.each([
  ['the events', () => `/patients/${id}/events`],
  ['the page of the patient', () => `/patients/${id}`],
  ['the schedule', () => `/patients/${id}/schedule`],
  ['the FHIR record', () => `/fhir/Patient/${id}`],
  ['the exams in FHIR', () => `/fhir/Observation?patient=${id}`],
])('%s of one patient are read without the events of the others', async (_what, path) => {
  const before = await readRows();
  expect((await t.get(path())).status).toBe(200);
  const read = (await readRows()) - before;
  expect(read).toBeLessThan(FEW);
});
