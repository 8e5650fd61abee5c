import { afterAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, calendarDate } from '../../src/guideline/calendar.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { ITEM_STEPS } from '../../src/schedules/surveillance-item.entity.js';
import { correctListedPatients } from '../../src/worklist/lists/listed-patients-correction.js';
import { OvertakenItems } from '../../src/worklist/lists/overtaken-items.js';
import type { TestApp } from '../support/app.js';
import { givenItem, givenPatient } from '../support/builders.js';
import { nextApp } from '../support/next-app.js';
import { expectNextDue, wrongNextDue } from '../support/next-due.js';
import { until } from '../support/webhook-receiver.js';
import { answered, givenFollowedUp, itemOf } from '../support/ward.js';

// Lists by date find the patients of a ward by `patient.next_due`: it must not be later than the first due date of their items.

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-02T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const TODAY = calendarDate('2026-11-02');
const days = fc.integer({ min: -40, max: 40 }).map((offset) => addDays(TODAY, offset));
const PATIENTS = 3;
const patient = fc.integer({ min: 0, max: PATIENTS - 1 });

/** One statement about some items, those of a patient or all. */
const writes = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('insert' as const),
      patient,
      dates: fc.array(days, { minLength: 1, maxLength: 3 }),
    }),
  },
  fc.record({
    kind: fc.constant('move' as const),
    patient: fc.option(patient),
    by: fc.integer({ min: -30, max: 30 }),
  }),
  fc.record({
    kind: fc.constant('state' as const),
    one: fc.nat(),
    state: fc.constantFrom('active', 'completed', 'cancelled'),
  }),
  fc.record({
    kind: fc.constant('step' as const),
    one: fc.nat(),
    step: fc.option(fc.constantFrom(...ITEM_STEPS)),
    until: fc.option(days),
  }),
  fc.record({ kind: fc.constant('before' as const), one: fc.nat(), is: fc.boolean() }),
  fc.record({ kind: fc.constant('missed' as const), one: fc.nat(), on: fc.option(days) }),
  fc.record({ kind: fc.constant('reorder' as const), patient }),
  fc.record({ kind: fc.constant('give away' as const), one: fc.nat(), patient }),
  fc.record({ kind: fc.constant('delete' as const), one: fc.nat() }),
  fc.record({ kind: fc.constant('overtaken' as const), one: fc.nat() }),
);
type Write = typeof writes extends fc.Arbitrary<infer One> ? One : never;

const NTH =
  '(SELECT id FROM surveillance_item ORDER BY id OFFSET $1 % greatest(1, (SELECT count(*) FROM surveillance_item)) LIMIT 1)';

async function write(patientIds: readonly string[], one: Write): Promise<void> {
  const update = (set: string, parameters: readonly unknown[]): Promise<unknown> =>
    t.dataSource.query(`UPDATE surveillance_item SET next_reminder_on = NULL, ${set}`, [...parameters]);
  switch (one.kind) {
    case 'insert':
      for (const due of one.dates)
        await givenItem(t, {
          patientId: patientIds[one.patient]!,
          due,
          overdue: addDays(due, 10),
          missedOn: addDays(due, 20),
        });
      // Several rows of one statement, for all patients.
      await t.dataSource.query(
        `INSERT INTO surveillance_item
         SELECT (jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid(), 'key', gen_random_uuid(), 'due', i.due - 1))).*
           FROM surveillance_item i
          WHERE i.id IN (SELECT DISTINCT ON (patient_id) id FROM surveillance_item ORDER BY patient_id, due)`,
      );
      return;
    case 'move':
      await update(
        'due = due + $1::integer, earliest = make_date(2020, 1, 1), overdue = overdue + $1::integer, missed_on = missed_on + $1::integer WHERE $2::uuid IS NULL OR patient_id = $2',
        [one.by, one.patient === null ? null : patientIds[one.patient]],
      );
      return;
    case 'reorder':
      await update(
        'due = $2::date - (due - $2::date), earliest = make_date(2020, 1, 1), overdue = $2::date + 100, missed_on = NULL WHERE patient_id = $1',
        [patientIds[one.patient], TODAY],
      );
      return;
    case 'state':
      await update(
        `state = $2::text, completed_on = CASE WHEN $2 = 'completed' THEN due END, step = NULL, step_on = NULL, step_until = NULL WHERE id = ${NTH}`,
        [one.one, one.state],
      );
      return;
    case 'step':
      await update(
        `step = $2::text, step_on = CASE WHEN $2 IS NOT NULL THEN due END, step_until = CASE WHEN $2 IN ('deferred', 'declined', 'contraindicated') THEN $3::date END
          WHERE state = 'active' AND id = ${NTH}`,
        [one.one, one.step, one.until],
      );
      return;
    case 'before':
      await update(`before_enrolment = $2 WHERE id = ${NTH}`, [one.one, one.is]);
      return;
    case 'missed':
      await update(`missed_on = greatest($2::date, overdue) WHERE id = ${NTH}`, [one.one, one.on]);
      return;
    case 'give away':
      await update(`patient_id = $2 WHERE id = ${NTH}`, [one.one, patientIds[one.patient]]);
      return;
    case 'delete':
      await t.dataSource.query(`DELETE FROM surveillance_item WHERE id = ${NTH}`, [one.one]);
      return;
    case 'overtaken':
      await update(`overtaken_on = missed_on WHERE id = ${NTH}`, [one.one]);
  }
}

const ofHospital = <T>(work: () => Promise<T>): Promise<T> =>
  t.app.get(HospitalScope).run(t.hospitalId, work);
const mark = (): Promise<void> => ofHospital(() => t.app.get(OvertakenItems).mark());

