import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import readXlsxFile from 'read-excel-file/node';
import type { TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';
import { as } from '../support/signed-in.js';
import { answered, givenFollowedUp } from '../support/ward.js';
import { allRows } from '../support/whole-ward.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const event = (id: string, type: string, date: string): Promise<unknown> =>
  answered(t.post(`/patients/${id}/events`, { type, date }), 201);
const file = (path: string) =>
  t.app.inject({ method: 'GET', url: `/api/v1${path}`, headers: as(t.adminKey) });

test('one patient: known alive by a contact, then by a recurrence, then dead', async () => {
  const { patientId } = await givenFollowedUp(t, '2026-01-15');
  const dates = (): Promise<object> => answered<object>(t.get(`/patients/${patientId}/research-dates`));
  const reached = { channel: 'telephone', outcome: 'reached', contactedOn: '2026-09-30' };
  await answered(t.post(`/patients/${patientId}/contacts`, reached), 201);
  expect(await dates()).toMatchObject({
    ...{ lastKnownAliveOn: '2026-09-30', diedOn: null, diagnosisDate: '2026-01-02' },
    overall: { from: '2026-01-02', status: 'censored', date: '2026-09-30', event: null },
    recurrenceFree: { from: '2026-01-15', status: 'censored', date: '2026-09-30', event: null },
  });
  await event(patientId, 'recurrence', '2026-10-10');
  await event(patientId, 'death', '2026-10-20');
  expect(await dates()).toMatchObject({
    ...{ lastKnownAliveOn: '2026-10-20', diedOn: '2026-10-20' },
    overall: { status: 'event', date: '2026-10-20' },
    recurrenceFree: { status: 'event', date: '2026-10-10', event: 'recurrence' },
  });
});

test('a loss does not show the patient alive; who withdrew the consent is left out', async () => {
  const { patientId: lost } = await givenFollowedUp(t, '2026-01-15');
  const { patientId: withdrawn } = await givenFollowedUp(t, '2026-01-15');
  await event(lost, 'lost_to_follow_up', '2026-10-30');
  await event(withdrawn, 'consent_withdrawn', '2026-10-30');
  const rows = await allRows<{ patient: { id: string }; lastKnownAliveOn: string }>(
    ...([t, '/research-dates', as(t.adminKey), 1] as const),
  );
  expect(rows.map(({ patient, lastKnownAliveOn }) => [patient.id, lastKnownAliveOn])).toEqual([
    [lost, '2026-01-15'],
  ]);
  expect((await t.get(`/patients/${withdrawn}/research-dates`)).status).toBe(404);
});

test('pseudonymous rows name neither patient nor day, and the files hold the same rows', async () => {
  const { patientId } = await givenFollowedUp(t, '2026-01-15');
  await event(patientId, 'recurrence', '2026-03-15');
  const { items } = await answered<{ items: Record<string, unknown>[] }>(
    t.get('/research-dates?pseudonymous=true'),
  );
  expect(items).toEqual([
    {
      ...{ pseudonym: expect.stringMatching(/^[0-9a-f]{20}$/), sex: 'female', ageAtDiagnosis: 65 },
      ...{ diagnosisYear: 2026, lastKnownAliveDay: 72 },
      overall: { status: 'censored', days: 72 },
      recurrenceFree: { status: 'event', event: 'recurrence', days: 59 },
    },
  ]);
  expect(JSON.stringify(items)).not.toMatch(/\d{4}-\d\d-\d\d|W[0-9a-f]{8}-/);
  const csv = parse((await file('/exports/research-dates.csv?pseudonymous=true')).payload, {
    ...{ bom: true, columns: true },
  });
  expect(csv).toEqual([
    {
      ...{ pseudonym: items[0]!['pseudonym'], sex: 'female', age_at_diagnosis: '65', diagnosis_year: '2026' },
      ...{ last_known_alive_day: '72', os_days: '72', os_event: '0' },
      ...{ rfs_days: '59', rfs_event: '1', rfs_event_type: 'recurrence' },
    },
  ]);
  const [sheet] = await readXlsxFile((await file('/exports/research-dates.xlsx')).rawPayload);
  expect(sheet!.data[1]!.slice(2)).toEqual([
    ...['female', '1960-05-05', '2026-01-02', '2026-03-15', null],
    ...['2026-03-15', 0, '2026-01-15', '2026-03-15', 1, 'recurrence'],
  ]);
});

test('the adherence files hold the figures; a department that looks like a formula stays text', async () => {
  const { patientId } = await givenFollowedUp(t, '2026-01-15');
  await answered(t.request('PATCH', `/patients/${patientId}`, { payload: { department: '=1+1' } }));
  const query = 'from=2026-10-01&to=2026-10-31&by=department';
  const csv = await file(`/exports/adherence.csv?${query}`);
  expect(csv.headers['content-disposition']).toBe('attachment; filename="adherence.csv"');
  expect(csv.payload.startsWith('\uFEFF')).toBe(true);
  const rows: string[][] = parse(csv.payload, { bom: true });
  expect(rows.map((row) => row.slice(0, 2))).toEqual([
    ...[
      ['分组', '应查'],
      ["'=1+1", '3'],
      ['合计', '3'],
    ],
  ]);
  const [sheet] = await readXlsxFile((await file(`/exports/adherence.xlsx?${query}`)).rawPayload);
  expect(sheet!.data.map((row) => row.slice(0, 2))).toEqual([
    ['分组', '应查'],
    ['=1+1', 3],
    ['合计', 3],
  ]);
});
