import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PatientsOfLists1799940000000 } from '../../migrations/1799940000000-patients-of-lists.js';
import { EventsOfPatient1799960000000 } from '../../migrations/1799960000000-events-of-patient.js';
import { addDays, calendarDate } from '../../src/guideline/calendar.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { correctListedPatients } from '../../src/worklist/lists/listed-patients-correction.js';
import { WRONGLY_LISTED } from '../support/listed-patients.js';
import { type ResultsWard, startResultsWard, TODAY, ULTRASOUND } from '../support/results-ward.js';
import { as, givenPerson } from '../support/signed-in.js';

// Lists of a ward find its patients by columns of `patient`. They must say of each patient whether the list can hold them.

let ward: ResultsWard;
beforeAll(async () => {
  ward = await startResultsWard();
});
afterAll(() => ward.close());

const sql = <T = unknown>(text: string, values: unknown[] = []): Promise<T[]> =>
  ward.dataSource.query<T[]>(text, values);
const expectKept = async (after: unknown = ''): Promise<void> =>
  expect([after, await sql(WRONGLY_LISTED)]).toEqual([after, []]);

interface Kept {
  readonly unseen: boolean;
  readonly judge: boolean;
  readonly withdrawn: boolean;
  readonly lost: string | null;
}

async function keptOf(patientId: string): Promise<Kept> {
  const [row] = await sql<Kept>(
    `SELECT has_unseen_result AS unseen, has_result_to_judge AS judge, webhook_withdrawn AS withdrawn, loss_proposed_on AS lost
       FROM patient WHERE id = $1`,
    [patientId],
  );
  if (row === undefined) throw new Error(`There is no patient ${patientId}.`);
  return row;
}

const NONE: Kept = { unseen: false, judge: false, withdrawn: false, lost: null };

/** Two results of one day are one fact. */
let results = 0;
const nextDay = (): string => addDays(calendarDate('2000-01-01'), ++results);

const givenResult = (patientId: string, { toJudge = false, seen = false } = {}): Promise<unknown> =>
  sql(
    `INSERT INTO clinical_event (id, hospital_id, patient_id, type, date, detail, recorded_at, result_of, seen_at, seen_by, to_judge)
     VALUES ($1, $2, $3, 'exam', $6, '{"activity": "liver_ultrasound", "outcome": "normal"}', now(), 'liver_ultrasound',
             CASE WHEN $4 THEN now() END, CASE WHEN $4 THEN 'Chen' END,
             CASE WHEN $5 THEN '[{"because": "outcome", "code": "suspicious"}]'::jsonb END)`,
    [randomUUID(), ward.hospitalId, patientId, seen, toJudge, nextDay()],
  );

const patient = fc.integer({ min: 0, max: 2 });
const one = fc.nat();
const writes = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('result' as const),
      patient,
      toJudge: fc.boolean(),
      seen: fc.boolean(),
    }),
  },
  fc.record({ kind: fc.constant('see' as const), one, is: fc.boolean() }),
  fc.record({ kind: fc.constant('judge' as const), one, is: fc.boolean() }),
  fc.record({ kind: fc.constant('ask to judge' as const), one, is: fc.boolean() }),
  fc.record({ kind: fc.constant('void' as const), one }),
  fc.record({ kind: fc.constant('delete' as const), one }),
  fc.record({ kind: fc.constant('give away' as const), one, patient }),
  fc.record({
    kind: fc.constant('consent' as const),
    patient,
    channel: fc.constantFrom('webhook', 'phone'),
    decision: fc.constantFrom('given', 'withdrawn'),
  }),
  fc.record({ kind: fc.constant('contact' as const), patient, lost: fc.option(fc.nat(60)) }),
  fc.record({ kind: fc.constant('forget contact' as const), patient }),
);
type Write = typeof writes extends fc.Arbitrary<infer Drawn> ? Drawn : never;

const NTH =
  '(SELECT id FROM clinical_event ORDER BY id OFFSET $1 % greatest(1, (SELECT count(*) FROM clinical_event)) LIMIT 1)';

