import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { calendarDate } from '../../src/guideline/calendar.js';
import { ImportReader } from '../../src/exchange/imports/import-readers.js';
import { ImportSlots } from '../../src/exchange/imports/import-slots.js';
import type { Answer, TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';
import { as, givenPerson, signIn } from '../support/signed-in.js';
import { until } from '../support/webhook-receiver.js';

/**
 * How long another hospital waits at most, and by how much the process grows: limits that detect a collapse, not
 * slowness.
 */
const P99_MS = 2000;
const GROWTH_BYTES = 600_000_000;

const ROSTER =
  'mrn,name,sex,birth_date,diagnosis_date,primary_site,stage,resection_date,preoperative_colonoscopy,department\n';
const rosterRow = (mrn: string, department = ''): string =>
  `${mrn},李敏,female,1960-05-05,2025-01-10,colon,III,2025-01-31,complete,${department}\n`;
const EVENTS = 'mrn,type,date,site\n';
const MEGABYTES_20 = 19_900_000;
const filled = (line: string, bytes = MEGABYTES_20): string => line.repeat(Math.floor(bytes / line.length));

let t: TestApp | undefined;
let url: string;
beforeAll(async () => {
  t = await nextApp(undefined, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
  await t.app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(t.app.getHttpServer().address() as AddressInfo).port}/api/v1`;
});
beforeEach(async () => {
  t = await nextApp(t);
});
afterAll(() => t!.close());

interface Uploaded {
  readonly status: number;
  readonly retryAfter: string | null;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into it and compare
  readonly body: any;
}

async function upload(
  file: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Uploaded> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set('file', new Blob([file]), 'file.csv');
  const { adminKey } = t!;
  const answer = await fetch(`${url}/imports`, {
    ...{ method: 'POST', body: form },
    headers: { authorization: `Bearer ${adminKey}`, 'accept-language': 'en', ...headers },
  });
  return {
    ...{ status: answer.status, retryAfter: answer.headers.get('retry-after') },
    body: JSON.parse(await answer.text()),
  };
}

/** A person of another hospital, who works meanwhile. */
async function givenOtherHospital(): Promise<Record<string, string>> {
  const administrator = { login: 'other', name: 'Other' };
  const { body } = await t!.post('/hospitals', { name: 'Other', code: 'other', administrator });
  const by = { hospital: 'other', login: 'other', newPassword: 'a sentence of her own' };
  const { setupCode } = body.administrator;
  return as((await signIn(t!, { ...by, setupCode })).body.token as string);
}

/** The result of `work`, with the effects on another hospital and the machine. */
async function watched<T>(work: () => Promise<T>): Promise<{ done: T; p99: number; grown: number }> {
  const other = await givenOtherHospital();
  const before = process.memoryUsage().rss;
  let [isDone, most] = [false, before];
  const waits: number[] = [];
  const done = work().finally(() => (isDone = true));
  do {
    const began = performance.now();
    expect((await t!.get('/me', other)).status).toBe(200);
    waits.push(performance.now() - began);
    most = Math.max(most, process.memoryUsage().rss);
  } while (!isDone);
  waits.sort((a, b) => a - b);
  return { done: await done, p99: waits[Math.floor(waits.length * 0.99)]!, grown: most - before };
}

async function givenPatient(mrn: string): Promise<string> {
  const { body } = await t!.post('/patients', {
    ...{ mrn, name: '李敏', sex: 'female', birthDate: '1960-05-05', diagnosisDate: '2025-01-10' },
  });
  return body.id as string;
}

const sameDay = (rows: number): string =>
  EVENTS + Array.from({ length: rows }, (_, index) => `E1,recurrence,2026-01-01,site ${index}\n`).join('');

describe('a file of another hospital delays no caller and fills no memory:', () => {
  const hostile: [string, () => string, 'roster' | 'events', number, string][] = [
    ['4,000 events of one patient on one day', () => sameDay(4000), 'events', 422, 'rows-rejected'],
    ['20 MB of empty rows', () => ROSTER + filled('x,,,,,,,,,\n'), 'roster', 413, 'too-many-rows'],
    [
      '8 errors in each of 5,000 rows',
      () => ROSTER + 'x,,,,,,,,,\n'.repeat(5000),
      'roster',
      422,
      'rows-rejected',
    ],
    [
      'cells of 60,000 characters',
      () => ROSTER + filled(`${'x'.repeat(60_000)},,,,,,,,,\n`),
      ...(['roster', 422, 'rows-rejected'] as const),
    ],
    ['a header of millions of columns', () => filled(','), 'roster', 413, 'spreadsheet-too-large'],
    ['a header of a thousand columns', () => ','.repeat(1000), 'roster', 422, 'no-headings'],
    ['a quote that is never closed', () => `${ROSTER}"${filled('a,b\n')}`, 'roster', 422, 'not-csv'],
    ['quoted line ends in millions of cells', () => ROSTER + filled('"\n",'), 'roster', 422, 'not-csv'],
    ['an end of line five million times', () => filled('\n', 5_000_000), 'roster', 422, 'wrong-columns'],
  ];

  test.each(hostile)('%s', async (_, file, kind, status, code) => {
    await givenPatient('E1');
    const text = file();
    const { done, p99, grown } = await watched(() => upload(text, { kind }));
    expect([done.status, done.body.code]).toEqual([status, code]);
    expect(done.body.errors?.length ?? 0).toBeLessThanOrEqual(1000);
    expect(p99).toBeLessThan(P99_MS);
    expect(grown).toBeLessThan(GROWTH_BYTES);
  });

  test('nor does the planning of a whole ward', async () => {
    const roster = ROSTER + Array.from({ length: 100 }, (_, index) => rosterRow(`W${index}`)).join('');
    const { done, p99 } = await watched(() => upload(roster, { kind: 'roster' }));
    expect(done.body.counts).toMatchObject({ created: 100, rejected: 0 });
    expect(p99).toBeLessThan(P99_MS);
  });
});

