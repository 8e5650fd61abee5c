import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Hospital } from '../../src/tenancy/hospital.entity.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { Patient } from '../../src/patients/patient.entity.js';
import { DUTIES, type OwnedPatient } from '../../src/worklist/ownership/owners.js';
import { ownedBy, ownersOf, unowned } from '../../src/worklist/ownership/owned-patients.js';
import { staffOf } from '../../src/worklist/ownership/staff-rows.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { as, givenPerson, type SignedInPerson } from '../support/signed-in.js';

let t: TestApp;
let head: SignedInPerson & { readonly session: string };
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const RESECTION = {
  ...{ type: 'primary_resection', date: '2026-01-15', site: 'colon', stage: 'III', intent: 'curative' },
  preoperativeColonoscopy: 'complete',
};
async function givenPatient(facts: object = {}): Promise<string> {
  const { status, body } = await t.post('/patients', {
    ...{ mrn: `M${randomUUID()}`, name: `李敏${randomUUID()}`, sex: 'female', birthDate: '1960-05-05' },
    ...{ diagnosisDate: '2026-01-02', enrolledOn: '2026-01-15', ...facts },
  });
  expect(status).toBe(201);
  await t.post(`/patients/${body.id as string}/events`, RESECTION);
  return body.id as string;
}

const name = (id: string, payload: object, session?: string): Promise<Answer> =>
  t.request('PUT', `/patients/${id}/owner`, { payload, ...(session && { headers: as(session) }) });
const handOver = (payload: object, session?: string): Promise<Answer> =>
  t.post('/handovers', payload, session ? as(session) : {});
const change = (id: string, payload: object): Promise<Answer> =>
  t.request('PATCH', `/people/${id}`, { payload });

interface Owner {
  readonly activity: string | null;
  readonly duty: string;
  readonly people: { readonly id: string }[];
  readonly by: string;
}
/** Who books, in general and for single activities. */
async function bookers(id: string): Promise<Record<string, string[]>> {
  const { body } = await t.get(`/patients/${id}/owner`);
  return Object.fromEntries(
    (body.owners as Owner[])
      .filter(({ duty }) => duty === 'books')
      .map(({ activity, people }) => [activity ?? 'all', people.map((person) => person.id)]),
  );
}

// First, because it is about a hospital without people.
test('a patient without an owner stands on a list and is counted on the status page, also before there is a nurse', async () => {
  const id = await givenPatient();
  await t.post(`/patients/${await givenPatient()}/events`, { type: 'death', date: '2026-02-01' });
  expect((await bookers(id))['all']).toEqual([]);
  const { body } = await t.get('/patients/unowned');
  expect(body.items).toMatchObject([{ id, owner: { by: 'nobody', people: [] } }]);
  expect((await t.get('/status')).body.unownedPatients).toBe(1);

  head = await givenPerson(t, { roles: ['head_nurse'] });
  expect((await t.get('/patients/unowned')).body.items).toMatchObject([
    { id, owner: { by: 'head_nurse', people: [{ id: head.id }] } },
  ]);
  const nurse = await givenPerson(t);
  expect((await name(id, { personId: nurse.id })).status).toBe(200);
  expect((await t.get('/patients/unowned')).body.items).toEqual([]);
  expect((await t.get('/status')).body.unownedPatients).toBe(0);
});

