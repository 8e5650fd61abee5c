import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readWorkbook } from '../../src/exchange/imports/tables/workbook.js';
import type { Answer, TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';
import { uploaded } from '../support/spreadsheet-calls.js';
import { workbook } from '../support/workbook.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-12-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const HEADINGS = [
  '住院号',
  '姓名',
  '性别',
  '出生日期',
  '确诊日期',
  '肿瘤部位',
  '病理分期',
  '手术日期',
  '术前肠镜',
];
const patient = (mrn: string, name: string, changes: Readonly<Record<number, string>> = {}): string[] =>
  [mrn, name, '女', '1960-05-05', '2025-01-10', '结肠', 'III', '2025-01-31', '完整'].map(
    (cell, at) => changes[at] ?? cell,
  );
const csv = (...rows: readonly (readonly string[])[]): string => rows.map((row) => row.join(',')).join('\n');

async function send(file: Buffer | string, fields: Record<string, string> = {}): Promise<Answer> {
  const { headers, payload } = await uploaded(file, { kind: 'roster', ...fields });
  return t.request('POST', '/imports', { headers: { ...headers, 'accept-language': 'zh-CN' }, payload });
}

async function rejected(id: string): Promise<(string | undefined)[][]> {
  const answer = await t.app.inject({
    method: 'GET',
    url: `/api/v1/imports/${id}/rejected.xlsx`,
    headers: { authorization: `Bearer ${t.adminKey}`, 'accept-language': 'zh-CN' },
  });
  expect(answer.statusCode).toBe(200);
  const [sheet] = readWorkbook(answer.rawPayload);
  return sheet!.rows.map(({ cells }) => Array.from(cells, (cell) => cell?.text));
}

const results = ({ body }: Answer): [number, string][] =>
  (body.rows as { row: number; result: string }[]).map(({ row, result }) => [row, result]);

test('a question is answered by its id or its place, and then the row is written', async () => {
  const file = csv(
    HEADINGS,
    patient('A1', '李敏', { 7: '26-3-5' }),
    patient('A2', '王芳', { 5: '直乙交界' }),
  );
  const preview = await send(file, { dryRun: 'true' });
  expect(results(preview)).toEqual([
    [2, 'asked'],
    [3, 'asked'],
  ]);
  const [{ questions }] = preview.body.rows;
  expect(questions).toMatchObject([
    {
      row: 2,
      column: '手术日期',
      field: 'resection_date',
      written: '26-3-5',
      answers: ['2026-03-05', '2005-03-26'],
    },
  ]);

  const refused = await send(file);
  expect([refused.status, refused.body.code, refused.body.report.counts.asked]).toEqual([
    422,
    'rows-rejected',
    2,
  ]);

  const answers = JSON.stringify([
    { id: questions[0].id, value: '2026-03-05' },
    { row: 3, column: '肿瘤部位', value: 'rectum' },
  ]);
  const done = await send(file, { answers });
  expect([done.body.written, done.body.counts.created]).toEqual([true, 2]);
  const { items } = (await t.get('/patients?mrn=A1')).body;
  const { body } = await t.get(`/patients/${items[0].id}/events`);
  expect(body.items).toMatchObject([{ type: 'primary_resection', date: '2026-03-05' }]);

  const unknown = await send(file, {
    answers: JSON.stringify([{ id: 'of another file', value: '2026-03-05' }]),
  });
  expect([unknown.status, unknown.body.code]).toEqual([422, 'answer-unknown']);
});

test('a heading is mapped by hand, remembered, and refused where the field does not exist', async () => {
  const file = csv(HEADINGS.with(0, '我院编号'), patient('A1', '李敏'));
  const unknown = await send(file, { dryRun: 'true' });
  expect([unknown.status, unknown.body.code, unknown.body.errors[0].pointer]).toEqual([
    422,
    'wrong-columns',
    '/header/mrn',
  ]);

  const wrong = await send(file, { mapping: JSON.stringify({ 我院编号: 'number' }) });
  expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([422, '/mapping/我院编号']);
  expect((await send(file, { mapping: '{' })).body.errors[0].pointer).toBe('/mapping');

  expect((await send(file, { mapping: JSON.stringify({ 我院编号: 'mrn' }) })).body.counts.created).toBe(1);
  expect((await t.get('/imports/mappings')).body.items).toMatchObject([
    { kind: 'roster', heading: '我院编号', field: 'mrn' },
  ]);
  const again = await send(file);
  expect(again.body.counts).toMatchObject({ created: 0, unchanged: 1 });
  expect(again.body.sheets[0].columns[0]).toMatchObject({
    heading: '我院编号',
    field: 'mrn',
    by: 'remembered',
  });
});

