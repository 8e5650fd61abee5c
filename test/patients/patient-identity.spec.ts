import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Resealing } from '../../src/key-rotation/resealing.js';
import { folded } from '../../src/patients/folded.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { givenPatient } from '../support/builders.js';
import { as, givenPerson } from '../support/signed-in.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

let count = 0;
/** A patient unlike all others. */
const newPatient = <T extends object>(facts: T = {} as T) => ({
  ...{ mrn: `A${++count}`, name: `王芳${count}`, sex: 'female', birthDate: '1949-12-31' },
  ...{ diagnosisDate: '2024-01-10', ...facts },
});
const register = (facts: object): Promise<Answer> => t.post('/patients', facts);
const refused = async (answer: Promise<Answer>): Promise<unknown[]> => {
  const { status, body } = await answer;
  return [status, body.code, (body.errors as { pointer: string }[] | undefined)?.[0]?.pointer];
};

const COLUMNS =
  'mrn,name,sex,birth_date,diagnosis_date,primary_site,stage,resection_date,preoperative_colonoscopy,phone,identity_number';
const rowOf = ({ mrn = '', name = '', phone = '', identityNumber = '', diagnosisDate = '2024-01-10' }) =>
  `${mrn},${name},female,1949-12-31,${diagnosisDate},colon,III,2024-01-31,complete,${phone},${identityNumber}`;

async function importing(rows: readonly string[], fields: Record<string, string> = {}): Promise<Answer> {
  const form = new FormData();
  for (const [field, value] of Object.entries({ kind: 'roster', ...fields })) form.append(field, value);
  form.append('file', new Blob([[COLUMNS, ...rows].join('\n')]), 'roster.csv');
  const answer = new Response(form);
  return t.request('POST', '/imports', {
    headers: { 'content-type': answer.headers.get('content-type') ?? '' },
    payload: Buffer.from(await answer.arrayBuffer()),
  });
}

test('one mrn is one patient in whatever form it is written, and finds that patient', async () => {
  const { body } = await register(newPatient({ mrn: 'X1' }));
  for (const mrn of ['Ｘ１', 'x1', ' X1　', 'X\u200b1'])
    expect(await refused(register(newPatient({ mrn })))).toEqual([409, 'mrn-taken', '/mrn']);
  for (const mrn of ['x1', 'Ｘ１']) {
    const { body: list } = await t.get(`/patients?mrn=${encodeURIComponent(mrn)}`);
    expect(list.items).toMatchObject([{ id: body.id, mrn: 'X1' }]);
    expect((await t.post('/patients/search', { mrn })).body.items).toHaveLength(1);
  }
  const other = await register(newPatient({ mrn: 'Ｂ２４0104' }));
  expect(other.body.mrn).toBe('B240104');
  const payload = { mrn: 'ｘ１' };
  expect(await refused(t.request('PATCH', `/patients/${other.body.id as string}`, { payload }))).toEqual([
    409,
    'mrn-taken',
    '/mrn',
  ]);
});

test('SQL and program know the same form of any text', async () => {
  const texts = fc.sample(
    fc.string({ unit: fc.constantFrom(...'aXＸ１ 　\u200b\u00ad\u2028ßÉ王０ﬁ\ufeff\t'), maxLength: 12 }),
    500,
  );
  const rows = await t.dataSource.query<{ folded: string }[]>(
    'SELECT folded(typed) FROM unnest($1::text[]) WITH ORDINALITY AS t (typed, n) ORDER BY n',
    [texts],
  );
  expect(rows.map((row) => row.folded)).toEqual(texts.map(folded));
});

test('one identity number is one patient, whatever the other fields, also in its old form', async () => {
  const facts = newPatient({ identityNumber: '11010519491231002X' });
  const { body } = await register(facts);
  for (const identityNumber of [
    '11010519491231002x',
    '１１０１０５１９４９１２３１００２Ｘ',
    '110105491231002',
  ]) {
    const answer = await register(newPatient({ identityNumber }));
    expect([answer.status, answer.body.code, answer.body.existing]).toEqual([
      ...[409, 'identity-number-taken'],
      { id: body.id, mrn: facts.mrn },
    ]);
  }
  const { body: other } = await register(newPatient());
  const payload = { identityNumber: '110105491231002' };
  expect(await refused(t.request('PATCH', `/patients/${other.id as string}`, { payload }))).toEqual([
    ...[409, 'identity-number-taken', '/identityNumber'],
  ]);
});