describe('naming an owner', () => {
  test('of everything makes the responsible nurse, and for one activity or duty leaves the rest as it is', async () => {
    const [nurse, other] = [await givenPerson(t), await givenPerson(t, { roles: ['clinician'] })];
    const id = await givenPatient();
    await name(id, { personId: nurse.id });
    expect((await t.get(`/patients/${id}`)).body.nurse).toMatchObject({
      personId: nurse.id,
      name: nurse.name,
    });
    expect(await bookers(id)).toEqual({ all: [nurse.id] });
    const { body } = await name(id, { personId: other.id, activity: 'colonoscopy' }, head.session);
    expect(body.named).toMatchObject(
      ['books', 'orders', 'reads'].map((duty) => ({ duty, author: head.name, person: { id: other.id } })),
    );
    expect(await bookers(id)).toEqual({ all: [nurse.id], colonoscopy: [other.id] });
    await name(id, { personId: null, activity: 'colonoscopy' });
    await name(id, { personId: other.id, duty: 'reads' });
    expect(await bookers(id)).toEqual({ all: [nurse.id] });
    await name(id, { personId: null });
    expect((await bookers(id))['all']).toEqual([head.id]);
  });

  test('refuses a person who cannot own or see the patient, and an unknown activity, by the field', async () => {
    const id = await givenPatient({ department: 'liver' });
    const auditor = await givenPerson(t, { roles: ['auditor'] });
    const ofBowel = await givenPerson(t, { departments: ['bowel'] });
    const refusal = async (payload: object): Promise<unknown> => {
      const { status, body } = await name(id, payload);
      return [status, body.code, (body.errors as { pointer: string }[])[0]?.pointer];
    };
    expect(await refusal({ personId: auditor.id })).toEqual([422, 'cannot-own', '/personId']);
    expect(await refusal({ personId: randomUUID() })).toEqual([422, 'unknown-person', '/personId']);
    expect(await refusal({ personId: ofBowel.id, duty: 'books' })).toEqual([
      ...[422, 'owner-cannot-see', '/personId'],
    ]);
    expect(await refusal({ personId: head.id, activity: 'dance' })).toEqual([
      422,
      'invalid-input',
      '/activity',
    ]);
  });

  test('ends at once with the account: the head nurse owns until there is another nurse', async () => {
    const nurse = await givenPerson(t);
    const id = await givenPatient({ responsibleNurse: nurse.login });
    expect((await bookers(id))['all']).toEqual([nurse.id]);
    await change(nurse.id, { state: 'disabled' });
    expect((await bookers(id))['all']).toEqual([head.id]);
    const { body } = await t.get('/patients/unowned');
    expect((body.items as { id: string }[]).map((item) => item.id)).toContain(id);
    await change(nurse.id, { state: 'active' });
    expect((await bookers(id))['all']).toEqual([nurse.id]);
  });
});