test('of 5,000 rows with 50 faults exactly these 50 come back, with the reason beside each', async () => {
  const rows = Array.from({ length: 5000 }, (_, at) =>
    patient(
      `M${at}`,
      `患者${String.fromCharCode(0x4e00 + at)}`,
      at % 100 === 7 ? { 7: '2025-02-30', 8: '=cmd()' } : {},
    ),
  );
  const { body } = await send(csv(HEADINGS, ...rows), { dryRun: 'true' });
  expect(body.counts).toMatchObject({ created: 4950, rejected: 50, asked: 0 });
  const [titles, ...returned] = await rejected(body.id);
  expect(titles).toEqual([...HEADINGS, '退回原因', '原行号']);
  expect(returned.map(([mrn]) => mrn)).toEqual(rows.flatMap(([mrn], at) => (at % 100 === 7 ? [mrn] : [])));
  expect(returned.every((row) => row[8] === '=cmd()' && /不存在日期/.test(row[9] ?? ''))).toBe(true);
  expect(returned[0]![10]).toBe('9');
}, 60_000);

describe('a workbook', () => {
  test('with merged headings, a hidden sheet, a patient over several rows and texts in the cells', async () => {
    const file = workbook([
      {
        name: '随访',
        rows: [
          ['结直肠癌随访登记'],
          [...HEADINGS, '第1次复查', null, '第2次复查', null],
          [...HEADINGS.map(() => null), '日期', 'CEA(ng/ml)', '日期', 'CEA(ng/ml)'],
          [...patient('A1', '李敏'), '2025/5/1', '2.1', '2025/8/1', 3.5],
          [...HEADINGS.map(() => null), '2025/11/1', '＜0.5', null, null],
          ['合计', '1例'],
        ],
        merges: [
          'A1:M1',
          ...'ABCDEFGHI'.split('').map((c) => `${c}2:${c}3`),
          'J2:K2',
          'L2:M2',
          ...'ABCDEFGHI'.split('').map((c) => `${c}4:${c}5`),
        ],
      },
      { name: '测试', state: 'hidden', rows: [HEADINGS, patient('T1', '测试')] },
    ]);
    const { status, body } = await send(file);
    expect([status, body.counts]).toMatchObject([200, { created: 1, continuation: 1, skipped: 1 }]);
    expect(body.sheets.map(({ name, state, why }: Record<string, string>) => [name, state, why])).toEqual([
      ['随访', 'read', undefined],
      ['测试', 'skipped', 'hidden'],
    ]);
    const [{ id }] = (await t.get('/patients?mrn=A1')).body.items;
    const exams = (await t.get(`/patients/${id}/events`)).body.items.filter(
      ({ type }: { type: string }) => type === 'exam',
    );
    expect(exams.map(({ date }: { date: string }) => date).sort()).toEqual([
      '2025-05-01',
      '2025-08-01',
      '2025-11-01',
    ]);
  });

  test('with the visits of its patients in a sheet of their own', async () => {
    const file = workbook([
      { name: '名册', rows: [HEADINGS, patient('A1', '李敏'), patient('A2', '王芳', { 3: '1961-01-01' })] },
      {
        name: '复查',
        rows: [
          ['住院号', '姓名', '复查日期', 'CEA', 'CA19-9'],
          ['A1', '李敏', '2025.5.1', '2.1', '20'],
          ['A1', '李敏', '2025.8.1', '2.2', null],
          ['A2', '李芳', '2025.8.1', '2.2', null],
          ['A9', '赵敏', '2025.8.1', '2.2', null],
        ],
      },
      {
        name: '联系',
        rows: [
          ['姓名', '性别', '电话'],
          ['李敏', '女', '10000000001'],
        ],
      },
    ]);
    const answer = await send(file, { acceptGood: 'true' });
    expect(results(answer)).toEqual([
      [2, 'created'],
      [3, 'created'],
      [2, 'again'],
      [3, 'again'],
      [4, 'asked'],
      [5, 'asked'],
    ]);
    expect(answer.body.sheets.map(({ state }: { state: string }) => state)).toEqual([
      'read',
      'read',
      'skipped',
    ]);
    const [{ id }] = (await t.get('/patients?mrn=A1')).body.items;
    expect((await t.get(`/patients/${id}/events`)).body.items).toHaveLength(3);
  });

  test('that is damaged or declares less than it unpacks to is refused', async () => {
    const file = workbook([{ name: 'a', rows: [HEADINGS, patient('A1', '李敏')] }]);
    expect((await send(file.subarray(0, 400))).body.code).toBe('not-a-workbook');
    const lies = Buffer.from(file);
    const directory = lies.lastIndexOf(Buffer.from('PK\u0001\u0002'));
    lies.writeUInt32LE(10, directory + 24);
    expect((await send(lies)).body.code).toBe('not-a-workbook');
  });

  test('the template comes with headings that are all known, in both languages', async () => {
    for (const language of ['zh-CN', 'en']) {
      const answer = await t.app.inject({
        method: 'GET',
        url: '/api/v1/imports/template.xlsx',
        headers: { authorization: `Bearer ${t.adminKey}`, 'accept-language': language },
      });
      const { status, body } = await send(answer.rawPayload);
      expect([status, body.counts.created, body.written]).toEqual([200, 0, true]);
      const columns = body.sheets[0].columns as { field: string | null }[];
      expect(columns.map(({ field }) => field)).not.toContain(null);
      expect(columns).toHaveLength(17);
    }
  });
});