test('an identity number that contradicts birth date or sex is refused; unknown sex contradicts nothing', async () => {
  const identityNumber = '110105195001010004';
  const as1950 = { identityNumber, birthDate: '1950-01-01' };
  expect(await refused(register(newPatient({ identityNumber })))).toEqual([
    ...[422, 'identity-number-differs', '/identityNumber'],
  ]);
  expect(await refused(register(newPatient({ ...as1950, sex: 'male' })))).toEqual([
    ...[422, 'identity-number-differs', '/identityNumber'],
  ]);
  const { status, body } = await register(newPatient({ ...as1950, sex: 'unknown' }));
  expect(status).toBe(201);
  const correct = (payload: object) => t.request('PATCH', `/patients/${body.id as string}`, { payload });
  expect(await refused(correct({ sex: 'male' }))).toEqual([
    ...[422, 'identity-number-differs', '/identityNumber'],
  ]);
  expect((await correct({ sex: 'female' })).status).toBe(200);
});

const possible = async (answer: Promise<Answer>): Promise<unknown[]> => {
  const { status, body } = await answer;
  return [status, body.possibleDuplicates, body.possibleDuplicatesNotShown];
};

test('a patient with the name, birth date and sex of another one is registered, and the answer names the other one', async () => {
  const facts = newPatient({ name: '李 敏' });
  const first = await register(facts);
  expect([first.status, first.body.possibleDuplicates]).toEqual([201, []]);
  const one = { id: first.body.id, mrn: facts.mrn };
  const second = await register({ ...facts, mrn: 'X2', name: '李敏' });
  expect(await possible(Promise.resolve(second))).toEqual([201, [one], 0]);
  const { body: third } = await register(newPatient());
  const correct = (payload: object) => t.request('PATCH', `/patients/${third.id as string}`, { payload });
  expect(await possible(correct({ phone: '13812345678' }))).toEqual([200, [], 0]);
  const both = [one, { id: second.body.id, mrn: 'X2' }];
  expect(await possible(correct({ name: '李敏' }))).toEqual([200, both, 0]);
  expect((await t.get(`/patients/${third.id as string}`)).body).not.toHaveProperty('possibleDuplicates');
});

test('patients with different identity numbers, or different phones and days of diagnosis, are not duplicates', async () => {
  const facts = newPatient({ identityNumber: '110105194912310062', phone: '13812345670' });
  const { body } = await register(facts);
  const one = { id: body.id, mrn: facts.mrn };
  const another = { ...facts, mrn: 'Y1', identityNumber: '110105194912310089' };
  expect(await possible(register(another))).toEqual([201, [], 0]);
  const later = { ...facts, mrn: 'Y2', identityNumber: undefined, diagnosisDate: '2024-02-10' };
  const likeBoth = [one, expect.objectContaining({ mrn: 'Y1' })];
  expect(await possible(register({ ...later, phone: '+86 138 1234 5670' }))).toEqual([201, likeBoth, 0]);
  const other = { ...later, mrn: 'Y3', phone: '13912345670', diagnosisDate: '2024-03-10' };
  expect(await possible(register(other))).toEqual([201, [], 0]);
});

