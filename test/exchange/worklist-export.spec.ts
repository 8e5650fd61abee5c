import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { readSheet } from 'read-excel-file/node';
import { hashOfToken } from '../../src/tenancy/tokens.js';
import { ApiKey } from '../../src/accounts/api-key.entity.js';
import type { Role } from '../../src/tenancy/caller.js';
import { startApp, type TestApp } from '../support/app.js';
import { copyPatient } from '../support/copied-patients.js';
import { givenPatient, made, person, type Ward } from '../support/prepared-calls.js';
import { givenPerson } from '../support/signed-in.js';
import { uploaded } from '../support/spreadsheet-calls.js';
import { answered } from '../support/ward.js';
import { allRows } from '../support/whole-ward.js';

const TODAY = '2026-11-01';

let t: TestApp;
let own: Ward;
beforeAll(async () => {
  t = await startApp({ clock: `${TODAY}T09:00:00+08:00`, role: 'api' });
  own = { hospitalId: t.hospitalId, key: t.adminKey };
});
afterAll(() => t.close());

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** The bytes and headers of a file. `t.request` would read the bytes as text. */
async function file(path: string, headers: Readonly<Record<string, string>> = bearer(own.key)) {
  const answer = await t.app.inject({
    ...{ method: 'GET', url: `/api/v1/exports/${path}` },
    headers: { 'accept-language': 'zh-CN', ...headers },
  });
  expect([path, answer.statusCode, answer.statusCode < 300 ? '' : answer.payload]).toEqual([path, 200, '']);
  return { bytes: answer.rawPayload, headers: answer.headers };
}

type Cells = Readonly<Record<string, unknown>>;

/** The rows of a spreadsheet, by heading. */
async function rowsOf(path: string, headers?: Readonly<Record<string, string>>): Promise<Cells[]> {
  const { bytes } = await file(path, headers);
  const [headings = [], ...rows] = await readSheet(bytes);
  return rows.map((row) => Object.fromEntries(row.map((cell, n) => [String(headings[n]), cell])));
}

const csvOf = ({ bytes }: { bytes: Buffer }): string[][] =>
  parse(bytes, { bom: true, relax_column_count: false });

const day = (cell: unknown): string | null =>
  cell instanceof Date ? cell.toISOString().slice(0, 10) : (cell as null);

interface ListedRow {
  readonly patient: { readonly mrn: string; readonly name: string };
  readonly items: readonly { readonly due: string; readonly overdue: string }[];
}