describe('a handover', () => {
  test('of a nurse is hers to make and to end; others make it for her only as head nurse or administrator', async () => {
    const [nurse, other] = [await givenPerson(t), await givenPerson(t)];
    const days = { firstDay: '2026-11-01', lastDay: '2026-11-03' };
    const foreign = await handOver({ from: other.id, to: nurse.id, ...days }, nurse.session);
    expect(foreign).toMatchObject({ status: 403, body: { code: 'handover-not-yours' } });
    const own = await handOver({ from: nurse.id, to: other.id, ...days }, nurse.session);
    expect(own).toMatchObject({
      status: 201,
      body: { state: 'running', allPatients: true, author: nurse.name },
    });
    const path = `/handovers/${own.body.id as string}`;
    const cancel = (session: string) => t.request('DELETE', path, { headers: as(session) });
    expect((await cancel(other.session)).status).toBe(403);
    expect((await cancel(nurse.session)).status).toBe(204);
    expect((await cancel(head.session)).status).toBe(204);
    const { body } = await t.get(`/handovers?person=${nurse.id}`);
    expect(body.items).toMatchObject([{ state: 'cancelled', cancelledBy: nurse.name }]);
  });

  test.each([
    ['to oneself', { to: 'from' }, 'handover-to-oneself', '/to'],
    [
      'that ends before it begins',
      { lastDay: '2026-11-01', firstDay: '2026-11-02' },
      'handover-days',
      '/lastDay',
    ],
    ['that is over', { firstDay: '2026-10-01', lastDay: '2026-10-31' }, 'handover-over', '/lastDay'],
    ['of more than a year', { lastDay: '2027-12-31' }, 'handover-too-long', '/lastDay'],
    ['of an unknown patient', { patientIds: [randomUUID()] }, 'unknown-patient', '/patientIds/0'],
  ])('%s is refused', async (_, facts: object, code, pointer) => {
    const [from, to] = [await givenPerson(t), await givenPerson(t)];
    const asked = { from: from.id, to: to.id, firstDay: '2026-11-01', lastDay: '2026-11-03', ...facts };
    const { status, body } = await handOver({ ...asked, to: asked.to === 'from' ? from.id : asked.to });
    expect([status, body.code, body.errors[0].pointer]).toEqual([422, code, pointer]);
  });

  test('to a person who does not see all of the patients is refused, and says how many', async () => {
    const [from, to] = [await givenPerson(t), await givenPerson(t, { departments: ['bowel'] })];
    const seen = await givenPatient({ responsibleNurse: from.login, department: 'bowel' });
    const unseen = await givenPatient({ responsibleNurse: from.login, department: 'liver' });
    const asked = { from: from.id, to: to.id, firstDay: '2026-11-01', lastDay: '2026-11-03' };
    const refusal = { status: 422, body: { code: 'owner-cannot-see', errors: [{ pointer: '/to' }] } };
    expect(await handOver(asked)).toMatchObject(refusal);
    expect(await handOver({ ...asked, patientIds: [seen, unseen] })).toMatchObject(refusal);
    expect((await handOver({ ...asked, patientIds: [seen] })).status).toBe(201);
    expect([(await bookers(seen))['all'], (await bookers(unseen))['all']]).toEqual([[to.id], [from.id]]);
  });

  test('of two that exclude each other, asked for at the same moment, one alone is made', async () => {
    for (let round = 0; round < 10; round++) {
      const [a, b, c] = [await givenPerson(t), await givenPerson(t), await givenPerson(t)];
      const days = { firstDay: '2026-11-02', lastDay: '2026-11-05' };
      const both =
        round % 2 === 0
          ? [handOver({ from: a.id, to: b.id, ...days }), handOver({ from: b.id, to: a.id, ...days })]
          : [handOver({ from: a.id, to: b.id, ...days }), handOver({ from: a.id, to: c.id, ...days })];
      const answers = await Promise.all(both);
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
      expect(answers.find(({ status }) => status === 409)?.body.code).toBe(
        round % 2 === 0 ? 'handover-circle' : 'handover-overlaps',
      );
    }
  });
});

test('the head nurse sees who has how many patients, and what one person owns', async () => {
  const [nurse, other] = [await givenPerson(t), await givenPerson(t)];
  await givenPatient({ responsibleNurse: nurse.login });
  await givenPatient({ responsibleNurse: nurse.login });
  await name(await givenPatient({ responsibleNurse: other.login }), { personId: nurse.id, duty: 'reads' });
  const { body: all } = await t.get('/owners', as(head.session));
  const mine = (all.items as { person: { id: string } }[]).find(({ person }) => person.id === nurse.id);
  expect(mine).toMatchObject({ patients: 2, named: 1, standIn: null, coveredPeople: [] });
  const { body: one } = await t.get(`/owners/${nurse.id}`, as(head.session));
  expect(one).toMatchObject({ patients: 2, named: 1, owned: 3 });
  const markers = (one.items as { activity: string; overdue: number; due: number }[]).find(
    ({ activity }) => activity === 'tumour_markers',
  );
  expect(markers!.overdue + markers!.due).toBeGreaterThan(0);
});