function write(patientIds: readonly string[], drawn: Write): Promise<unknown> {
  const update = (set: string, ...values: unknown[]): Promise<unknown> =>
    sql(`UPDATE clinical_event SET ${set} WHERE id = ${NTH}`, values);
  const { hospitalId } = ward;
  switch (drawn.kind) {
    case 'result':
      return givenResult(patientIds[drawn.patient]!, drawn);
    case 'see':
      return update(
        `seen_at = CASE WHEN $2 THEN now() END, seen_by = CASE WHEN $2 THEN 'Chen' END`,
        drawn.one,
        drawn.is,
      );
    case 'judge':
      return update('judged_at = CASE WHEN $2 THEN now() END', drawn.one, drawn.is);
    case 'ask to judge':
      return update(`to_judge = CASE WHEN $2 THEN '[]'::jsonb END, judged_at = NULL`, drawn.one, drawn.is);
    case 'void':
      return update(`voided_at = now(), voided_by = 'Chen', void_reason = 'wrong patient'`, drawn.one);
    case 'delete':
      return sql(`DELETE FROM clinical_event WHERE id = ${NTH}`, [drawn.one]);
    case 'give away':
      return update('patient_id = $2', drawn.one, patientIds[drawn.patient]);
    case 'consent':
      return sql(
        `INSERT INTO patient_consent (id, hospital_id, patient_id, channel, decision, decided_on, author)
         VALUES ($1, $2, $3, $4, $5, '2026-10-01', 'Chen')`,
        [randomUUID(), hospitalId, patientIds[drawn.patient], drawn.channel, drawn.decision],
      );
    case 'contact':
      return sql(
        `INSERT INTO patient_contact (hospital_id, patient_id, lost_proposed_on) VALUES ($1, $2, $3)
         ON CONFLICT (hospital_id, patient_id) DO UPDATE SET lost_proposed_on = excluded.lost_proposed_on`,
        [
          hospitalId,
          patientIds[drawn.patient],
          drawn.lost === null ? null : addDays(calendarDate(TODAY), drawn.lost),
        ],
      );
    case 'forget contact':
      return sql('DELETE FROM patient_contact WHERE patient_id = $1', [patientIds[drawn.patient]]);
  }
}

test('after any write the columns say what the rows of the patient say', async () => {
  const patientIds: string[] = [];
  for (let n = 0; n < 3; n++) patientIds.push(await ward.givenFollowed());
  let written = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(writes, { minLength: 4, maxLength: 12 }), async (drawn) => {
      for (const table of ['clinical_event', 'patient_contact', 'patient_consent'])
        await sql(`DELETE FROM ${table}`);
      await expectKept('an empty hospital');
      for (const each of drawn) {
        await write(patientIds, each);
        await expectKept(each);
        written++;
      }
    }),
    { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 25), includeErrorInReport: true },
  );
  expect(written).toBeGreaterThan(4);
}, 120_000);