describe('a list as a spreadsheet', () => {
  test('has the patients of the list in its order, with names and phones, and real dates', async () => {
    for (const phone of ['13912345678', undefined, '010-12345678'])
      await givenPatient(t, own, { phone, department: '肝胆外科' });
    const listed = await allRows<ListedRow>(t, '/worklist?list=overdue', bearer(own.key));
    const rows = await rowsOf('worklist.xlsx?list=overdue');
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(rows.map((row) => [row['病案号'], row['姓名'], day(row['应检日期']), row['状态']])).toEqual(
      listed.map(({ patient, items }) => [patient.mrn, patient.name, items[0]?.due, '逾期']),
    );
    const { patient, items } = listed[0]!;
    const lastDay = new Date(Math.min(...items.map(({ overdue }) => Date.parse(overdue))) - 86_400_000);
    expect(rows[0]).toMatchObject({
      ...{ 病案号: patient.mrn, 性别: '女', 联系电话: '13912345678', 科室: '肝胆外科' },
      ...{ 出生日期: new Date('1960-05-05'), 确诊日期: new Date('2026-01-02'), 最晚日期: lastDay },
      待办项目: expect.stringContaining(`应检 ${items[0]!.due}`),
    });
  });

  test('is named after its list and day, and says nothing about a person', async () => {
    const { headers } = await file('worklist.xlsx?list=to_book');
    expect(headers).toMatchObject({
      'content-disposition': `attachment; filename="worklist-to_book-${TODAY}.xlsx"`,
      'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'content-language': 'zh-CN',
      'cache-control': 'no-store',
    });
  });

  test('has an item in each row with view=items and by status, filtered as the worklist is', async () => {
    for (const query of [
      'list=to_book&view=items&activity=tumour_markers',
      'status=upcoming&to=2027-06-30',
    ]) {
      const listed = await allRows<{ patient: ListedRow['patient']; earliest: string; due: string }>(
        t,
        `/worklist?${query}`,
        bearer(own.key),
      );
      const rows = await rowsOf(`worklist.xlsx?${query}`);
      expect(rows.map((row) => [row['病案号'], day(row['可做起始日']), day(row['应检日期'])])).toEqual(
        listed.map(({ patient, earliest, due }) => [patient.mrn, earliest, due]),
      );
    }
    const items = await rowsOf('worklist.xlsx?list=to_book&view=items&activity=tumour_markers&lang=en');
    expect(items.length).toBeGreaterThan(0);
    expect(items[0]).toMatchObject({ 'To do': 'tumour markers', Progress: 'to be booked', Sex: 'female' });
  });

  test('names the appointment of a booked item', async () => {
    const id = await givenPatient(t, own);
    const { body } = await t.get(`/patients/${id}/schedule`);
    const due = (body.items as { id: string; status: string }[]).find(({ status }) => status === 'overdue')!;
    await made(t, own, '/appointments', { patientId: id, itemIds: [due.id], date: '2026-11-12' });
    const { mrn } = (await t.get(`/patients/${id}`)).body as { mrn: string };
    const row = (await rowsOf('worklist.xlsx?list=booked')).find((one) => one['病案号'] === mrn);
    expect(day(row?.['预约日期'])).toBe('2026-11-12');
    expect(row?.['待办项目']).toContain('已约 2026-11-12');
  });

  test('of a saved list has its rows; another parameter beside it, and a list of another person, are refused', async () => {
    const query = { list: 'overdue', activity: 'tumour_markers' };
    const saved = await made(t, own, '/lists', { name: 'late', shared: false, query });
    const [asSaved, asked] = [
      await rowsOf(`worklist.xlsx?saved=${saved.id}`),
      await rowsOf('worklist.xlsx?list=overdue&activity=tumour_markers'),
    ];
    expect(asSaved).toEqual(asked);
    expect(asSaved.length).toBeGreaterThan(0);
    const both = await t.get(`/exports/worklist.csv?saved=${saved.id}&department=x`);
    expect([both.status, both.body.errors]).toEqual([
      422,
      [expect.objectContaining({ pointer: '/department', code: 'not-together' })],
    ]);
    const { session } = await givenPerson(t);
    const foreign = await t.get(`/exports/worklist.csv?saved=${saved.id}`, bearer(session));
    expect([foreign.status, foreign.body.code]).toEqual([404, 'saved-list-not-found']);
  });

  test('refuses parameters as the worklist does', async () => {
    for (const query of [
      'list=late',
      'list=due&status=due',
      'list=due&limit=5',
      'owner=a&assignee=b',
      'saved=x',
    ])
      expect([query, (await t.get(`/exports/worklist.xlsx?${query}`)).status]).toEqual([query, 422]);
  });

  test('shows a caller of one department its patients alone', async () => {
    const key = `nw_${randomUUID()}`;
    const roles: Role[] = ['nurse'];
    await t.dataSource.getRepository(ApiKey).insert({
      ...{ id: randomUUID(), hospitalId: t.hospitalId, name: 'ward', keyHash: hashOfToken(key), roles },
      ...{ departments: ['肝胆外科'], createdAt: await t.now() },
    });
    await givenPatient(t, own, { department: '胃肠外科' });
    const departments = new Set(
      (await rowsOf('worklist.xlsx?list=overdue', bearer(key))).map((row) => row['科室']),
    );
    expect([...departments].sort()).toEqual([null, '肝胆外科'].sort());
  });
});