test('a nurse learns to whom patients can be handed over, and nothing about their work', async () => {
  const [nurse, other, gone] = [await givenPerson(t), await givenPerson(t), await givenPerson(t)];
  const auditor = await givenPerson(t, { roles: ['auditor'] });
  const disabled = await t.request('PATCH', `/people/${gone.id}`, { payload: { state: 'disabled' } });
  expect(disabled.status).toBe(200);
  expect((await t.get('/owners', as(nurse.session))).status).toBe(403);
  const { status, body } = await t.get('/owners/people', as(nurse.session));
  expect(status).toBe(200);
  const people = body.items as { id: string }[];
  expect(people).toContainEqual({ id: other.id, name: other.name });
  expect(people.filter(({ id }) => [gone.id, auditor.id].includes(id))).toEqual([]);
  const patient = await givenPatient({ responsibleNurse: nurse.login });
  const answer = await t.request('PUT', `/patients/${patient}/owner`, {
    payload: { personId: other.id },
    headers: as(nurse.session),
  });
  expect(answer.status).toBe(200);
});

test('SQL and program name the same owners, whatever people, departments, handovers and named owners there are', async () => {
  const hospitalId = await givenWard();
  await t.app.get(HospitalScope).run(hospitalId, () =>
    t.app.get(HospitalScope).transaction(async (tx) => {
      const patients = await tx.db.find(Patient, { where: { hospitalId } });
      const ownerOf = await ownersOf(tx, patients);
      const staff = await staffOf(tx);
      const found = async ({ condition, parameters }: ReturnType<typeof unowned>): Promise<string[]> => {
        const rows = await tx.db
          .createQueryBuilder(Patient, 'patient')
          .where(`patient.hospitalId = :hospitalId AND ${condition('patient')}`, {
            hospitalId,
            ...parameters,
          })
          .getMany();
        return rows.map(({ id }) => id).sort();
      };
      const isOwned = (patient: OwnedPatient, id: string): boolean =>
        [null, 'ct'].some((activity) =>
          DUTIES.some((duty) => {
            const { personIds, by } = ownerOf(patient, activity, duty);
            return personIds.includes(id) && (activity === null || by === 'activity');
          }),
        );
      for (const { id } of staff.people)
        expect([id, await found(ownedBy(staff, id))]).toEqual([
          ...[
            id,
            patients
              .filter((one) => isOwned(one, id))
              .map((one) => one.id)
              .sort(),
          ],
        ]);
      const lastResorts = patients.filter((one) =>
        DUTIES.some((duty) => ['head_nurse', 'nurse', 'nobody'].includes(ownerOf(one, null, duty).by)),
      );
      expect(await found(unowned(staff, tx.today))).toEqual(lastResorts.map(({ id }) => id).sort());
      expect(lastResorts.length).toBeGreaterThan(0);
    }),
  );
});

