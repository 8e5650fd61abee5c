import { inCareOf } from '../../src/patients/responsible-nurse.js';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { as, givenPerson } from '../support/signed-in.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

let count = 0;
async function givenPatient(responsibleNurse: string): Promise<string> {
  const { status, body } = await t.post('/patients', {
    ...{ mrn: `N${++count}`, name: `王芳${count}`, sex: 'female', birthDate: '1949-12-31' },
    ...{ diagnosisDate: '2024-01-10', responsibleNurse },
  });
  expect(status).toBe(201);
  const id = body.id as string;
  await t.post(`/patients/${id}/events`, {
    ...{ type: 'primary_resection', date: '2024-01-31', site: 'colon', stage: 'III', intent: 'curative' },
    preoperativeColonoscopy: 'complete',
  });
  return id;
}

const nurseOf = async (id: string): Promise<Record<string, unknown>> => {
  const { body } = await t.get(`/patients/${id}`);
  return { shown: body.responsibleNurse as unknown, ...body.nurse };
};
const rename = (id: string, payload: object): Promise<Answer> =>
  t.request('PATCH', `/people/${id}`, { payload });
const map = (name: string, personId: string | null, headers?: Record<string, string>): Promise<Answer> =>
  t.request('PUT', '/nurse-names', { payload: { name, personId, author: 'Dr. Chen' }, headers });

async function patientsOf(assignee: string, headers?: Record<string, string>): Promise<string[]> {
  const path = `/worklist?limit=500&assignee=${encodeURIComponent(assignee)}`;
  const { body } = await t.get(path, headers);
  return [...new Set((body.items as { patient: { id: string } }[]).map(({ patient }) => patient.id))].sort();
}

async function importing(mrn: string, nurse: string): Promise<Answer> {
  const form = new FormData();
  form.append('kind', 'roster');
  const columns =
    'mrn,name,sex,birth_date,diagnosis_date,primary_site,stage,resection_date,preoperative_colonoscopy,responsible_nurse';
  const row = `${mrn},${mrn},male,1960-05-05,2024-01-10,colon,III,2024-01-31,complete,${nurse}`;
  form.append('file', new Blob([`${columns}\n${row}`]), 'roster.csv');
  const answer = new Response(form);
  return t.request('POST', '/imports', {
    headers: { 'content-type': answer.headers.get('content-type') ?? '' },
    payload: Buffer.from(await answer.arrayBuffer()),
  });
}
const idOf = async (mrn: string): Promise<string> =>
  (await t.get(`/patients?mrn=${mrn}`)).body.items[0].id as string;

test('a nurse can be given by id, login or name in any spelling, and is found by each', async () => {
  const li = await givenPerson(t, { login: 'li.min', name: '李敏' });
  const ids = [];
  for (const written of [li.id, 'li.min', 'LI.MIN', ' 李　敏 ', '李敏'])
    ids.push(await givenPatient(written));
  for (const id of ids)
    expect(await nurseOf(id)).toMatchObject({
      ...{ shown: '李敏', state: 'assigned', personId: li.id, login: 'li.min', name: '李敏' },
    });
  for (const asked of [li.id, 'li.min', '李敏']) expect(await patientsOf(asked)).toEqual(ids.sort());
});

test('a nurse who is renamed keeps her patients, also those she alone may see', async () => {
  const nurse = await givenPerson(t, { name: '陈静', ownPatientsOnly: true });
  const id = await givenPatient('陈静');
  expect((await rename(nurse.id, { name: '陈静怡' })).status).toBe(200);
  expect(await nurseOf(id)).toMatchObject({ shown: '陈静怡', state: 'assigned', importedName: '陈静' });
  for (const asked of ['陈静怡', nurse.login, nurse.id, '陈静'])
    expect(await patientsOf(asked)).toEqual([id]);
  expect(await patientsOf(nurse.id, as(nurse.session))).toEqual([id]);
});

test('the patients of a disabled nurse stay assigned to her, marked as disabled', async () => {
  const nurse = await givenPerson(t, { name: '赵云' });
  const id = await givenPatient('赵云');
  await rename(nurse.id, { state: 'disabled' });
  expect(await nurseOf(id)).toMatchObject({ shown: '赵云', state: 'disabled', personId: nurse.id });
  const { body } = await t.get(`/worklist?assignee=${nurse.id}&limit=1`);
  expect(body.items[0].patient).toMatchObject({ id, responsibleNurse: '赵云', nurse: { state: 'disabled' } });
});