test.each([
  ['memory', { memoryMb: 24, withinMs: 60_000 }],
  ['time', { memoryMb: 128, withinMs: 1 }],
])('a file that takes more %s than it may is refused, and the process continues', async (_, limits) => {
  const reader = new ImportReader(limits);
  const rows = Array.from({ length: 300 }, () =>
    Buffer.from(filled(`${`${'x'.repeat(95)},`.repeat(9)}x\n`, 60_000)),
  );
  await reader.read(Readable.from([Buffer.from(ROSTER), ...rows]));
  const how = { today: calendarDate('2026-11-01'), mapping: [], remembered: [], answers: [] };
  await expect(reader.content('roster', {}, how)).rejects.toMatchObject({ code: 'file-too-complex' });
  expect(reader.reset()).toBe(false);
});

test('of many errors the first thousand are shown, and all are counted', async () => {
  const rows = 'x,,,,,,,,,\n'.repeat(400);
  const { body } = await upload(ROSTER + rows, { kind: 'roster' });
  expect(body.errors).toHaveLength(1000);
  expect(body.report.counts.rejected).toBe(400);
  expect(body.report.rows).toHaveLength(400);
  expect(body.report.errorsNotShown).toBe(400 * 8 - 1000);
  expect(body.title).toContain(`${400 * 8} errors`);
  const shown = body.report.rows.flatMap(({ errors }: { errors: unknown[] }) => errors);
  expect(shown).toEqual(body.errors);
  const dry = await upload(ROSTER + rows, { kind: 'roster', dryRun: 'true' });
  expect(dry.body.rows).toEqual(body.report.rows);
});

test('a patient has a hundred events at most that are no examination, by whatever way they come', async () => {
  const id = await givenPatient('E1');
  const { body } = await upload(sameDay(150), { kind: 'events', acceptGood: 'true' });
  expect(body.counts).toMatchObject({ created: 100, rejected: 50 });
  expect(body.rows.at(-1).errors).toMatchObject([{ pointer: '/rows/151/mrn', code: 'too-many-events' }]);

  const event = { type: 'recurrence', date: '2026-01-02', site: 'one more' };
  const refused = [409, 'too-many-events'];
  const statusAndCode = ({ status, body }: Answer): unknown[] => [status, body.code];
  expect(statusAndCode(await t!.post(`/patients/${id}/events`, event))).toEqual(refused);
  expect(statusAndCode(await t!.post(`/patients/${id}/preview`, { events: [event] }))).toEqual(refused);
  const known = { ...event, date: '2026-01-01', site: 'site 7' };
  const again = await t!.post(`/patients/${id}/events`, known);
  expect(again.status).toBeLessThan(300);
  await t!.post(`/patients/${id}/events/${again.body.event.id}/void`, { reason: 'recorded twice' });
  expect((await t!.post(`/patients/${id}/events`, event)).status).toBeLessThan(300);
});