/** A hospital with 40 people and 200 patients, drawn with a fixed seed. */
async function givenWard(): Promise<string> {
  const id = randomUUID();
  const [{ policy }] = await t.dataSource.query<[{ policy: Hospital['policy'] }]>(
    'SELECT policy FROM hospital WHERE id = $1',
    [t.hospitalId],
  );
  await t.dataSource.getRepository(Hospital).insert({
    ...{ id, name: 'drawn', code: `drawn-${id}`, timeZone: 'Asia/Shanghai', language: 'zh', policy },
    createdAt: await t.now(),
  });
  await t.dataSource.query('SELECT setseed(0.17)');
  const statements = [
    `INSERT INTO person (id, hospital_id, login, name, roles, departments, own_patients_only, language, state, created_by, created_at)
     SELECT gen_random_uuid(), $1, 'p' || n, 'P' || n,
            CASE WHEN n % 9 = 0 THEN '{head_nurse}' WHEN n % 7 = 0 THEN '{auditor}' WHEN n % 5 = 0 THEN '{clinician}' ELSE '{nurse}' END::text[],
            CASE WHEN n % 3 = 0 THEN ARRAY[(ARRAY['liver', 'bowel'])[1 + n % 2]] END, n % 11 = 0, 'zh',
            CASE WHEN n % 6 = 0 THEN 'disabled' ELSE 'active' END, 'test', program_now()
       FROM generate_series(1, 40) AS n`,
    `INSERT INTO patient (id, hospital_id, mrn, name, sex, birth_date, diagnosis_date, enrolled_on, department, responsible_nurse, responsible_person_id)
     SELECT gen_random_uuid(), $1, 'm' || n, 'x', 'female', '1960-01-01', '2026-01-01', '2026-01-01',
            (ARRAY[NULL, 'liver', 'bowel', 'lung'])[1 + n % 4], login, id
       FROM generate_series(1, 200) AS n LEFT JOIN LATERAL (
         SELECT login, id FROM person WHERE hospital_id = $1 AND n % 8 > 0 ORDER BY md5(n || id::text) LIMIT 1) AS p ON true`,
    `INSERT INTO surveillance_item (id, hospital_id, patient_id, guideline, key, pathway, rule, activity, covers, sequence, phase,
                                    measured_from, earliest, due, overdue, before_enrolment, projected, state)
     SELECT gen_random_uuid(), $1, id, 'g@1', 'k', 'p', 'r', 'ct', '{}', 1, 1, '2026-01-01', '2026-09-01', '2026-10-01', '2026-12-01',
            false, false, 'active' FROM patient WHERE hospital_id = $1`,
    `INSERT INTO patient_owner (hospital_id, patient_id, activity, duty, person_id, author)
     SELECT $1, p.id, activity, duty, (SELECT id FROM person WHERE hospital_id = $1 ORDER BY md5(p.id::text || activity || duty || id) LIMIT 1), 'test'
       FROM patient p, unnest(ARRAY['', 'ct']) AS activity, unnest(ARRAY['orders', 'books', 'reads']) AS duty
      WHERE p.hospital_id = $1 AND (abs(hashtext(p.mrn)) % 5 = 0 OR abs(hashtext(p.mrn || duty || activity)) % 4 = 0)`,
    `INSERT INTO handover (id, hospital_id, from_person, to_person, first_day, last_day, all_patients, author, cancelled_at, cancelled_by)
     SELECT gen_random_uuid(), $1, f.id, o.id, '2026-10-25', CASE WHEN f.n % 5 = 0 THEN '2026-10-31' ELSE '2026-11-30' END::date, f.n % 2 = 0, 'test',
            CASE WHEN f.n % 7 = 0 THEN program_now() END, CASE WHEN f.n % 7 = 0 THEN 'test' END
       FROM (SELECT id, row_number() OVER (ORDER BY login) AS n FROM person WHERE hospital_id = $1 ORDER BY login LIMIT 16) AS f
       JOIN LATERAL (SELECT id FROM person WHERE hospital_id = $1 AND id <> f.id ORDER BY md5(f.id || id::text) LIMIT 1) AS o ON true`,
    `INSERT INTO handover_patient (hospital_id, handover_id, patient_id)
     SELECT $1, h.id, p.id FROM handover h JOIN patient p ON p.hospital_id = $1 AND abs(hashtext(p.mrn || h.id)) % 3 = 0
      WHERE h.hospital_id = $1 AND NOT h.all_patients`,
  ];
  for (const statement of statements) await t.dataSource.query(statement, [id]);
  return id;
}

// Last, because it lets days pass.
test('on the day after its last one a handover is over by itself, and the patients are back', async () => {
  const [nurse, standIn] = [await givenPerson(t), await givenPerson(t)];
  const id = await givenPatient({ responsibleNurse: nurse.login });
  const dates = { firstDay: '2026-11-03', lastDay: '2026-11-05' };
  await handOver({ from: nurse.id, to: standIn.id, ...dates });
  const owners: Record<string, unknown> = {};
  for (const day of ['2026-11-02', '2026-11-03', '2026-11-05', '2026-11-06']) {
    await t.setClock(`${day}T09:00:00+08:00`);
    owners[day] = (await bookers(id))['all'];
  }
  expect(owners).toEqual({
    ...{ '2026-11-02': [nurse.id], '2026-11-03': [standIn.id] },
    ...{ '2026-11-05': [standIn.id], '2026-11-06': [nurse.id] },
  });
});
