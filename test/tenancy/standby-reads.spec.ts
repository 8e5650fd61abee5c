import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { standbyOf } from '../../src/app/standby.js';
import { BulkExportWorker } from '../../src/exchange/bulk-export/bulk-export-worker.js';
import { Standby } from '../../src/platform/database/standby.js';
import { HEAVY_READS } from '../../src/tenancy/heavy-reads.js';
import { HospitalScope, type HospitalTransaction } from '../../src/tenancy/hospital-scope.js';
import { anotherHospital } from '../support/another-hospital.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { givenItem, givenPatient, type Ward } from '../support/prepared-calls.js';
import { CALLS } from '../support/rights-calls.js';
import { hasStandby, StreamingPair } from '../support/streaming-standby.js';
import { until } from '../support/webhook-receiver.js';
import { describeWhere } from '../support/where-present.js';

const ADHERENCE = '/adherence?from=2026-01-01&to=2026-12-31';
const READ = /hospital_entered/;
const AUDITED = /INSERT INTO audit_event/;

describeWhere(hasStandby(), 'PostgreSQL 15')('with a streaming standby', () => {
  let servers: StreamingPair;
  let t: TestApp;
  let ward: Ward;
  beforeAll(async () => {
    servers = await StreamingPair.start();
    const { url } = servers.standby;
    t = await servers.served(() =>
      startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api', standbyUrl: url }),
    );
    ward = { hospitalId: t.hospitalId, key: t.adminKey };
    // The standby does not have the database of the test at once.
    await until(
      () =>
        t.app
          .get(Standby)
          .open()
          .then(() => t.takeWarnings()),
      ({ length }) => length === 0,
    );
    await givenPatient(t, ward);
  }, 60_000);
  afterEach(() => {
    Object.assign(t.app.get(Standby), { restsUntil: 0 }); // the next test need not wait until it is tried again
    t.takeWarnings();
  });
  afterAll(async () => {
    try {
      await t.close();
    } finally {
      await servers.stop();
    }
  });

  /** What `work` sends to the standby, and how many reads it does there and at the primary. */
  async function during<T>(work: () => Promise<T>) {
    const { done } = t.app.get(Standby);
    const before = { ...done };
    servers.standby.statements();
    servers.primary.statements();
    const answer = await work();
    const reads = { standby: done.standby - before.standby, primary: done.primary - before.primary };
    return { answer, reads, ...{ there: servers.standby.statements(), here: servers.primary.statements() } };
  }

  const entriesOf = (call: string): Promise<{ patients: string[] }[]> =>
    t.dataSource.query('SELECT patients FROM audit_event WHERE call = $1 ORDER BY recorded_at', [call]);

  test.each(HEAVY_READS)('%s is done at the standby, and its entry is at the primary', async (call) => {
    const { path } = await CALLS[call]!(t, ward);
    const earlier = await entriesOf(call);
    const { answer, reads, there, here } = await during(() => t.get(path));
    expect(answer.status).toBe(200);
    expect(reads).toEqual({ standby: expect.any(Number), primary: 0 });
    expect(reads.standby).toBeGreaterThan(0);
    expect(there).toMatch(READ);
    expect(there).not.toMatch(AUDITED);
    expect(here).toMatch(AUDITED);
    expect(await entriesOf(call)).toHaveLength(earlier.length + 1);
  });

  test('a refusal at the standby is the answer', async () => {
    const { answer, reads } = await during(() => t.get('/forecast?weeks=4&activity=none'));
    expect([answer.status, reads]).toEqual([422, { standby: 0, primary: 0 }]);
  });

  test('the entry names the patients that the standby showed', async () => {
    const { answer } = await during(() => t.get('/research-dates?limit=500'));
    const shown = (answer.body.items as { patient: { id: string } }[]).map(({ patient }) => patient.id);
    expect(shown.length).toBeGreaterThan(0);
    expect((await entriesOf('GET /research-dates')).at(-1)?.patients.sort()).toEqual(shown.sort());
  });

  test('worklist, pages of a patient and writes never reach the standby', async () => {
    const { there, reads } = await during(async () => {
      const item = await givenItem(t, ward);
      const id = await givenPatient(t, ward);
      for (const path of [
        '/worklist?list=overdue',
        `/patients/${id}`,
        `/items/${item}`,
        '/calendar?from=2026-11-01&to=2026-11-30',
      ])
        expect((await t.get(path)).status).toBe(200);
      await t.get('/exports/worklist.csv?list=overdue');
    });
    expect([there, reads]).toEqual(['', { standby: 0, primary: 0 }]);
  });

  test('row security holds at the standby', async () => {
    const other = await anotherHospital(t);
    const patient = {
      mrn: 'B1',
      name: '李敏',
      sex: 'female',
      birthDate: '1960-05-05',
      diagnosisDate: '2026-01-02',
    };
    const { body: only } = await other.post('/patients', patient);
    const { answer, reads } = await during(() => other.get('/research-dates'));
    expect([answer.body.items, reads]).toEqual([
      ...[[expect.objectContaining({ patient: { id: only.id, mrn: 'B1' } })], { standby: 1, primary: 0 }],
    ]);
    const look = ({ db }: HospitalTransaction): Promise<unknown> =>
      db.query('SELECT DISTINCT hospital_id AS id, current_user AS role FROM patient');
    const seen = await t.app
      .get(HospitalScope)
      .run(t.hospitalId, () => t.app.get(HospitalScope).atStandby(look));
    expect(seen).toEqual({ value: [{ id: t.hospitalId, role: 'nedwatch_app' }] });
  });

  test('a bulk export reads patients and files at the standby', async () => {
    const asked = { authorization: `Bearer ${t.adminKey}` };
    const { body: begun } = await t.post('/bulk-exports', { types: ['Patient'] });
    const step = await during(() => t.app.get(BulkExportWorker).rounds.round());
    expect(step.reads).toEqual({ standby: 1, primary: 0 });
    expect(step.here).toMatch(AUDITED);
    const path = `/fhir/bulk-exports/${begun.id as string}/Patient.ndjson`;
    const fetched = await during(() => t.get(path, asked));
    expect(fetched.reads).toEqual({ standby: 1, primary: 0 });
    expect(String(fetched.answer.body)).toContain('"resourceType":"Patient"');
    await t.request('DELETE', `/bulk-exports/${begun.id as string}`);
  });

  test('without its entry at the primary there is no answer', async () => {
    await t.dataSource.query(`
      CREATE FUNCTION refuse_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no entry'; END $$;
      CREATE TRIGGER refuse_entry BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_entry()`);
    try {
      const { answer, reads } = await during(() =>
        t.app.inject({
          url: `/api/v1${ADHERENCE}`,
          headers: { authorization: `Bearer ${t.adminKey}` },
        }),
      );
      expect([answer.statusCode, answer.json<{ code: string }>().code, reads]).toEqual([
        ...[503, 'not-audited', { standby: 1, primary: 0 }],
      ]);
    } finally {
      await t.dataSource.query('DROP FUNCTION refuse_entry CASCADE');
      t.takeErrors();
    }
  });

  const countsOf = ({ body }: Answer): number => (body.items as unknown[]).length;

  test('a standby that lacks what a caller has written is not asked, and the answer contains it', async () => {
    const before = countsOf(await t.get('/research-dates?limit=500'));
    await servers.pause();
    try {
      await givenPatient(t, ward);
      const began = performance.now();
      const late = await during(() => t.get('/research-dates?limit=500'));
      expect(performance.now() - began).toBeLessThan(15_000);
      expect([countsOf(late.answer), late.reads]).toEqual([before + 1, { standby: 0, primary: 1 }]);
      expect(t.takeWarnings().join()).toMatch(/is done at the primary: no standby had what was committed/);
      // The next ones do not wait.
      const next = await during(() => t.get(ADHERENCE));
      // A transaction of the call before may end now.
      const begun = next.there
        .split('\n')
        .filter((line) => line !== '' && !line.endsWith('statement: ROLLBACK'));
      expect([next.reads, begun]).toEqual([{ standby: 0, primary: 1 }, []]);
    } finally {
      await servers.resume();
    }
  });

  test('a read that the replay ends at the standby is left to the primary', async () => {
    await t.dataSource.query(
      'CREATE TABLE replaced (id integer); INSERT INTO replaced SELECT generate_series(1, 100)',
    );
    await t.dataSource.query('GRANT SELECT ON replaced TO nedwatch_app');
    const scope = t.app.get(HospitalScope);
    const ended = scope.run(t.hospitalId, () =>
      scope.atStandby(({ db }) => db.query('SELECT count(*), pg_sleep(20) FROM replaced')),
    );
    const isReading = (): Promise<unknown[]> =>
      servers.standby.query(
        `SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%' AND state = 'active' AND pid <> pg_backend_pid()`,
      );
    while ((await isReading()).length === 0);
    await t.dataSource.query('DROP TABLE replaced');
    expect(await ended).toBeUndefined();
    expect(t.takeWarnings().join()).toContain('is done at the primary: 40001');
  });

  test('a read that takes too long at the standby is not repeated at the primary', async () => {
    const scope = t.app.get(HospitalScope);
    const slow = (): Promise<unknown> =>
      scope.atStandby(({ db }) =>
        db
          .query(`SELECT set_config('statement_timeout', '50', true)`)
          .then(() => db.query('SELECT pg_sleep(5)')),
      );
    await expect(scope.run(t.hospitalId, slow)).rejects.toMatchObject({ code: '57014' });
  });

  test('while no standby runs the primary answers, and afterwards the standby again', async () => {
    await servers.standby.stop();
    const { answer, reads } = await during(() => t.get(ADHERENCE));
    expect([answer.status, reads]).toEqual([200, { standby: 0, primary: 1 }]);
    expect(t.takeWarnings()).toHaveLength(1);
    const { body: metrics } = await t.get('/metrics');
    expect(metrics).toMatch(/^nedwatch_heavy_reads_total\{server="primary"\} [1-9]/m);
    await servers.standby.start();
    Object.assign(t.app.get(Standby), { restsUntil: 0 });
    expect((await during(() => t.get(ADHERENCE))).reads).toEqual({ standby: 1, primary: 0 });
  });

  test('another database, another login and a primary at the address are not used', async () => {
    const primary = t.app.get(DataSource);
    const { standbyUrl = '', databaseUrl = '' } = t.config;
    const WRONG: [string, string][] = [
      [servers.standby.url, 'leads to another database'],
      [standbyUrl.replace('nedwatch@', 'nobody@'), 'role "nobody" does not exist'],
      ['postgres://nedwatch@127.0.0.1:1/none', 'ECONNREFUSED'],
      [databaseUrl, 'the server at the address of the standbys is a primary'],
    ];
    for (const [url, reason] of WRONG) {
      const wrong = standbyOf({ ...t.config, standbyUrl: url }, primary);
      await wrong.open();
      expect(await wrong.read(primary, () => Promise.resolve('read'))).toBeUndefined();
      expect(t.takeWarnings()).toEqual([expect.stringContaining(reason)]);
      await wrong.close();
    }
  });
});