test('the existing patient is named only to callers who may see them', async () => {
  const facts = newPatient({ department: 'lung', identityNumber: '11010519491231010X' });
  expect((await register(facts)).status).toBe(201);
  const { session } = await givenPerson(t, { roles: ['nurse'], departments: ['liver'] });
  for (const [asked, code] of [
    [{ ...facts, mrn: facts.mrn.toLowerCase() }, 'mrn-taken'],
    [newPatient({ identityNumber: facts.identityNumber }), 'identity-number-taken'],
  ] as const) {
    const { status, body } = await t.post('/patients', { ...asked, department: 'liver' }, as(session));
    expect([status, body.code, body.existing]).toEqual([409, code, undefined]);
    if (code !== 'mrn-taken') expect(JSON.stringify(body)).not.toContain(facts.mrn);
  }
  const twin = { ...facts, mrn: 'Z1', identityNumber: undefined, department: 'liver' };
  const registered = t.post('/patients', twin, as(session));
  expect(await possible(registered)).toEqual([201, [], 1]);
  const { body } = await t.get('/patients?limit=500', as(session));
  expect((body.items as { mrn: string }[]).map(({ mrn }) => mrn)).not.toContain(facts.mrn);
});

test('of four simultaneous registrations of one person each returns the earlier ones', async () => {
  const facts = newPatient();
  const answers = await Promise.all(
    ['', 'B', 'C', 'D'].map((more) => register({ ...facts, mrn: facts.mrn + more })),
  );
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  const counts = answers.map(({ body }) => (body.possibleDuplicates as unknown[]).length);
  expect(counts.sort()).toEqual([0, 1, 2, 3]);
});