test('an unknown name is kept as written, found by it, and assigned once a person has it', async () => {
  const id = await givenPatient('护士 周');
  expect(await nurseOf(id)).toEqual({
    ...{
      shown: '护士 周',
      state: 'unassigned',
      personId: null,
      login: null,
      name: null,
      importedName: '护士 周',
    },
  });
  expect(await patientsOf('护士周')).toEqual([id]);
  const zhou = await givenPerson(t, { login: 'zhou', name: '护士周' });
  expect(await nurseOf(id)).toMatchObject({ state: 'assigned', personId: zhou.id });
});

test('a name that two people have is unassigned until it is mapped, also for later imports', async () => {
  const first = await givenPerson(t, { login: 'wang.f1', name: '王芳' });
  const before = await givenPatient('王芳');
  const second = await givenPerson(t, { login: 'wang.f2', name: '王芳', ownPatientsOnly: true });
  expect(await nurseOf(before)).toMatchObject({ state: 'assigned', personId: first.id });

  const refused = await t.request('PATCH', `/patients/${await givenPatient('wang.f2')}`, {
    payload: { responsibleNurse: '王芳' },
  });
  expect([refused.status, refused.body.code, refused.body.errors[0].pointer]).toEqual([
    ...[422, 'ambiguous-person', '/responsibleNurse'],
  ]);
  expect(refused.body.errors[0].message).toContain('wang.f1, wang.f2');

  expect((await importing('I1', '王　芳')).status).toBe(200);
  expect(await nurseOf(await idOf('I1'))).toMatchObject({ state: 'unassigned', shown: '王　芳' });
  expect(await patientsOf(second.id, as(second.session))).not.toContain(await idOf('I1'));

  const { status, body } = await map('王芳', second.id);
  expect([status, body]).toMatchObject([
    200,
    { patients: 2, unassigned: 0, personId: second.id, personName: '王芳', author: 'Dr. Chen' },
  ]);
  await importing('I2', '王芳');
  for (const mrn of ['I1', 'I2'])
    expect(await nurseOf(await idOf(mrn))).toMatchObject({ state: 'assigned', personId: second.id });
  expect(await patientsOf(second.id, as(second.session))).toContain(await idOf('I2'));

  await map('王芳', null);
  expect(await nurseOf(await idOf('I2'))).toMatchObject({ state: 'unassigned' });
  expect((await rename(first.id, { name: '王芳芳' })).status).toBe(200);
});

test('an author who shares a name is recorded with the login', async () => {
  const [one] = [
    await givenPerson(t, { login: 'sun.1', name: '孙丽' }),
    await givenPerson(t, { login: 'sun.2', name: '孙丽' }),
  ];
  expect((await t.get('/me', as(one.session))).body.name).toBe('孙丽（sun.1）');
});

test('imported names are listed with their patients, and mapped by administrators and head nurses alone', async () => {
  await givenPatient('外院护士');
  const [head, nurse] = [await givenPerson(t, { roles: ['head_nurse'] }), await givenPerson(t, {})];
  const { body } = await t.get('/nurse-names?limit=500', as(head.session));
  expect(body.items).toContainEqual({
    ...{
      name: '外院护士',
      patients: 1,
      unassigned: 1,
      personId: null,
      personName: null,
      author: null,
      decidedAt: null,
    },
  });
  const { body: page } = await t.get('/nurse-names?limit=1');
  expect((await t.get(`/nurse-names?limit=1&cursor=${page.nextCursor as string}`)).body.items).not.toEqual(
    page.items,
  );
  expect((await map('外院护士', nurse.id, as(nurse.session))).status).toBe(403);
  expect((await map('外院护士', nurse.id, as(head.session))).body).toMatchObject({
    unassigned: 0,
    author: head.name,
  });
  const unknown = await map('外院护士', '01a207e2-a6f9-710b-9bac-94085289818e');
  expect([unknown.status, unknown.body.errors[0].pointer]).toEqual([422, '/personId']);
});

test('what an older version writes is resolved too', async () => {
  const nurse = await givenPerson(t, { login: 'old.version', name: '旧版' });
  const id = await givenPatient('somebody else');
  await t.dataSource.query('UPDATE patient SET responsible_nurse = $2 WHERE id = $1', [id, '旧版']);
  expect(await nurseOf(id)).toMatchObject({ state: 'assigned', personId: nurse.id });
  await t.dataSource.query('UPDATE patient SET responsible_nurse = NULL WHERE id = $1', [id]);
  expect(await nurseOf(id)).toEqual({ shown: null });
});

test('the person asked for is looked up once, and before the patients, so that an index can have their values', async () => {
  const condition = inCareOf('patient').replaceAll(':nurseKey', `'li'`);
  const rows = await t.dataSource.query<Record<string, string>[]>(
    `EXPLAIN SELECT FROM patient WHERE ${condition}`,
  );
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toContain('responsible_person_id = ANY ((InitPlan 1).col1)');
});
