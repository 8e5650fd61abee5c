import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer, startApp, type TestApp } from '../support/app.js';

const demo = (name: string) => readFile(new URL(`../../demo/${name}.csv`, import.meta.url));
const HEADER =
  'mrn,name,sex,birth_date,diagnosis_date,primary_site,stage,resection_date,preoperative_colonoscopy,lynch,phone,responsible_nurse\n';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

async function upload(
  file: Buffer | string,
  fields: Record<string, string>,
  name = 'file.csv',
): Promise<Answer> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set('file', new Blob([file]), name);
  const request = new Request('http://localhost', { method: 'POST', body: form });
  return t.request('POST', '/imports', {
    headers: { 'content-type': request.headers.get('content-type')! },
    payload: Buffer.from(await request.arrayBuffer()),
  });
}

const count = async (table: string): Promise<number> =>
  (await t.dataSource.query(`SELECT count(*) AS n FROM ${table}`))[0].n as number;

test('a dry run reports the result and stores nothing', async () => {
  const { status, body } = await upload(await demo('roster'), { kind: 'roster', dryRun: 'true' });
  expect([status, body.written, body.counts.created]).toEqual([200, false, 929]);
  expect(await count('patient')).toBe(0);
});

test('the demonstration ward of 929 patients and 780 events is imported, with plans for patients in follow-up', async () => {
  const roster = await upload(await demo('roster'), { kind: 'roster' });
  expect(roster.body.counts).toEqual({ created: 929, updated: 0, unchanged: 0, rejected: 0 });
  const events = await upload(await demo('events'), { kind: 'events' });
  expect(events.body.counts).toEqual({ created: 780, updated: 0, unchanged: 0, rejected: 0 });

  expect([await count('patient'), await count('clinical_event')]).toEqual([929, 929 + 780]);
  const [{ wrong }] = await t.dataSource.query(`
    SELECT count(*) AS wrong FROM patient p
      JOIN (SELECT patient_id, min(date) AS ended FROM clinical_event WHERE type IN ('recurrence', 'death') GROUP BY 1) e ON e.patient_id = p.id
      JOIN surveillance_item i ON i.patient_id = p.id AND i.state = 'active' AND i.due >= e.ended`);
  expect(wrong).toBe(0);
  const [{ followed, planned }] = await t.dataSource.query(`
    SELECT count(*) AS followed,
           count(*) FILTER (WHERE EXISTS (SELECT FROM surveillance_item i WHERE i.patient_id = p.id AND i.state = 'active' AND i.due > '2026-11-01')) AS planned
      FROM patient p WHERE NOT EXISTS (SELECT FROM clinical_event e WHERE e.patient_id = p.id AND e.type IN ('recurrence', 'death'))`);
  expect(planned).toBe(followed);
  expect(followed).toBeGreaterThan(300);
});

test('a second import changes nothing', async () => {
  const state = () =>
    t.dataSource.query('SELECT id, due, state, revision, changed_at FROM surveillance_item ORDER BY id');
  const before: unknown = await state();
  const roster = await upload(await demo('roster'), { kind: 'roster' });
  const events = await upload(await demo('events'), { kind: 'events' });
  expect(roster.body.counts).toEqual({ created: 0, updated: 0, unchanged: 929, rejected: 0 });
  expect(events.body.counts).toEqual({ created: 0, updated: 0, unchanged: 780, rejected: 0 });
  expect(await state()).toEqual(before);
});

test('events in the future are refused row by row, and accepted on their day', async () => {
  const before = await count('clinical_event');
  const refused = await upload(await demo('events-later'), { kind: 'events' });
  expect([refused.status, refused.body.code]).toEqual([422, 'rows-rejected']);
  expect(refused.body.report.rows.every(({ result }: { result: string }) => result === 'rejected')).toBe(
    true,
  );
  expect(refused.body.errors).toHaveLength(140);
  expect(new Set(refused.body.errors.map(({ code }: { code: string }) => code))).toEqual(
    new Set(['date-in-future']),
  );
  expect(await count('clinical_event')).toBe(before);

  await t.setClock('2033-01-01T09:00:00+08:00');
  const accepted = await upload(await demo('events-later'), { kind: 'events' });
  expect(accepted.body.counts).toEqual({ created: 140, updated: 0, unchanged: 0, rejected: 0 });
});

