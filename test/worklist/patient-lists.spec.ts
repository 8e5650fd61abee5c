import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LISTS } from '../../src/worklist/lists/list-sources.js';
import { PATIENT_LISTS } from '../../src/worklist/lists/patient-lists.js';
import { inSize, SIZES } from '../support/list-in-size.js';
import { as, givenPerson } from '../support/signed-in.js';
import { type ResultsWard, startResultsWard, TODAY, ULTRASOUND } from '../support/results-ward.js';

// The lists of patients by something else than the dates and steps of their items.

let ward: ResultsWard;
beforeAll(async () => {
  ward = await startResultsWard();
});
afterAll(() => ward.close());

interface Row {
  readonly patient: { readonly id: string };
}

/** The patients of the list in its order, from pages of two. */
async function patientsOf(list: string, filter = ''): Promise<string[]> {
  const found: string[] = [];
  for (let cursor = ''; ;) {
    const { status, body } = await ward.get(`/worklist?list=${list}&limit=2${filter}${cursor}`);
    expect([list, status]).toEqual([list, 200]);
    found.push(...(body.items as Row[]).map(({ patient }) => patient.id));
    if (body.nextCursor === null) break;
    cursor = `&cursor=${body.nextCursor as string}`;
  }
  const { lists } = (await ward.get('/lists')).body as {
    lists: { list: string; count: { patients: number } }[];
  };
  if (filter === '')
    expect(lists.find((named) => named.list === list)?.count.patients).toBe(new Set(found).size);
  return found;
}

const laterBy = (days: number): Promise<void> =>
  ward.setClock(new Date(Date.parse(`${TODAY}T09:00:00+08:00`) + days * 86_400_000).toISOString());

test('the lists are those that pages rely on, and patients without an owner stand first', () => {
  expect(LISTS).toEqual([
    ...['unowned', 'overdue', 'due', 'this_week', 'to_book', 'booked', 'booked_passed', 'awaiting_result'],
    ...['unseen_result', 'to_judge', 'to_decide', 'not_attended', 'returned', 'ask_again', 'contact_lost'],
    'withheld',
  ]);
});

test('a patient with open items and without an owner is on the list until an owner is named', async () => {
  const first = await ward.givenFollowed();
  const second = await ward.givenFollowed();
  const died = await ward.givenFollowed();
  await ward.post(`/patients/${died}/events`, { type: 'death', date: TODAY });
  const unowned = await patientsOf('unowned');
  expect(unowned.filter((id) => [first, second, died].includes(id))).toEqual([first, second]);

  const { id: personId } = await givenPerson(ward, { roles: ['nurse'] });
  const named = await ward.request('PUT', `/patients/${first}/owner`, { payload: { personId } });
  expect(named.status).toBe(200);
  expect(await patientsOf('unowned')).not.toContain(first);
  await ward.dataSource.query(`UPDATE person SET state = 'disabled' WHERE id = $1`, [personId]);
  expect(await patientsOf('unowned')).toContain(first);
});

test('an exam to be judged is on the list until a clinician decides, the longest waiting first', async () => {
  const [first, second] = [await ward.givenFollowed(), await ward.givenFollowed()];
  await ward.record(first, ULTRASOUND);
  await ward.record(second, ULTRASOUND);
  expect(await patientsOf('to_judge')).toEqual([first, second]);
  expect(await patientsOf('to_judge', '&activity=colonoscopy')).toEqual([]);
  for (const { id } of await ward.reviewsOf(first))
    expect((await ward.judge(id, { judgement: 'no_action' })).status).toBe(200);
  expect(await patientsOf('to_judge')).toEqual([second]);
});

test('an interval is to be decided until a clinician has decided it, or the follow-up ends', async () => {
  const young = { birthDate: '1985-05-05' };
  const [decided, died] = [await ward.givenFollowed(young), await ward.givenFollowed(young)];
  await ward.givenFollowed();
  const both = await patientsOf('to_decide');
  expect([...both].sort()).toEqual([decided, died].sort());
  expect(await patientsOf('to_decide', '&activity=colonoscopy')).toEqual(both);
  expect(await patientsOf('to_decide', '&activity=mri_liver')).toEqual([]);
  const decision = { kind: 'interval', rule: 'colonoscopy', every: 'P24M', reason: 'onset at 40' };
  expect((await ward.post(`/patients/${decided}/decisions`, decision, ward.clinician)).status).toBe(201);
  expect(await patientsOf('to_decide')).toEqual([died]);
  await ward.post(`/patients/${died}/events`, { type: 'death', date: TODAY });
  expect(await patientsOf('to_decide')).toEqual([]);
});

