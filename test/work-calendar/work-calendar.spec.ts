import { createRequire } from 'node:module';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import type { Answer, TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';
import { IMPORTED_YEAR } from '../support/planning-calls.js';
import { answered } from '../support/ward.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-02T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

interface Day {
  readonly date: string;
  readonly kind: string;
  readonly isWorkingDay: boolean;
  readonly name: string;
  readonly source: string;
}
interface Year {
  readonly year: number;
  readonly provisional: boolean;
  readonly weekdays: readonly number[];
  readonly days: readonly Day[];
  readonly papers: readonly string[];
}
const CALENDAR = '/work-calendar';
const yearOf = (year: number | ''): Promise<Year> =>
  answered<Year>(t.get(`${CALENDAR}${year === '' ? '' : `?year=${year}`}`, { 'accept-language': 'en' }));
const put = (date: string, payload: unknown): Promise<Answer> =>
  t.request('PUT', `${CALENDAR}/days/${date}`, { payload });
const dayOf = ({ days }: Year, date: string): Day | undefined => days.find((day) => day.date === date);

test('the national days are those of chinese-days, each of 2004 to 2026', async () => {
  const { holidays, workdays } = createRequire(import.meta.url)('chinese-days/dist/chinese-days.json') as {
    holidays: Record<string, string>;
    workdays: Record<string, string>;
  };
  const rows = await t.dataSource.query<{ day: string; kind: string }[]>(
    'SELECT day, kind FROM national_day ORDER BY day',
  );
  const listed = [
    ...Object.keys(holidays).map((day) => ({ day, kind: 'holiday' })),
    ...Object.keys(workdays).map((day) => ({ day, kind: 'makeup_workday' })),
  ].sort((a, b) => (a.day < b.day ? -1 : 1));
  expect(listed.length).toBeGreaterThan(700);
  expect(rows).toEqual(listed);
});

test('the current year has its holidays and make-up workdays by name, in both languages', async () => {
  const year = await yearOf('');
  expect(year).toMatchObject({ year: 2026, provisional: false, weekdays: [1, 2, 3, 4, 5] });
  expect(dayOf(year, '2026-10-01')).toEqual({
    ...{ date: '2026-10-01', kind: 'holiday', isWorkingDay: false, name: 'National Day', source: 'national' },
  });
  expect(dayOf(year, '2026-10-10')).toMatchObject({ kind: 'makeup_workday', isWorkingDay: true });
  const { days } = await answered<Year>(t.get(`${CALENDAR}?year=2026`, { 'accept-language': 'zh' }));
  expect(days.find(({ date }) => date === '2026-10-01')).toMatchObject({ name: '国庆节' });
});

test('a year without data is provisional, until it is imported; a second import replaces the first', async () => {
  expect(await yearOf(2027)).toMatchObject({ provisional: true, days: [] });
  const imported = await answered<Year>(t.post(`${CALENDAR}/imports`, IMPORTED_YEAR), 201);
  expect(imported).toMatchObject({ year: 2027, provisional: false, papers: IMPORTED_YEAR.papers });
  expect(imported.days.map(({ date, isWorkingDay }) => [date, isWorkingDay])).toEqual([
    ['2027-01-01', false],
    ['2027-02-05', false],
    ['2027-02-20', true],
  ]);
  await answered(
    t.post(`${CALENDAR}/imports`, {
      year: 2027,
      days: [{ name: '元旦', date: '2027-01-04', isOffDay: true }],
    }),
    201,
  );
  expect((await yearOf(2027)).days.map(({ date }) => date)).toEqual(['2027-01-04']);
});

test('an imported year replaces the national one, and a day of December before it is taken over', async () => {
  await answered(
    t.post(`${CALENDAR}/imports`, {
      $schema: 'https://www.example.org/schema.json',
      $id: 'https://www.example.org/2026.json',
      ...{ year: 2026, papers: [] },
      days: [
        { name: '元旦', date: '2025-12-31', isOffDay: true },
        { name: '元旦', date: '2026-01-01', isOffDay: true },
      ],
    }),
    201,
  );
  expect((await yearOf(2026)).days.map(({ date }) => date)).toEqual(['2026-01-01']);
  const before = await yearOf(2025);
  expect(dayOf(before, '2025-12-31')).toMatchObject({ kind: 'holiday', source: 'import' });
  expect(dayOf(before, '2025-10-01')).toMatchObject({ source: 'national' });
});

test('a day of the hospital takes precedence over the national calendar until it is removed', async () => {
  await answered(put('2026-10-02', { kind: 'extra_workday', name: '加班门诊' }));
  await answered(put('2026-11-18', { kind: 'closure', name: '搬迁' }));
  const year = await yearOf(2026);
  expect(dayOf(year, '2026-10-02')).toMatchObject({
    isWorkingDay: true,
    name: '加班门诊',
    source: 'hospital',
  });
  expect(dayOf(year, '2026-11-18')).toMatchObject({ isWorkingDay: false });
  const removed = await answered<Year>(t.request('DELETE', `${CALENDAR}/days/2026-10-02`));
  expect(dayOf(removed, '2026-10-02')).toMatchObject({ isWorkingDay: false, source: 'national' });
  expect(await t.request('DELETE', `${CALENDAR}/days/2026-10-02`)).toMatchObject({
    ...{ status: 404, body: { code: 'calendar-day-not-found' } },
  });
});

test('of two people who change the same year at the same time, one learns what the other changed', async () => {
  const { headers } = await t.get(`${CALENDAR}?year=2026`);
  const enter = (name: string, etag: unknown): Promise<Answer> =>
    t.request('PUT', `${CALENDAR}/days/2026-11-18`, {
      ...{
        payload: { kind: 'closure', name },
        headers: { 'if-match': String(etag), 'accept-language': 'en' },
      },
    });
  expect((await enter('搬迁', headers['etag'])).status).toBe(200);
  const second = await enter('停电', headers['etag']);
  expect([second.status, second.body.code]).toEqual([412, 'changed-meanwhile']);
  const { changedBy, etag, current } = second.body as { changedBy: string; etag: string; current: Year };
  expect([typeof changedBy, dayOf(current, '2026-11-18')?.name]).toEqual(['string', '搬迁']);
  expect((await enter('停电', etag)).status).toBe(200);
  const removed = { headers: { 'if-match': etag } };
  expect((await t.request('DELETE', `${CALENDAR}/days/2026-11-18`, removed)).status).toBe(412);
});

const day = (date: string, isOffDay = true): object => ({ name: '元旦', date, isOffDay });
test.each([
  ['no day yet', { year: 2027, days: [] }, '/days', 'calendar-year-empty'],
  [
    'workdays alone',
    { year: 2027, days: [day('2027-02-20', false)] },
    '/days',
    'calendar-year-without-holidays',
  ],
  [
    'a day of another year',
    { year: 2027, days: [day('2027-01-01'), day('2028-01-01')] },
    '/days/1/date',
    'calendar-day-of-other-year',
  ],
  [
    'a day twice',
    { year: 2027, days: [day('2027-01-01'), day('2027-01-01', false)] },
    '/days/1/date',
    'calendar-day-twice',
  ],
  [
    'a make-up workday on a Monday',
    { year: 2027, days: [day('2027-01-01'), day('2027-01-04', false)] },
    '/days/1/date',
    'calendar-makeup-on-weekday',
  ],
  ['a day that does not exist', { year: 2027, days: [day('2027-02-30')] }, '/days/0/date', 'custom'],
  ['a year far ahead', { year: 2200, days: [day('2200-01-01')] }, '/year', 'too_big'],
  ['an unknown member', { year: 2027, region: 'CN', days: [day('2027-01-01')] }, '/region', 'unknown-field'],
])('a file with %s is refused, and nothing is imported', async (_, payload, pointer, code) => {
  const { status, body } = await t.post(`${CALENDAR}/imports`, payload);
  expect(status).toBe(422);
  expect((body as { errors: object[] }).errors[0]).toMatchObject({ pointer });
  if (code.startsWith('calendar-')) expect(body).toMatchObject({ errors: [{ code }] });
  expect(await yearOf(2027)).toMatchObject({ provisional: true, days: [] });
});

test('a year has 200 own days at most; one that is there can still be changed', async () => {
  await t.dataSource.query(
    `INSERT INTO work_calendar_day (hospital_id, day, kind, name, changed_by, changed_at)
     SELECT $1, '2026-01-01'::date + n, 'closure', 'x', 'x', now() FROM generate_series(0, 199) n`,
    [t.hospitalId],
  );
  expect(await put('2026-12-24', { kind: 'closure', name: 'x' })).toMatchObject({
    ...{ status: 409, body: { code: 'too-many-calendar-days' } },
  });
  await answered(put('2026-01-01', { kind: 'extra_workday', name: 'y' }));
  await answered(put('2027-01-05', { kind: 'closure', name: 'x' }));
});

test.each([
  ['2026-02-30', { kind: 'closure', name: 'x' }],
  ['1999-01-01', { kind: 'closure', name: 'x' }],
  ['2026-02-20', { kind: 'holiday', name: 'x' }],
  ['2026-02-20', { kind: 'closure', name: '' }],
])('%s as %j is refused', async (date, payload) => {
  expect((await put(date, payload)).status).toBeGreaterThanOrEqual(400);
  expect((await put(date, payload)).status).toBeLessThan(500);
});