const ROW = 'N1,李敏,female,1960-05-05,2025-01-10,colon,III,2025-01-31,complete,no,10000000001,nurse.li';
const changed = (column: number, value: string): string => ROW.split(',').with(column, value).join(',');

test.each([
  ['an unknown stage', changed(6, 'V'), '/rows/2/stage'],
  ['a date that does not exist', changed(7, '2025-02-30'), '/rows/2/resection_date'],
  ['a resection in the future', changed(7, '2055-02-28'), '/rows/2/resection_date'],
  ['a resection before birth', changed(7, '1950-02-28'), '/rows/2/resection_date'],
  ['a diagnosis before birth', changed(4, '1950-02-28'), '/rows/2/diagnosis_date'],
  ['an unknown sex', changed(2, 'x'), '/rows/2/sex'],
  ['an empty mrn', changed(0, ''), '/rows/2/mrn'],
  ['the same mrn twice', `${ROW}\n${ROW}`, '/rows/3/mrn'],
  ['a cell too few', 'N1,李敏', '/rows/2'],
  ['an open quote', changed(1, '"李'), '/rows/2'],
  ['a known patient with another birth date', changed(0, 'M00001'), '/rows/2/birth_date'],
])('%s is refused with the row and the column, and nothing is written', async (_, row, pointer) => {
  const before = await count('patient');
  const { status, body } = await upload(HEADER + row, { kind: 'roster' });
  expect(status).toBe(422);
  expect(body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  expect(await count('patient')).toBe(before);
});

test('with acceptGood the good rows are stored and the bad rows are named', async () => {
  const { status, body } = await upload(`${HEADER}${changed(0, 'G1')}\n${changed(6, 'V')}`, {
    kind: 'roster',
    acceptGood: 'true',
  });
  expect([status, body.written, body.counts]).toEqual([
    200,
    true,
    { created: 1, updated: 0, unchanged: 0, rejected: 1 },
  ]);
  expect((await t.get('/patients?mrn=G1')).body.items).toHaveLength(1);
});

test('a new phone number in the roster replaces the stored one', async () => {
  const { body } = await upload(HEADER + changed(0, 'G1').replace('10000000001', '10000000009'), {
    kind: 'roster',
  });
  expect(body.counts.updated).toBe(1);
  expect((await t.get('/patients?mrn=G1')).body.items[0].phone).toBe('10000000009');
});

test('the refusal names a wrong or missing column', async () => {
  const { status, body } = await upload(HEADER.replace('stage', 'stag') + ROW, { kind: 'roster' });
  expect([status, body.code]).toEqual([422, 'wrong-columns']);
  expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
    '/header/stage',
    '/header/stag',
  ]);
});

test('a file in GBK is refused with the number of the line', async () => {
  const gbk = Buffer.concat([
    Buffer.from(`${HEADER}${ROW}\nN2,`),
    Buffer.from([0xc0, 0xee, 0xc3, 0xf4]),
    Buffer.from(ROW.slice(5)),
  ]);
  const { status, body } = await upload(gbk, { kind: 'roster' });
  expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'not-utf8', '/file/3']);
});

test('an event file is refused for unknown patients, types without their fields, and dates after a death', async () => {
  const rows = [
    'X9,recurrence,2026-01-01,',
    'M00001,primary_resection,2026-01-01,',
    'M00001,recurrence,2026-01-01,',
    'M00002,party,2026-01-01,',
  ];
  const { body } = await upload(`mrn,type,date,site\n${rows.join('\n')}`, { kind: 'events' });
  expect(body.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code])).toEqual([
    ['/rows/2/mrn', 'unknown-mrn'],
    ['/rows/3/type', 'invalid'],
    ['/rows/4/date', 'after-death'],
    ['/rows/5/type', 'not-allowed'],
  ]);
});

test('a file that is too large, an XLSX file, a form without a file and another body are refused', async () => {
  expect((await upload(Buffer.alloc(21_000_000, 'a'), { kind: 'roster' })).status).toBe(413);
  expect((await upload(Buffer.from('PK\u0003\u0004rest'), { kind: 'roster' })).status).toBe(415);
  const json = await t.post('/imports', { kind: 'roster' });
  expect([json.status, json.body.code]).toEqual([415, 'unsupported-media-type']);
  const kind = await upload(ROW, { kind: 'party' });
  expect([kind.status, kind.body.errors[0].pointer]).toEqual([422, '/kind']);
});