test('a roster names ward, treatment group and distance; a column 病区 alone is the department', async () => {
  const where = [...HEADINGS, '科室', '病区', '诊疗组', '距离（公里）'];
  const file = csv(
    where,
    [...patient('A1', '李敏'), '肝胆外科', '七病区', '王组', '约35.4公里'],
    [...patient('A2', '王芳', { 3: '1961-01-01' }), '肝胆外科', '', '', '很远'],
  );
  const answer = await send(file);
  expect(answer.body.counts).toMatchObject({ created: 2 });
  expect(
    answer.body.rows.map(({ warnings }: { warnings: { code: string }[] }) =>
      warnings.map(({ code }) => code),
    ),
  ).toEqual([[], ['distance-left-out']]);
  const shown = async (mrn: string): Promise<unknown> => (await t.get(`/patients?mrn=${mrn}`)).body.items[0];
  expect(await shown('A1')).toMatchObject({
    ...{ department: '肝胆外科', ward: '七病区', group: '王组', distanceKm: 35 },
  });
  expect(await shown('A2')).toMatchObject({ ward: null, group: null, distanceKm: null });
  expect((await send(file)).body.counts).toMatchObject({ updated: 0, unchanged: 2 });

  const english = csv(
    [...HEADINGS, 'Ward', 'Treatment group', 'Distance (km)'],
    [...patient('A3', '赵敏', { 3: '1962-01-01' }), 'Ward 7', 'Wang', '12 km'],
  );
  expect((await send(english)).body.counts).toMatchObject({ created: 1 });
  expect(await shown('A3')).toMatchObject({
    department: 'Ward 7',
    ward: null,
    group: 'Wang',
    distanceKm: 12,
  });

  const contract =
    'mrn,name,sex,birth_date,diagnosis_date,primary_site,stage,resection_date,preoperative_colonoscopy,ward,group,distance_km\n';
  const row = 'C1,Li,female,1963-01-01,2025-01-10,colon,III,2025-01-31,complete,Ward 7,Wang,';
  expect((await send(`${contract}${row}8\n`)).body.counts).toMatchObject({ created: 1 });
  expect(await shown('C1')).toMatchObject({ ward: 'Ward 7', group: 'Wang', distanceKm: 8 });
  const far = await send(`${contract}${row}far\n`);
  expect([far.status, far.body.errors[0]]).toMatchObject([422, { pointer: '/rows/2/distance_km' }]);
});

test('a person of the same name and birth date under another number is asked about, in the file and in the record', async () => {
  expect((await send(csv(HEADINGS, patient('A1', '李敏')))).body.counts.created).toBe(1);
  const file = csv(HEADINGS, patient('B1', '李敏'));
  const asked = await send(file, { dryRun: 'true' });
  expect(results(asked)).toEqual([[2, 'asked']]);
  const [{ id, answers }] = asked.body.rows[0].questions;
  expect(answers).toEqual(['separate', 'skip']);
  expect((await send(file, { answers: JSON.stringify([{ id, value: 'skip' }]) })).body.counts).toMatchObject({
    created: 0,
    skipped: 1,
  });
  expect(
    (await send(file, { answers: JSON.stringify([{ id, value: 'separate' }]) })).body.counts.created,
  ).toBe(1);
});

test('a later file adds visits to a known patient, and the same file again changes nothing', async () => {
  const visits = [...HEADINGS, '复查日期1', 'CEA1', '死亡日期'];
  await send(csv(HEADINGS, patient('A1', '李敏')));
  const file = csv(visits, [...patient('A1', '李敏'), '2025.6.1', '3.2', '2026-05-06']);
  expect((await send(file)).body.counts).toMatchObject({ updated: 1, created: 0 });
  expect((await send(file)).body.counts).toMatchObject({ unchanged: 1, updated: 0 });
  const late = csv(visits, [...patient('A1', '李敏'), '2026.6.1', '3.2', '']);
  expect(results(await send(late, { dryRun: 'true' }))).toEqual([[2, 'rejected']]);
});

test('files in GB18030 and UTF-16, by semicolons and tabs, with the columns of the contract and of an events file', async () => {
  const utf16 = Buffer.from(`\uFEFF${csv(HEADINGS, patient('A1', '李敏')).replaceAll(',', '\t')}`, 'utf16le');
  expect((await send(utf16)).body.counts.created).toBe(1);
  const header =
    'mrn,name,sex,birth_date,diagnosis_date,primary_site,stage,resection_date,preoperative_colonoscopy';
  const gbk = Buffer.concat([
    Buffer.from(`${header}\nB1,`),
    Buffer.from([0xc0, 0xee]),
    Buffer.from(',male,1960-05-06,2025-01-10,colon,III,2025-01-31,complete\n'),
  ]);
  expect((await send(gbk)).body.counts.created).toBe(1);
  expect((await t.get('/patients?mrn=B1')).body.items[0].name).toBe('李');
  const events = '病案号;事件;日期;备注\nA1;复发;2026年3月5日;\nA1;检查;26-3-5;\n合计;2;;';
  const answer = await send(events, { kind: 'events', dryRun: 'true' });
  expect(results(answer)).toEqual([
    [2, 'created'],
    [3, 'asked'],
    [4, 'skipped'],
  ]);
});