test('after a recurrence, a clinician has to decide, until a new follow-up begins', async () => {
  const id = await ward.givenFollowed();
  const before = await patientsOf('to_decide');
  await ward.post(`/patients/${id}/events`, { type: 'recurrence', date: '2026-10-30', site: 'liver' });
  expect(await patientsOf('to_decide')).toEqual([...before, id]);
  await ward.post(`/patients/${id}/events`, { type: 'liver_ned', date: TODAY, by: 'resection' });
  expect(await patientsOf('to_decide')).toEqual(before);
});

test('a record that was merged into another one is on no list', async () => {
  const [kept, merged] = [await ward.givenFollowed(), await ward.givenFollowed()];
  await ward.record(merged, ULTRASOUND);
  const head = as((await givenPerson(ward, { roles: ['head_nurse'] })).session);
  const { status } = await ward.post(
    `/patients/${kept}/merge`,
    { from: merged, reason: 'same person' },
    head,
  );
  expect(status).toBe(200);
  for (const list of LISTS)
    expect([list, await patientsOf(list)]).not.toEqual([list, expect.arrayContaining([merged])]);
  expect(await patientsOf('to_judge')).toContain(kept);
});

test('a ward has the same patients on these lists in a hospital of any size', async () => {
  const { dataSource, hospitalId } = ward;
  await ward.givenFollowed({ birthDate: '1985-05-05' });
  const withdrawn = await ward.givenFollowed();
  const withdrawal = { channel: 'webhook', decision: 'withdrawn', author: 'Li Min' };
  expect((await ward.post(`/patients/${withdrawn}/consents`, withdrawal)).status).toBe(201);
  const lost = await ward.givenFollowed();
  await dataSource.query(
    `INSERT INTO patient_contact (hospital_id, patient_id, lost_proposed_on) VALUES ($1, $2, $3)
     ON CONFLICT (hospital_id, patient_id) DO UPDATE SET lost_proposed_on = $3`,
    [hospitalId, lost, TODAY],
  );
  await dataSource.query(
    `UPDATE patient SET ward = CASE WHEN row_number % 3 = 0 THEN 'small' ELSE 'large' END
       FROM (SELECT id AS numbered, row_number() OVER (ORDER BY created_at) FROM patient) AS n WHERE id = numbered`,
  );
  const wards = await dataSource.query<{ id: string; ward: string }[]>('SELECT id, ward FROM patient');
  for (const list of PATIENT_LISTS) {
    const all = [...new Set(await patientsOf(list))];
    for (const name of ['small', 'large', 'none'])
      for (const size of SIZES) {
        const { patients } = await inSize(ward, hospitalId, list, { ward: name }, size);
        const expected = all.filter((id) => wards.some((one) => one.id === id && one.ward === name));
        expect([list, name, size, patients]).toEqual([list, name, size, expected]);
      }
    if (list !== 'unseen_result') expect([list, all]).not.toEqual([list, []]);
  }
});

test('a rule has the same patients on these lists, whether its open items are few or many', async () => {
  const { dataSource, hospitalId } = ward;
  const rules = await dataSource.query<{ rule: string; patients: string[] }[]>(
    `SELECT rule, array_agg(DISTINCT patient_id) AS patients FROM surveillance_item
      WHERE state = 'active' AND NOT before_enrolment AND (overtaken_on = missed_on) IS NOT TRUE GROUP BY rule`,
  );
  const asked = [...rules, { rule: 'another', patients: [] }];
  for (const list of PATIENT_LISTS) {
    const all = [...new Set(await patientsOf(list))];
    for (const { rule, patients: ofRule } of asked)
      for (const size of SIZES) {
        const { patients } = await inSize(ward, hospitalId, list, { rule }, size);
        expect([list, rule, size, patients]).toEqual([
          ...[list, rule, size],
          all.filter((id) => ofRule.includes(id)),
        ]);
      }
  }
});