test('of two who register one mrn, or one identity number, at the same moment one is refused', async () => {
  for (const facts of [{ mrn: 'M1' }, { identityNumber: '110105194912310206' }]) {
    const answers = await Promise.all([1, 2].map(() => register(newPatient(facts))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  }
});

test('a phone is a number that can be called', async () => {
  expect(await refused(register(newPatient({ phone: '不详' })))).toEqual([422, 'invalid-input', '/phone']);
  const { body } = await register(newPatient({ phone: '+86 138-0000-1111' }));
  expect(body.phone).toBe('13800001111');
  const payload = { phone: '123' };
  const correction = t.request('PATCH', `/patients/${body.id as string}`, { payload });
  expect(await refused(correction)).toEqual([422, 'invalid-input', '/phone']);
});

test('a roster takes 不详 as blank, keeps what is recorded, and finds a patient by any form of the mrn', async () => {
  const { body } = await register(newPatient({ mrn: 'R1', name: '赵一', phone: '13811112222' }));
  await t.post(`/patients/${body.id as string}/events`, {
    ...{ type: 'primary_resection', date: '2024-01-31', site: 'colon', stage: 'III', intent: 'curative' },
    preoperativeColonoscopy: 'complete',
  });
  for (const phone of ['不详', '', '—', '无']) {
    const { body: report } = await importing([rowOf({ mrn: 'ｒ1', name: '赵一', phone })]);
    expect(report).toMatchObject({ counts: { created: 0, updated: 0, unchanged: 1, rejected: 0 } });
  }
  expect((await t.get(`/patients/${body.id as string}`)).body.phone).toBe('13811112222');
  const bad = await importing([rowOf({ mrn: 'R2', name: '赵二', phone: '1E+10' })]);
  expect(bad.body.errors).toMatchObject([{ pointer: '/rows/2/phone' }]);
});

test('a roster is refused where a number is another patient’s, and warns where a row may be an existing patient', async () => {
  const number = '110105194912310126';
  const { body: known } = await register(newPatient({ mrn: 'S1', name: '钱一' }));
  const rows = [
    rowOf({ mrn: 's2', name: '钱一' }),
    rowOf({ mrn: 'S3', name: '钱三' }),
    rowOf({ mrn: 'S4', name: '钱三' }),
    rowOf({ mrn: 'S5', name: '钱五', identityNumber: number }),
    rowOf({ mrn: 'S6', name: '钱六', identityNumber: number.toLowerCase() }),
    rowOf({ mrn: 'ｓ5', name: '钱七' }),
    rowOf({ mrn: 'S8', name: '钱八', identityNumber: '110105195001010004' }),
  ];
  type Row = Record<string, unknown> & { line: number; errors: { code: string }[] };
  for (const dryRun of ['true', 'false']) {
    const { status, body } = await importing(rows, { dryRun });
    expect(status).toBe(dryRun === 'true' ? 200 : 422);
    const report = (dryRun === 'true' ? body : body.report) as { rows: Row[] };
    expect(report.rows.map(({ line, errors }) => [line, errors[0]?.code])).toEqual([
      ...[2, 3, 4, 5].map((line) => [line, undefined]),
      ...[
        [6, 'identity-number-taken'],
        [7, 'mrn-twice'],
        [8, 'birth-date-differs'],
      ],
    ]);
  }
  const { body } = await importing(rows.slice(0, 4));
  expect(body.counts).toMatchObject({ created: 4, rejected: 0 });
  const [second, third, fourth] = body.rows as Row[];
  const warned = { code: 'possible-duplicate', message: expect.stringContaining('S1') };
  expect(second).toMatchObject({
    ...{ result: 'created', warnings: [{ ...warned, pointer: '/rows/2/mrn' }] },
    ...{ possibleDuplicates: [{ id: known.id, mrn: 'S1' }], possibleDuplicatesNotShown: 0 },
  });
  expect(third).not.toHaveProperty('warnings');
  expect(fourth).toMatchObject({ result: 'created', possibleDuplicates: [{ id: null, mrn: 'S3' }] });
  const again = await importing(rows.slice(0, 4));
  expect(again.body.counts).toMatchObject({ unchanged: 4, rejected: 0 });
  expect((again.body.rows as Row[]).filter((row) => 'warnings' in row)).toEqual([]);
});

test('identities from an older version are indexed in batches; patients with one number are kept, found and corrected', async () => {
  const facts = { sex: 'female', birthDate: '1949-12-31' } as const;
  const numbers = ['110105194912310142', '110105491231014'];
  const twins = [];
  for (const identityNumber of numbers)
    twins.push(
      await givenPatient(t, { ...facts, identityNumber, phone: '13700000001/13700000002' } as never),
    );
  await t.app.get(Resealing).reseal();
  const rows = await t.dataSource.query<{ shared: boolean; indexed: boolean; version: number }[]>(
    `SELECT identity_shared AS shared, identity_index IS NOT NULL AS indexed, index_version AS version
       FROM patient WHERE id = ANY($1) ORDER BY id`,
    [twins.map(({ id }) => id)],
  );
  expect(rows).toEqual([
    { shared: false, indexed: true, version: 2 },
    { shared: true, indexed: false, version: 2 },
  ]);
  const found = (wanted: object) => t.post('/patients/search', wanted);
  expect((await found({ identityNumber: numbers[0] })).body.items).toHaveLength(2);
  expect((await found({ phone: '13700000002' })).body.items).toHaveLength(2);
  expect(await refused(register(newPatient({ identityNumber: numbers[0] })))).toEqual([
    ...[409, 'identity-number-taken', '/identityNumber'],
  ]);
  const path = `/patients/${twins[1]!.id}`;
  expect((await t.request('PATCH', path, { payload: { department: 'liver' } })).status).toBe(200);
  const payload = { identityNumber: '110105194912310169' };
  expect((await t.request('PATCH', path, { payload })).status).toBe(200);
  const [row] = await t.dataSource.query<{ shared: boolean }[]>(
    'SELECT identity_shared AS shared FROM patient WHERE id = $1 AND identity_index IS NOT NULL',
    [twins[1]!.id],
  );
  expect(row).toEqual({ shared: false });
});

test('an identity changed by an older version is indexed again', async () => {
  const { body } = await register(newPatient({ identityNumber: '110105194912310185' }));
  await t.dataSource.query(
    `UPDATE patient SET identity_number = NULL, search_terms = search_terms[1:1] WHERE id = $1`,
    [body.id],
  );
  const read = () =>
    t.dataSource.query('SELECT identity_index, index_version FROM patient WHERE id = $1', [body.id]);
  expect(await read()).toEqual([{ identity_index: null, index_version: 1 }]);
  await t.app.get(Resealing).reseal();
  expect(await read()).toEqual([{ identity_index: null, index_version: 2 }]);
});