describe('texts that begin like formulas', () => {
  const TRAPS = {
    name: '=HYPERLINK("http://x.example","李")',
    department: '@SUM(1+1)',
    phone: '13912345678',
  };

  test('stay texts', async () => {
    const { mrn } = person();
    await givenPatient(t, own, { ...TRAPS, mrn: `-1+${mrn}` });
    const row = (await rowsOf('worklist.xlsx?list=overdue&department=@SUM(1%2B1)'))[0];
    expect([row?.['病案号'], row?.['姓名'], row?.['科室']]).toEqual([
      `-1+${mrn}`,
      TRAPS.name,
      TRAPS.department,
    ]);
    const csv = await file('worklist.csv?list=overdue&department=@SUM(1%2B1)');
    expect([...csv.bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const [headings = [], cells = []] = csvOf(csv);
    const cell = (heading: string): string | undefined => cells[headings.indexOf(heading)];
    expect([cell('病案号'), cell('姓名'), cell('科室'), cell('联系电话')]).toEqual([
      `'-1+${mrn}`,
      `'${TRAPS.name}`,
      `'${TRAPS.department}`,
      TRAPS.phone,
    ]);
    expect(cell('出生日期')).toBe('1960-05-05');
  });
});

describe('a list that is imported again', () => {
  const department = 'again';
  const PATIENTS = 4;

  beforeAll(async () => {
    const facts = [
      { name: '=甲 李', phone: '+86 139 1234 5678', ward: '七病区', group: '王组', distanceKm: 35 },
      { name: '钱英', sex: 'unknown', responsibleNurse: 'Chen Hired Later' },
      { name: '孙兰', mrn: '-007', identityNumber: 'P1234567' },
    ];
    for (const one of facts) await givenPatient(t, own, { department, ...one });
    const id = await givenPatient(t, own, { department, name: '周梅' });
    const lynch = { type: 'lynch_syndrome_confirmed', date: '2026-01-02' };
    await made(t, own, `/patients/${id}/events`, lynch);
  });

  const query = `list=overdue&department=${department}`;
  test.each([
    ['XLSX in Chinese', `worklist.xlsx?${query}&lang=zh`, 'unchanged'],
    ['XLSX in English', `worklist.xlsx?${query}&lang=en`, 'unchanged'],
    ['CSV in Chinese', `worklist.csv?${query}&lang=zh`, 'unchanged'],
    ['CSV in English', `worklist.csv?${query}&lang=en`, 'unchanged'],
    ['items, each in a row', `worklist.xlsx?${query}&view=items`, 'again'],
  ])('as %s changes nothing', async (_, path, furtherRows) => {
    const { headers, payload } = await uploaded((await file(path)).bytes, { kind: 'roster' });
    const { status, body } = await t.request('POST', '/imports', { headers, payload });
    expect([status, body.errors ?? []]).toEqual([200, []]);
    const { unchanged, again, ...others } = body.counts as Record<string, number>;
    expect(unchanged).toBe(PATIENTS);
    expect(again! > 0).toBe(furtherRows === 'again');
    expect(new Set(Object.values(others))).toEqual(new Set([0]));
    const warnings = (body.rows as { warnings?: unknown[] }[]).flatMap((row) => row.warnings ?? []);
    expect(warnings).toEqual([]);
  });

  test('changes what a person changed in the file, and nothing else', async () => {
    const text = (await file(`worklist.csv?${query}`)).bytes.toString().replace('七病区', '八病区');
    const { headers, payload } = await uploaded(text, { kind: 'roster' });
    const { body } = await t.request('POST', '/imports', { headers, payload });
    expect(body.counts).toMatchObject({ created: 0, updated: 1, unchanged: PATIENTS - 1 });
    const [{ 病区: ward, 诊疗组: group, '距离（公里）': km }] = (await rowsOf(
      `worklist.xlsx?${query}&ward=八病区`,
    )) as [Cells];
    expect([ward, group, km]).toEqual(['八病区', '王组', 35]);
  });
});

describe('a long list', () => {
  const MOST = 5000;
  const LATE = `overdue <= '${TODAY}' AND (missed_on > '${TODAY}' OR missed_on IS NULL)`;

  test('is written with every row once, delays no other request, and with one row more is refused, not cut off', async () => {
    const list = 'worklist.xlsx?list=overdue&department=long';
    const id = await givenPatient(t, own, { department: 'long' });
    await copyPatient(t, id, 'L', { from: 2, to: MOST, item: LATE });
    const started = performance.now();
    const isDone = { value: false };
    const exported = file(list).finally(() => (isDone.value = true));
    let longest = 0;
    do {
      const before = performance.now();
      await answered(t.get('/me'));
      longest = Math.max(longest, performance.now() - before);
    } while (!isDone.value);
    const { bytes } = await exported;
    // Compressing the file in the same thread would take a good part of this time at once.
    expect(longest).toBeLessThan((performance.now() - started) / 3);
    expect(bytes.length).toBeLessThan(1_000_000);
    const [, ...rows] = await readSheet(bytes);
    expect([rows.length, new Set(rows.map(([mrn]) => mrn)).size]).toEqual([MOST, MOST]);

    await copyPatient(t, id, 'L', { from: MOST + 1, to: MOST + 1, item: LATE });
    const refused = await t.get(`/exports/${list}`);
    expect([refused.status, refused.body.code]).toEqual([413, 'export-too-large']);
    expect(refused.body.title).toContain('5000');
  });
});
