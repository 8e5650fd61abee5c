import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BulkExportWorker } from '../../src/exchange/bulk-export/bulk-export-worker.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { copyPatient } from '../support/copied-patients.js';
import { givenPatient, type Ward } from '../support/prepared-calls.js';
import { startProgramProcess } from '../support/program.js';
import { ORIGIN, SignedClient } from '../support/signed-client.js';
import { until } from '../support/webhook-receiver.js';

const PATIENTS = 200;

let t: TestApp;
let ward: Ward;
let original: string;
let client: SignedClient;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api', publicUrl: ORIGIN });
  ward = { hospitalId: t.hospitalId, key: t.adminKey };
  original = await givenPatient(t, ward, { mrn: 'original' });
  await copyPatient(t, original, 'copy-', { from: 2, to: PATIENTS, item: 'true' });
  client = await SignedClient.made(t);
  await client.register();
});
afterAll(() => t.close());

const work = (): Promise<void> => t.app.get(BulkExportWorker).rounds.round();
const pathOf = ({ headers }: Answer): string => new URL(String(headers['content-location'])).pathname;
const linesOf = ({ body }: Answer): { id: string; resourceType: string }[] =>
  (typeof body === 'string' ? body.trim().split('\n') : [JSON.stringify(body)]).map(
    (line) => JSON.parse(line) as { id: string; resourceType: string },
  );
const remove = (path: string, headers: Record<string, string>) => t.request('DELETE', path, { headers });

interface OutputFile {
  readonly type: string;
  readonly url: string;
  readonly count: number;
}
async function filesOf(path: string, headers: Record<string, string>) {
  const { status, body } = await t.get(path, headers);
  expect(status).toBe(200);
  const files: Record<string, ReturnType<typeof linesOf>> = {};
  for (const { type, url, count } of body.output as OutputFile[]) {
    files[type] = linesOf(await t.get(new URL(url).pathname, headers));
    expect(files[type].length).toBe(count);
  }
  return files;
}

test('an export contains each resource once, as a read shows it, and is audited before it can be fetched', async () => {
  const headers = await client.bearer('system/*.rs');
  const begun = await t.get('/fhir/$export', { ...headers, prefer: 'respond-async' });
  expect(begun.status).toBe(202);
  const path = pathOf(begun);
  const running = await t.get(path, headers);
  expect([running.status, running.headers['x-progress'], running.headers['retry-after']]).toEqual([
    ...[202, `0 of ${PATIENTS} patients`, '10'],
  ]);
  expect((await t.get('/fhir/$export', headers)).status).toBe(429);
  await work();
  const files = await filesOf(path, headers);
  expect(new Set(files.Patient!.map(({ id }) => id)).size).toBe(PATIENTS);
  const { body: read } = await t.get(`/fhir/Patient/${original}`, { ...headers, 'accept-language': 'zh' });
  expect(files.Patient!.find(({ id }) => id === original)).toEqual(read);
  const [{ patients }] = await t.dataSource.query<[{ patients: number }]>(
    `SELECT count(DISTINCT p)::integer AS patients FROM audit_event, unnest(patients) AS p WHERE detail ->> 'export' = $1`,
    [path.split('/').at(-1)],
  );
  expect(patients).toBe(PATIENTS);
  expect((await remove(path, headers)).status).toBe(202);
  expect((await t.get(path, headers)).status).toBe(404);
});

test('types, a since and a format are taken; anything else is refused by name', async () => {
  const headers = await client.bearer('system/Patient.rs');
  const wrong = [
    '_type=Nothing',
    '_since=yesterday',
    '_outputFormat=csv',
    '_typeFilter=x',
    '_type=Patient&_type=Task',
  ];
  for (const query of wrong)
    expect([query, (await t.get(`/fhir/$export?${query}`, headers)).status]).toEqual([query, 422]);
  const refused = await t.get('/fhir/$export?_type=Patient,Condition', headers);
  expect([refused.status, refused.body.resourceType]).toEqual([403, 'OperationOutcome']);
  const format = 'application/fhir+ndjson';
  const begun = await t.get(
    `/fhir/Patient/$export?_since=2030-01-01T00:00:00Z&_outputFormat=${format}`,
    headers,
  );
  await work();
  expect(await filesOf(pathOf(begun), headers)).toEqual({});
  await remove(pathOf(begun), headers);
});