test('whatever people do, the columns say what the rows of the patient say', async () => {
  const id = await ward.givenFollowed();
  expect(await keptOf(id)).toEqual(NONE);
  expect((await ward.record(id, ULTRASOUND, ward.clinician)).status).toBe(201);
  await expectKept('an abnormal result');
  expect(await keptOf(id)).toMatchObject({ judge: true });

  const [review] = await ward.reviewsOf(id);
  expect((await ward.judge(review!.id, { judgement: 'no_action' })).status).toBe(200);
  expect(await keptOf(id)).toEqual(NONE);
  expect((await ward.post(`/reviews/${review!.id}/undo`, {}, ward.clinician)).status).toBe(200);
  await expectKept('the judgement undone');
  expect(await keptOf(id)).toMatchObject({ judge: true });

  const normal = { activity: 'liver_ultrasound', outcome: 'normal', date: '2026-10-30' };
  const { body } = await ward.record(id, normal, {});
  await expectKept('a normal result');
  expect(await keptOf(id)).toMatchObject({ unseen: true });
  for (const event of [review!.id, body.event.id as string]) {
    expect(
      (await ward.post(`/patients/${id}/events/${event}/void`, { reason: 'another patient' })).status,
    ).toBe(200);
    await expectKept('a voided event');
  }
  expect(await keptOf(id)).toEqual(NONE);

  const consent = { channel: 'webhook', author: 'Li Min' };
  for (const decision of ['withdrawn', 'given', 'withdrawn']) {
    expect((await ward.post(`/patients/${id}/consents`, { ...consent, decision })).status).toBe(201);
    await expectKept(decision);
    expect(await keptOf(id)).toEqual({ ...NONE, withdrawn: decision === 'withdrawn' });
  }

  const other = await ward.givenFollowed();
  await ward.record(other, ULTRASOUND);
  const head = as((await givenPerson(ward, { roles: ['head_nurse'] })).session);
  const merged = await ward.post(`/patients/${id}/merge`, { from: other, reason: 'one card' }, head);
  expect(merged.status).toBe(200);
  await expectKept('a merge');
  expect(await keptOf(id)).toMatchObject({ judge: true });
  const undone = await ward.post(
    `/merges/${(merged.body as { id: string }).id}/undo`,
    { reason: 'two people' },
    head,
  );
  expect(undone.status).toBe(200);
  await expectKept('a merge undone');
  const erased = await ward.post(`/patients/${id}/erase`, { ground: 'patient_request', author: 'Chen' });
  expect(erased.status).toBe(200);
  await expectKept('an erasure');
});

test('a result that arrives while the last other one is seen stays on the list', async () => {
  const id = await ward.givenFollowed();
  await givenResult(id);
  const other = ward.dataSource.createQueryRunner();
  await other.startTransaction();
  await other.query(
    `INSERT INTO clinical_event (id, hospital_id, patient_id, type, date, detail, recorded_at, result_of)
     VALUES ($1, $2, $3, 'exam', '2026-10-02', '{"activity": "liver_ultrasound", "outcome": "normal"}', now(), 'liver_ultrasound')`,
    [randomUUID(), ward.hospitalId, id],
  );
  let isSeen = false;
  const seeing = sql(
    `UPDATE clinical_event SET seen_at = now(), seen_by = 'Chen' WHERE patient_id = $1 AND result_of IS NOT NULL`,
    [id],
  ).then(() => (isSeen = true));
  await wait(200);
  expect(isSeen).toBe(false);
  await other.commitTransaction();
  await other.release();
  await seeing;
  expect(await keptOf(id)).toEqual({ ...NONE, unseen: true });
});

test('the migration, also after it was cut off, writes the columns of patients who have such rows', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) ids.push(await ward.givenFollowed());
  const [unseen, toJudge, withdrawn, lost, none] = ids as [string, string, string, string, string];
  await givenResult(unseen);
  await givenResult(toJudge, { toJudge: true, seen: true });
  await sql(
    `INSERT INTO patient_consent (id, hospital_id, patient_id, channel, decision, decided_on, author)
     VALUES ($1, $2, $3, 'webhook', 'withdrawn', '2026-10-01', 'Chen')`,
    [randomUUID(), ward.hospitalId, withdrawn],
  );
  await sql('INSERT INTO patient_contact (hospital_id, patient_id, lost_proposed_on) VALUES ($1, $2, $3)', [
    ...[ward.hospitalId, lost, TODAY],
  ]);
  const all = await Promise.all(ids.map(keptOf));
  expect(all).toEqual([
    { ...NONE, unseen: true },
    { ...NONE, judge: true },
    { ...NONE, withdrawn: true },
    { ...NONE, lost: TODAY },
    NONE,
  ]);
  await sql(
    `UPDATE patient SET has_unseen_result = false, has_result_to_judge = false, webhook_withdrawn = false, loss_proposed_on = NULL`,
  );
  expect(await keptOf(none)).toEqual(NONE);
  const runner = ward.dataSource.createQueryRunner();
  await new PatientsOfLists1799940000000().up(runner);
  await new EventsOfPatient1799960000000().up(runner);
  await runner.release();
  await expectKept('the migration');
  expect(await Promise.all(ids.map(keptOf))).toEqual(all);
});

