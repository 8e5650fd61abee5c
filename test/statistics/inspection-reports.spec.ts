import { afterAll, beforeEach, expect, test } from '@jest/globals';
import readXlsxFile from 'read-excel-file/node';
import { AuditSealing } from '../../src/audit/audit-sealing.js';
import { NightlyFigures } from '../../src/statistics/nightly-figures.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import type { TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';
import { as } from '../support/signed-in.js';
import { answered, givenFollowedUp } from '../support/ward.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const AUTHOR = { author: 'Dr. Chen' };

interface Report {
  readonly id: string;
  readonly digest: string;
  readonly patients: string;
  readonly content: {
    readonly gauge: { readonly completion: object; readonly followUp: object };
    readonly total: { readonly items: Record<string, number>; readonly reasons: readonly object[] };
    readonly activities: readonly { readonly activity: string; readonly items: object }[];
  };
}

/** Patients whose items fall due in October 2026: four each, of which `done` are completed. */
async function givenOctober(department: string, done: number): Promise<string> {
  const { patientId, items } = await givenFollowedUp(t, '2026-01-15');
  await answered(t.request('PATCH', `/patients/${patientId}`, { payload: { department } }));
  const due = items.filter((item) => item.due >= '2026-10-01' && item.due <= '2026-10-31');
  expect(due.map(({ due: day }) => day)).toEqual(['2026-10-15', '2026-10-15', '2026-10-15']);
  for (const { id } of due.slice(0, done))
    await answered(t.post(`/items/${id}/complete`, { date: '2026-10-16', outcome: 'normal' }));
  return patientId;
}

test('the report of a month equals a count by hand, and does not change with later facts', async () => {
  // Ward 1: six items fell due on 15 October and are late from 16 October on; five were done on the 16th, one is open.
  await givenOctober('ward 1', 3);
  const patientId = await givenOctober('ward 1', 2);
  await givenOctober('ward 2', 0);
  const month = { month: '2026-10', department: 'ward 1', ...AUTHOR };
  const report = await answered<Report>(t.post('/inspection-reports', month), 201);
  expect(report.content).toMatchObject({
    ...{
      from: '2026-10-01',
      to: '2026-10-31',
      asOf: '2026-11-01',
      monthIsOver: true,
      hospital: expect.any(String),
    },
    gauge: {
      percent: 90,
      completion: { numerator: 5, denominator: 6, met: false },
      followUp: { numerator: 2, denominator: 2, met: true },
    },
    total: {
      ...{ due: 6, excused: 0 },
      items: {
        on_time: 0,
        late: 5,
        missed: 0,
        overdue: 1,
        not_yet: 0,
        declined: 0,
        contraindicated: 0,
        ended: 0,
      },
      ...{ adherence: { numerator: 0, denominator: 6 }, underTesting: { numerator: 1, denominator: 6 } },
      delayDays: { lowerQuartile: 1, median: 1, upperQuartile: 1 },
      reasons: [{ reason: 'no_step', count: 1 }],
    },
  });
  expect(report.content.activities.map(({ activity }) => activity)).toEqual([
    ...['clinical_review', 'liver_ultrasound', 'tumour_markers'],
  ]);
  const behind = `${report.patients.replace('/api/v1', '')}&measure=overdue`;
  const rows = await answered<{ items: { patient: { id: string } }[] }>(t.get(behind));
  expect(rows.items.map(({ patient }) => patient.id)).toEqual([patientId]);

  const whole = await answered<Report>(t.post('/inspection-reports', { month: '2026-10', ...AUTHOR }), 201);
  expect(whole.content.total).toMatchObject({ due: 9, items: { late: 5, overdue: 4 } });
  await answered(t.post(`/patients/${patientId}/events`, { type: 'death', date: '2026-10-20' }), 201);
  expect(await answered<Report>(t.get(`/inspection-reports/${report.id}`))).toEqual(report);
  const { items } = await answered<{ items: { id: string }[] }>(t.get('/inspection-reports'));
  expect(items.map(({ id }) => id)).toEqual([whole.id, report.id]);
});

test('a report of a large hospital has the figures of the last night, of its department, and says of which day', async () => {
  await givenOctober('ward 1', 1);
  await givenOctober('ward 2', 3);
  await t.app.get(HospitalScope).run(t.hospitalId, () => t.app.get(NightlyFigures).compute(0));
  await givenOctober('ward 1', 3);
  await t.setClock('2026-11-02T09:00:00+08:00');
  const made = async (department?: string) =>
    (await answered<Report>(t.post('/inspection-reports', { month: '2026-10', department, ...AUTHOR }), 201))
      .content;
  expect(await made('ward 1')).toMatchObject({
    asOf: '2026-11-01',
    total: { due: 3, items: { late: 1, overdue: 2 } },
  });
  expect(await made()).toMatchObject({
    asOf: '2026-11-01',
    total: { due: 6, items: { late: 4, overdue: 2 } },
  });
  // Figures of a computation that has stopped are not used.
  await t.setClock('2026-11-05T09:00:00+08:00');
  expect(await made('ward 1')).toMatchObject({ asOf: '2026-11-05', total: { due: 6, items: { late: 4 } } });
});