describe('a second import into a hospital', () => {
  /** Starts sending a form, and stops in the middle of the file. */
  const beginSlowly = async (): Promise<() => void> => {
    const slow = httpRequest(`${url}/imports`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${t!.adminKey}`,
        'content-type': 'multipart/form-data; boundary=b',
      },
    });
    slow.on('error', () => undefined);
    slow.write(`--b\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${ROSTER}`);
    const { hospitals } = t!.app.get<{ hospitals: ReadonlySet<string> }>(ImportSlots);
    await until(
      () => hospitals.size,
      (size) => size === 1,
    );
    return () => void slow.destroy();
  };

  test('is refused at once, before it is read and without a connection, and taken when the first has ended', async () => {
    const stop = await beginSlowly();
    const { done, p99 } = await watched(() =>
      Promise.all(Array.from({ length: 20 }, () => upload(ROSTER + rosterRow('A1'), { kind: 'roster' }))),
    );
    for (const { status, retryAfter, body } of done)
      expect([status, body.code, retryAfter]).toEqual([409, 'import-in-progress', '5']);
    expect(p99).toBeLessThan(P99_MS);
    stop();
    for (;;) {
      const { status } = await upload(ROSTER + rosterRow('A1'), { kind: 'roster' });
      if (status === 200) return;
      expect(status).toBe(409);
    }
  });

  test('is refused as well while another process imports', async () => {
    const other = t!.dataSource.createQueryRunner();
    const lock = [t!.hospitalId];
    await other.query(`SELECT pg_advisory_lock(hashtextextended('import ' || $1, 0))`, lock);
    const refused = await upload(ROSTER + rosterRow('A1'), { kind: 'roster' });
    expect([refused.status, refused.body.code, refused.retryAfter]).toEqual([409, 'import-in-progress', '5']);
    await other.query(`SELECT pg_advisory_unlock(hashtextextended('import ' || $1, 0))`, lock);
    await other.release();
    expect((await upload(ROSTER + rosterRow('A1'), { kind: 'roster' })).status).toBe(200);
  });
});

describe('a head nurse of one department', () => {
  const both = async (rows: string, headers: Record<string, string>): Promise<unknown[]> => {
    const outcomes = [];
    for (const dryRun of ['true', 'false']) {
      const { status, body } = await upload(ROSTER + rows, { kind: 'roster', dryRun }, headers);
      const { rows: judged } = (body.report ?? body) as {
        rows: { result: string; errors: { pointer: string; code: string }[] }[];
      };
      outcomes.push([
        status,
        judged.map(({ result, errors }) => [
          result,
          ...errors.map(({ pointer, code }) => `${pointer} ${code}`),
        ]),
      ]);
    }
    return outcomes;
  };

  test('imports patients of that department alone; the dry run says the same as the import', async () => {
    const nurse = await givenPerson(t!, { roles: ['head_nurse'], departments: ['liver surgery'] });
    const headers = as(nurse.session);
    const own = [['created']];
    expect(await both(rosterRow('D1', 'liver surgery'), headers)).toEqual([
      [200, own],
      [200, own],
    ]);
    const foreign = rosterRow('D2', 'oncology') + rosterRow('D3') + rosterRow('D1', 'oncology');
    const judged = [
      ['rejected', '/rows/2/department out-of-reach'],
      ['created'],
      ['rejected', '/rows/4/department out-of-reach'],
    ];
    expect(await both(foreign, headers)).toEqual([
      [200, judged],
      [422, judged],
    ]);
    const accepted = await upload(ROSTER + foreign, { kind: 'roster', acceptGood: 'true' }, headers);
    expect([accepted.status, accepted.body.counts.created]).toEqual([200, 1]);
  });
});