test('the daily task corrects the columns, and says of how many patients lists did not know', async () => {
  const [unseen, lost, none] = [
    await ward.givenFollowed(),
    await ward.givenFollowed(),
    await ward.givenFollowed(),
  ];
  await givenResult(unseen, { toJudge: true });
  await sql('INSERT INTO patient_contact (hospital_id, patient_id, lost_proposed_on) VALUES ($1, $2, $3)', [
    ...[ward.hospitalId, lost, TODAY],
  ]);
  const scope = ward.app.get(HospitalScope);
  const correct = (): Promise<object> =>
    scope.run(ward.hospitalId, () =>
      scope.transaction((tx) => correctListedPatients(tx, '00000000-0000-0000-0000-000000000000')),
    );
  expect(await correct()).toEqual({ last: null, missed: 0 });
  await sql(
    `UPDATE patient SET has_unseen_result = false, has_result_to_judge = false, loss_proposed_on = NULL
      WHERE id = ANY ($1)`,
    [[unseen, lost]],
  );
  await sql('UPDATE patient SET webhook_withdrawn = true WHERE id = $1', [none]);
  expect(await correct()).toEqual({ last: null, missed: 2 });
  await expectKept('the correction');
  expect(await Promise.all([unseen, lost, none].map(keptOf))).toEqual([
    { ...NONE, unseen: true, judge: true },
    { ...NONE, lost: TODAY },
    NONE,
  ]);
  expect(await correct()).toEqual({ last: null, missed: 0 });
});

test('no act that a trigger follows reads the rows of other patients', async () => {
  const [id] = [await ward.givenFollowed(), await ward.givenFollowed()];
  const { hospitalId } = ward;
  for (const rows of [
    `INSERT INTO clinical_event (id, hospital_id, patient_id, type, date, detail, recorded_at)
     SELECT gen_random_uuid(), hospital_id, id, 'exam', date '1990-01-01' + n, '{"activity": "tumour_markers"}', now()`,
    `INSERT INTO patient_consent (id, hospital_id, patient_id, channel, decision, decided_on, author)
     SELECT gen_random_uuid(), hospital_id, id, 'phone', 'given', date '1990-01-01' + n, 'Chen'`,
  ])
    await sql(`${rows} FROM patient, generate_series(1, 500) AS n WHERE id <> $1`, [id]);
  await sql('ANALYZE');
  await givenResult(id, { toJudge: true });
  const scans = ward.dataSource.createQueryRunner();
  await scans.startTransaction();
  // A patient has a large part of the rows here, so that PostgreSQL could prefer to read them all.
  await scans.query('SET LOCAL enable_seqscan = off');
  for (const [act, values] of [
    [`UPDATE clinical_event SET seen_at = now(), seen_by = 'Chen' WHERE id = $1`, [await resultOf(id)]],
    [`UPDATE clinical_event SET judged_at = now() WHERE id = $1`, [await resultOf(id)]],
    [
      `INSERT INTO patient_consent (id, hospital_id, patient_id, channel, decision, decided_on, author)
       VALUES ($1, $2, $3, 'webhook', 'withdrawn', '2026-10-01', 'Chen')`,
      [randomUUID(), hospitalId, id],
    ],
    [
      'INSERT INTO patient_contact (hospital_id, patient_id, lost_proposed_on) VALUES ($1, $2, $3)',
      [hospitalId, id, TODAY],
    ],
  ] as const)
    await scans.query(act, [...values]);
  expect(
    await scans.query(
      `SELECT relname, seq_tup_read + idx_tup_fetch AS rows FROM pg_stat_xact_user_tables
        WHERE relname IN ('clinical_event', 'patient_consent') AND seq_tup_read + idx_tup_fetch > 2000`,
    ),
  ).toEqual([]);
  await scans.rollbackTransaction();
  await scans.release();
});

async function resultOf(patientId: string): Promise<string> {
  const [row] = await sql<{ id: string }>(
    'SELECT id FROM clinical_event WHERE patient_id = $1 AND result_of IS NOT NULL',
    [patientId],
  );
  return row!.id;
}