test('the audit chain holds a report, and a changed one or a changed entry is noticed', async () => {
  await givenOctober('ward 1', 1);
  const { id } = await answered<Report>(t.post('/inspection-reports', { month: '2026-10', ...AUTHOR }), 201);
  const verified = (): Promise<object> => answered<object>(t.get(`/inspection-reports/${id}/verification`));
  await t.app.get(AuditSealing).sealAll();
  expect(await verified()).toMatchObject({
    ...{ contentUnchanged: true, sealIntact: true, verified: true },
    ...{ auditEventId: expect.any(String), batch: expect.any(Number) },
  });

  // The program itself cannot change a report; the owner of the tables can.
  await expect(
    t.app
      .get(HospitalScope)
      .run(t.hospitalId, () =>
        t.app
          .get(HospitalScope)
          .unaudited(({ db }) => db.query(`UPDATE inspection_report SET department = 'x'`)),
      ),
  ).rejects.toThrow(/permission denied/);
  const change = (path: string, to: string): Promise<unknown> =>
    t.dataSource.query(`UPDATE inspection_report SET content = jsonb_set(content, $1::text[], $2::jsonb)`, [
      path,
      to,
    ]);
  await change('{total,items,overdue}', '0');
  expect(await verified()).toMatchObject({ contentUnchanged: false, auditEventId: null, verified: false });
  // With a fitting digest the audit entry is missing.
  await t.dataSource.query(`UPDATE inspection_report SET digest = sha256(digest)`);
  expect(await verified()).toMatchObject({ contentUnchanged: false, auditEventId: null, verified: false });
});

test('a report is printed in both languages without scripts, and written as a spreadsheet', async () => {
  await givenOctober('ward <1> & 2', 1);
  const month = { month: '2026-10', department: 'ward <1> & 2', ...AUTHOR };
  const { id, digest } = await answered<Report>(t.post('/inspection-reports', month), 201);
  const page = async (lang: string) =>
    t.request('GET', `/inspection-reports/${id}/page?lang=${lang}`, { headers: as(t.adminKey) });
  const zh = await page('zh');
  expect(zh.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(zh.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(zh.body).toContain('随访质量报告');
  expect(zh.body).toContain('ward &lt;1&gt; &amp; 2');
  expect(zh.body).toContain(digest);
  expect(zh.body).not.toMatch(/<script|ward <1>/);
  expect((await page('en')).body).toContain('Inspection report');

  const file = await t.app.inject({
    ...{ method: 'GET', url: `/api/v1/inspection-reports/${id}/spreadsheet?lang=en` },
    headers: as(t.adminKey),
  });
  expect(file.headers['content-disposition']).toBe('attachment; filename="inspection-2026-10.xlsx"');
  const sheets = await readXlsxFile(file.rawPayload);
  expect(sheets.map(({ sheet }) => sheet)).toEqual(['Summary', 'By examination', 'Reasons', 'Report']);
  expect(sheets[1]!.data.at(-1)!.slice(0, 6)).toEqual(['Total', 3, 0, 1, 0, 2]);
});

test('callers of one department make and read its reports alone; wrong input is named', async () => {
  await givenOctober('ward 1', 1);
  await givenOctober('ward 2', 1);
  const { key } = await answered<{ key: string }>(
    t.post('/api-keys', { name: 'head of ward 2', roles: ['head_nurse'], departments: ['ward 2'] }),
    201,
  );
  const post = (payload: object) =>
    t.post('/inspection-reports', { month: '2026-10', ...AUTHOR, ...payload }, as(key));
  const { id: other } = await answered<Report>(
    t.post('/inspection-reports', { month: '2026-10', department: 'ward 1', ...AUTHOR }),
    201,
  );
  const { id: own } = await answered<Report>(post({ department: 'ward 2' }), 201);
  const { items } = await answered<{ items: { id: string }[] }>(t.get('/inspection-reports', as(key)));
  expect(items.map(({ id }) => id)).toEqual([own]);
  expect((await t.get(`/inspection-reports/${other}`, as(key))).status).toBe(404);
  for (const payload of [{ department: 'ward 1' }, {}])
    expect((await post(payload)).body).toMatchObject({ status: 403, code: 'report-beyond-scope' });

  const faults = async (payload: object): Promise<unknown> => {
    const { status, body } = await t.post('/inspection-reports', { ...AUTHOR, ...payload });
    return [
      status,
      (body.errors as { pointer: string; code: string }[]).map((one) => [one.pointer, one.code]),
    ];
  };
  expect(await faults({ month: '2026-13' })).toMatchObject([422, [['/month', expect.any(String)]]]);
  expect(await faults({ month: '2026-12' })).toEqual([422, [['/month', 'date-in-future']]]);
  expect(await faults({ month: '2026-10', department: 'ward 9' })).toEqual([
    ...[422, [['/department', 'unknown-department']]],
  ]);
});