test('each of these lists is read by an index of its own', async () => {
  const { dataSource, hospitalId } = ward;
  const plan = async (from: string): Promise<string> => {
    const rows = await dataSource.query<{ 'QUERY PLAN': string }[]>(
      `EXPLAIN SELECT id FROM ${from.replace('WHERE', `WHERE hospital_id = '${hospitalId}' AND`)} LIMIT 51`,
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };
  await dataSource.query('SET enable_seqscan = off');
  expect(await plan('patient WHERE undecided_since IS NOT NULL ORDER BY undecided_since, id')).toContain(
    'patient_undecided_idx',
  );
  expect(
    await plan(
      'patient WHERE responsible_person_id IS NULL AND merged_into IS NULL AND erased_at IS NULL ORDER BY created_at, id',
    ),
  ).toContain('patient_unowned_idx');
});

// Last, because sessions end meanwhile.
test('a result is on the list after the days of the settings, until another person has seen it', async () => {
  const [early, late] = [await ward.givenFollowed(), await ward.givenFollowed()];
  const normal = { activity: 'liver_ultrasound', outcome: 'normal' };
  const before = await patientsOf('unseen_result');
  const { body } = await ward.record(early, normal, {});
  await laterBy(2);
  expect((await ward.record(late, { ...normal, date: '2026-11-03' }, {})).status).toBe(201);
  const added = async (filter = ''): Promise<string[]> =>
    (await patientsOf('unseen_result', filter)).filter((id) => [early, late].includes(id));
  expect([before, await added()]).toEqual([[], []]);
  await laterBy(3.1);
  expect(await added()).toEqual([early]);
  await laterBy(6);
  expect(await added()).toEqual([early, late]);
  expect(await added('&activity=liver_ultrasound')).toEqual([early, late]);
  expect(await added('&activity=tumour_markers')).toEqual([]);
  const seen = await ward.post(`/results/${body.event.id as string}/seen`, { author: 'Dr. Chen' });
  expect(seen.status).toBe(200);
  expect(await added()).toEqual([late]);
});

test('a patient has a ward, a treatment group and a distance, which rows show and a correction changes', async () => {
  const id = await ward.givenFollowed();
  const correct = (payload: object) => ward.request('PATCH', `/patients/${id}`, { payload });
  const where = { ward: '七病区', group: '二组', distanceKm: 230 };
  expect((await correct(where)).body).toMatchObject(where);
  const { body } = await ward.get(`/worklist?list=unowned&ward=${encodeURIComponent('七病区')}`);
  expect(body.items).toMatchObject([{ patient: { id, ...where } }]);
  expect((await correct({ ward: null, distanceKm: null })).body).toMatchObject({
    ...{ ward: null, group: '二组', distanceKm: null },
  });
  const far = await correct({ distanceKm: -1 });
  expect([far.status, far.body.errors]).toMatchObject([422, [{ pointer: '/distanceKm' }]]);
  const wrong = await ward.get('/worklist?list=overdue&distanceFrom=near');
  expect([wrong.status, wrong.body.errors]).toMatchObject([422, [{ pointer: '/distanceFrom' }]]);
});

test('a patient for whom nothing has begun a follow-up is to be decided, until an operation is recorded', async () => {
  const { body } = await ward.post('/patients', {
    ...{
      mrn: 'no-follow-up',
      name: '无随访',
      sex: 'female',
      birthDate: '1960-01-01',
      diagnosisDate: '2026-01-05',
    },
  });
  const id = body.id as string;
  expect(await patientsOf('to_decide')).toContain(id);
  const operation = {
    ...{ type: 'primary_resection', date: '2026-01-15', site: 'colon', stage: 'III', intent: 'curative' },
    preoperativeColonoscopy: 'complete',
  };
  const recorded = await ward.post(`/patients/${id}/events`, operation);
  expect(await patientsOf('to_decide')).not.toContain(id);
  const eventId = (recorded.body.event as { id: string }).id;
  await ward.post(`/patients/${id}/events/${eventId}/void`, { reason: 'another patient' });
  expect(await patientsOf('to_decide')).toContain(id);
  await ward.post(`/patients/${id}/events`, { type: 'death', date: '2026-01-20' });
  expect(await patientsOf('to_decide')).not.toContain(id);
});