test('the list of the hospital shows progress and files, and ends what a machine left', async () => {
  const listed = async () => (await t.get('/bulk-exports')).body.items as object[];
  const { status, body: begun } = await t.post('/bulk-exports', { types: ['Patient'] });
  expect(status).toBe(201);
  expect(await listed()).toMatchObject([
    { id: begun.id, state: 'running', isOwn: true, donePatients: 0, patients: PATIENTS, files: [] },
  ]);
  await work();
  const address = `/fhir/bulk-exports/${begun.id as string}/Patient.ndjson`;
  expect(await listed()).toMatchObject([
    { state: 'finished', files: [{ type: 'Patient', resources: PATIENTS, address }] },
  ]);
  const fetched = await t.get(address, { authorization: `Bearer ${t.adminKey}` });
  expect(linesOf(fetched)).toHaveLength(PATIENTS);

  const headers = await client.bearer('system/*.rs');
  const left = pathOf(await t.get('/fhir/$export', headers))
    .split('/')
    .at(-1);
  expect(await listed()).toMatchObject([{ id: left, isOwn: false, files: [] }, { id: begun.id }]);
  for (const id of [left, begun.id as string])
    expect((await t.request('DELETE', `/bulk-exports/${id}`)).status).toBe(204);
  expect(await listed()).toEqual([]);
});

test('another caller finds neither status nor file, and a person exports nothing', async () => {
  const headers = await client.bearer('system/Patient.rs');
  const path = pathOf(await t.get('/fhir/$export?_type=Patient', headers));
  await work();
  const other = await SignedClient.made(t);
  await other.register();
  const theirs = await other.bearer('system/*.rs');
  for (const address of [path, `${path}/Patient.ndjson`])
    expect((await t.get(address, theirs)).status).toBe(404);
  expect((await remove(path, theirs)).status).toBe(404);
  await other.register({ roles: ['nurse'] });
  expect((await t.get('/fhir/$export', await other.bearer('system/*.rs'))).status).toBe(403);
  await remove(path, headers);
});

test('an erasure deletes what waits to be fetched, and a day ends an export', async () => {
  const headers = await client.bearer('system/Patient.rs');
  const erased = await givenPatient(t, ward);
  const path = pathOf(await t.get('/fhir/$export?_type=Patient', headers));
  await work();
  await t.post(`/patients/${erased}/erase`, { ground: 'patient_request', author: 'Dr. Chen' });
  const status = await t.get(path, headers);
  expect([status.status, JSON.stringify(status.body)]).toEqual([
    409,
    expect.stringContaining('was erased since'),
  ]);
  expect((await t.get(`${path}/Patient.ndjson`, headers)).status).toBe(409);
  const now = await t.now();
  await t.setClock(new Date(now.getTime() + 25 * 3_600_000).toISOString());
  await work();
  expect((await t.get(path, await client.bearer('system/Patient.rs'))).status).toBe(404);
  await t.setClock(now.toISOString());
});

test('a worker that is killed in the middle loses nothing and repeats nothing', async () => {
  // The worker's own clock would end a token.
  const path = pathOf(await t.get('/fhir/$export'));
  await t.dataSource.query(`
    CREATE FUNCTION slow_down() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(3); RETURN NEW; END $$;
    CREATE TRIGGER slow BEFORE INSERT ON bulk_export_part FOR EACH ROW WHEN (NEW.type = 'Patient') EXECUTE FUNCTION slow_down();`);
  const worker = await startProgramProcess({
    ...{ DATABASE_URL: t.config.databaseUrl ?? '', NEDWATCH_DATA: t.config.dataDirectory },
    NEDWATCH_ROLE: 'worker',
  });
  const done = async (): Promise<number> => {
    const { status, headers } = await t.get(path);
    expect(status).toBe(202);
    return Number(/^\d+/.exec(String(headers['x-progress']))![0]);
  };
  const before = await until(done, (patients) => patients > 0, 20_000);
  await worker.kill();
  // Waits for the end of the killed transaction.
  await t.dataSource.query('DROP TRIGGER slow ON bulk_export_part');
  expect(before).toBeLessThan(PATIENTS);
  await work();
  const files = await filesOf(path, {});
  for (const resources of Object.values(files))
    expect(new Set(resources.map(({ id }) => id)).size).toBe(resources.length);
  expect(files.Patient!.length).toBeGreaterThanOrEqual(PATIENTS);
  await remove(path, {});
});