/** What leaves an earlier date, until the daily task. */
const LEAVES_EARLIER: readonly string[] = ['delete', 'overtaken', 'give away'];

test('after any write the next due date is that of the first item; after a deletion or a mark it may be earlier, until the daily task', async () => {
  const patientIds: string[] = [];
  for (let n = 0; n < PATIENTS; n++) patientIds.push((await givenPatient(t)).id);
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(writes, { minLength: 4, maxLength: 12 }), async (drawn) => {
      await t.dataSource.query('DELETE FROM surveillance_item');
      await mark();
      await expectNextDue(t);
      for (const one of drawn) {
        await write(patientIds, one);
        expect([one, (await wrongNextDue(t)).filter(({ isLate }) => isLate)]).toEqual([one, []]);
        if (LEAVES_EARLIER.includes(one.kind)) await mark();
        expect([one, await wrongNextDue(t)]).toEqual([one, []]);
        compared++;
      }
    }),
    { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 15), includeErrorInReport: true },
  );
  expect(compared).toBeGreaterThan(4);
}, 120_000);

test('whatever people do, the next due date is that of the first item', async () => {
  const { patientId, items } = await givenFollowedUp(t);
  await expectNextDue(t);
  const overdue = itemOf(items, 'overdue');
  const { id } = await answered<{ id: string }>(
    t.post('/appointments', { patientId, itemIds: [overdue.id], date: '2026-11-20', place: 'CT' }),
    201,
  );
  await expectNextDue(t);
  await answered(t.post(`/appointments/${id}/outcome`, { outcome: 'cancelled_by_patient' }));
  await expectNextDue(t);
  await answered(t.post(`/items/${overdue.id}/undo`));
  await expectNextDue(t);
  const upcoming = itemOf(items, 'upcoming');
  await answered(t.post(`/items/${upcoming.id}/defer`, { until: '2027-02-01', reason: 'away' }));
  await expectNextDue(t);
  await answered(t.post(`/items/${upcoming.id}/undo`));
  await expectNextDue(t);
  await answered(t.post(`/items/${upcoming.id}/decline`, { reason: 'feels_well' }));
  await expectNextDue(t);
  await t.setClock('2027-06-01T09:00:00+08:00');
  await mark();
  await expectNextDue(t);
  await answered(t.post(`/items/${upcoming.id}/reopen`));
  await expectNextDue(t);
  const exam = { type: 'exam', activity: upcoming.activity, date: '2027-05-30', outcome: 'normal' };
  await answered(t.post(`/patients/${patientId}/events`, exam), 201);
  await expectNextDue(t);
  const death = await answered<{ id: string }>(
    t.post(`/patients/${patientId}/events`, { type: 'death', date: '2027-05-31' }),
    201,
  );
  await expectNextDue(t);
  const voiding = { reason: 'another patient' };
  await answered(t.post(`/patients/${patientId}/events/${death.id}/void`, voiding));
  await expectNextDue(t);
  const other = await givenFollowedUp(t, '2026-03-02');
  await expectNextDue(t);
  const merge = await answered<{ id: string }>(
    t.post(`/patients/${patientId}/merge`, { from: other.patientId, reason: 'one identity card' }),
  );
  await expectNextDue(t);
  expect(await kept(other.patientId)).toBeNull();
  await answered(t.post(`/merges/${merge.id}/undo`, { reason: 'two people' }));
  await expectNextDue(t);
  expect(await kept(other.patientId)).not.toBeNull();
  await answered(t.post(`/patients/${other.patientId}/erase`, { ground: 'patient_request', author: 'Chen' }));
  await expectNextDue(t);
  expect(await kept(other.patientId)).toBeNull();
});

async function kept(patientId: string): Promise<string | null> {
  const [row] = await t.dataSource.query<{ next_due: string | null }[]>(
    'SELECT next_due FROM patient WHERE id = $1',
    [patientId],
  );
  return row?.next_due ?? null;
}

test('the daily task waits for no patient who is locked, and says when a date was too late', async () => {
  const { id: patientId } = await givenPatient(t);
  const item = await givenItem(t, {
    patientId,
    due: '2026-10-01',
    overdue: calendarDate('2026-10-05'),
    missedOn: calendarDate('2026-10-10'),
  });
  await t.dataSource.query('UPDATE patient SET next_due = NULL WHERE id = $1', [patientId]);
  const other = t.dataSource.createQueryRunner();
  await other.startTransaction();
  await other.query('SELECT FROM patient WHERE id = $1 FOR NO KEY UPDATE', [patientId]);
  const first = '00000000-0000-0000-0000-000000000000';
  const scope = t.app.get(HospitalScope);
  const correct = (): Promise<object> =>
    ofHospital(() => scope.transaction((tx) => correctListedPatients(tx, first)));
  expect(await correct()).toEqual({ last: null, missed: 1 });
  expect(await kept(patientId)).toBeNull();
  await other.rollbackTransaction();
  expect(await correct()).toEqual({ last: null, missed: 1 });
  expect(await kept(patientId)).toBe('2026-10-01');

  // The mark has locked the item, and a new plan the patient: neither waits for the other.
  await other.startTransaction();
  await other.query('SELECT FROM patient WHERE id = $1 FOR NO KEY UPDATE', [patientId]);
  await mark();
  await other.query('UPDATE surveillance_item SET due = due + 1 WHERE id = $1', [item.id]);
  await other.commitTransaction();
  await other.release();
  await until(
    async () => (await mark(), wrongNextDue(t)),
    (wrong) => wrong.length === 0,
  );
  expect(await kept(patientId)).toBeNull();
});
