import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { AuditAnchor, anchorFile } from '../../src/audit/audit-anchor.js';
import { readAnchors } from '../../src/audit/anchor-reader.js';
import { AUDIT_COLUMNS, type AuditRow } from '../../src/tenancy/audit-entry.js';
import { AuditSealing } from '../../src/audit/audit-sealing.js';
import { API_CALLS } from '../support/api-calls.js';
import { UnknownCallers } from '../../src/access/unknown-callers.js';
import { run as auditCommand } from '../../src/commands/audit.js';
import { run as importCommand } from '../../src/commands/import.js';
import { startApp, type TestApp } from '../support/app.js';
import { givenPatient, type Ward } from '../support/prepared-calls.js';
import { CALLS } from '../support/rights-calls.js';

let t: TestApp;
let ward: Ward;
let dataDirectory: string;
beforeAll(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'nedwatch-audit-'));
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api', dataDirectory });
  ward = { hospitalId: t.hospitalId, key: t.adminKey };
});
afterAll(() => t.close());

const trail = (): Promise<AuditRow[]> =>
  t.dataSource.query(`SELECT ${AUDIT_COLUMNS} FROM audit_event e ORDER BY e.recorded_at, e.id`);
/** The audit entries of `work`. */
async function recordedBy(work: () => Promise<unknown>): Promise<AuditRow[]> {
  const before = new Set((await trail()).map(({ id }) => id));
  await work();
  return (await trail()).filter(({ id }) => !before.has(id));
}

describe('a call', () => {
  const reads = API_CALLS.filter((call) => call.startsWith('GET '));
  test.each(reads)('%s is one entry, however many transactions it reads in', async (call) => {
    const { path, headers } = await CALLS[call]!(t, ward);
    expect(await recordedBy(() => t.get(path, headers))).toHaveLength(1);
  });

  test('of a page names the patients on it, and not the first one of the next page', async () => {
    for (let count = 0; count < 3; count++) await givenPatient(t, ward);
    for (const path of ['/patients?limit=2', '/worklist?limit=1', '/worklist?limit=60']) {
      let shown: string[] = [];
      const rows = await recordedBy(async () => {
        const { body } = await t.get(path);
        shown = (body.items as { id: string; patient?: { id: string } }[]).map(
          ({ id, patient }) => patient?.id ?? id,
        );
        expect(body.nextCursor).not.toBeNull();
      });
      expect(rows.map(({ patients }) => [...patients].sort())).toEqual([[...new Set(shown)].sort()]);
    }
  });

  test('about an item names its patient', async () => {
    for (const call of ['GET /items/:id/reason', 'POST /items/:id/complete']) {
      const { path, payload } = await CALLS[call]!(t, ward);
      const [{ patientId }] = await t.dataSource.query<[{ patientId: string }]>(
        `SELECT patient_id AS "patientId" FROM surveillance_item WHERE id = $1`,
        [path.split('/')[2]],
      );
      const rows = await recordedBy(() => t.request(call.split(' ')[0] as 'GET', path, { payload }));
      expect(rows.flatMap(({ patients }) => patients)).toContain(patientId);
    }
  });

  test('that is refused names the requested patient, if the request has an id', async () => {
    const asked = '00000000-0000-7000-8000-000000000000';
    const rows = await recordedBy(async () => {
      await t.get(`/patients/${asked}`);
      await t.get('/patients/13800000000');
    });
    expect(rows.map(({ status, detail }) => [status, detail])).toEqual([
      [404, { id: asked }],
      [422, null],
    ]);
  });

  test('with an unknown purpose is refused, and that is recorded', async () => {
    const [row] = await recordedBy(async () => {
      const { status, body } = await t.get('/policy', { 'x-purpose': 'CURIOSITY' });
      expect([status, body.code]).toEqual([400, 'unknown-purpose']);
    });
    expect(row).toMatchObject({ outcome: 'refused', status: 400, purpose: 'TREAT' });
  });

  test('refused by the rate limit is one entry a minute, to limit the work of the database', async () => {
    const busy = await startApp({
      ...{ clock: '2026-11-01T09:00:00+08:00', role: 'api', dataDirectory },
      ...{ requestsPerSecond: 1, requestBurst: 1 },
    });
    try {
      const answers = await Promise.all(Array.from({ length: 20 }, () => busy.get('/policy')));
      const limited = answers.filter(({ status }) => status === 429);
      expect(limited.length).toBeGreaterThan(10);
      const rows = await busy.dataSource.query<unknown[]>('SELECT FROM audit_event WHERE status = 429');
      expect(rows).toHaveLength(1);
    } finally {
      await busy.close();
    }
  });

  test("of an unknown caller is counted by address in the log, and is in no hospital's trail", async () => {
    const unknown = t.app.get(UnknownCallers);
    unknown.report();
    const rows = await recordedBy(async () => {
      for (let guess = 0; guess < 3; guess++)
        await t.get('/policy', { authorization: `Bearer guess-${guess}` });
    });
    expect(rows).toEqual([]);
    expect(unknown.report()).toBe('3 from 127.0.0.1');
    for (let address = 0; address < 200; address++) unknown.count(`10.0.0.${address}`);
    expect(unknown.report()).toMatch(/^(1 from 10\.0\.0\.\d+, ){100}100 from elsewhere$/);
    expect(unknown.report()).toBeUndefined();
  });

  test('repeated with its Idempotency-Key is recorded again, because its answer shows data again', async () => {
    const { path, payload } = await CALLS['POST /patients']!(t, ward);
    const rows = await recordedBy(async () => {
      for (let time = 0; time < 2; time++) await t.post(path, payload, { 'idempotency-key': 'twice' });
    });
    expect(rows.map(({ call, outcome }) => [call, outcome])).toEqual([
      ['POST /patients', 'done'],
      ['POST /patients', 'done'],
    ]);
  });
});

describe('a command', () => {
  let logged: string;
  beforeEach(() => {
    logged = '';
    for (const stream of [process.stdout, process.stderr])
      jest.spyOn(stream, 'write').mockImplementation((text) => {
        logged += String(text);
        return true;
      });
  });
  afterEach(() => void jest.restoreAllMocks());

  test('that imports is recorded with the patients that it created', async () => {
    const file = join(dataDirectory, 'roster.csv');
    const columns =
      'mrn,name,sex,birth_date,diagnosis_date,primary_site,stage,resection_date,preoperative_colonoscopy';
    writeFileSync(file, `${columns}\nM1,李敏,female,1960-05-05,2026-01-02,colon,III,2026-01-15,complete\n`);
    const rows = await recordedBy(() => importCommand([file], t.commandConfig));
    expect(logged).toContain('1 created');
    const [{ id }] = await t.dataSource.query<[{ id: string }]>(`SELECT id FROM patient WHERE mrn = 'M1'`);
    expect(rows).toEqual([
      expect.objectContaining({ call: 'import', callerKind: 'program', purpose: 'TREAT', patients: [id] }),
    ]);
  });

  test('that prints the trail is recorded in it', async () => {
    const rows = await recordedBy(() => auditCommand(['export'], t.commandConfig));
    expect(rows.map(({ call }) => call)).toEqual(['audit export']);
    const printed = logged
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { id: string });
    expect(printed.map(({ id }) => id)).toEqual((await trail()).map(({ id }) => id));
  });

  test('that verifies says what is anchored and by which key', async () => {
    await t.app.get(AuditSealing).sealAll();
    await t.app.get(AuditAnchor).write();
    expect(await auditCommand(['verify'], t.commandConfig)).toBe(0);
    expect(logged).toMatch(
      /: whole\nanchor: 1 lines, newest 2026-11-01T.*; public key \(ed25519\) \S{43}=\n$/,
    );
  });

  test('that verifies reports an anchored hospital whose trail was removed', async () => {
    const anchored = t.app.get<{ add: (line: object) => Promise<void> }>(AuditAnchor);
    const hospitalId = '00000000-0000-7000-8000-0000000000aa';
    await anchored.add({ heads: [{ hospitalId, batch: 1, digest: '00' }] });
    expect(await auditCommand(['verify'], t.commandConfig)).toBe(1);
    expect(logged).toContain(
      `hospital ${hospitalId}: anchored, but neither it nor its trail is in the database`,
    );
    writeFileSync(anchorFile(t.config), '');
  });

  test('can accept a restored trail, records it permanently, and accepts no other change', async () => {
    const [seal, anchor] = [() => t.app.get(AuditSealing).sealAll(), () => t.app.get(AuditAnchor).write()];
    const batchAnchored = async (): Promise<number> => {
      await t.get('/policy');
      await seal();
      await anchor();
      const [{ batch }] = await t.dataSource.query<[{ batch: number }]>(
        'SELECT max(batch) AS batch FROM audit_seal',
      );
      return batch;
    };
    const kept = await batchAnchored();
    await batchAnchored();
    await batchAnchored();
    await t.dataSource.query(`
      ALTER TABLE audit_event DISABLE TRIGGER USER; ALTER TABLE audit_seal DISABLE TRIGGER USER;
      DELETE FROM audit_event WHERE id IN (SELECT unnest(ids) FROM audit_seal WHERE batch > ${kept});
      DELETE FROM audit_seal WHERE batch > ${kept};
      ALTER TABLE audit_event ENABLE TRIGGER USER; ALTER TABLE audit_seal ENABLE TRIGGER USER`);
    expect(await auditCommand(['verify'], t.commandConfig)).toBe(1);
    expect(logged).toContain('its end was cut off');
    await batchAnchored(); // the program continued before the operator accepted it
    expect(await auditCommand(['verify'], t.commandConfig)).toBe(1);
    expect(logged).toContain('the chain was rewritten in between');

    const rows = await recordedBy(() =>
      auditCommand(['reseal', '--reason', 'disk lost, backup of Sunday'], t.commandConfig),
    );
    expect(rows.map(({ call, detail }) => [call, detail])).toEqual([
      ['audit reseal', { after: `batch ${kept}` }],
    ]);
    logged = '';
    expect(await auditCommand(['verify'], t.commandConfig)).toBe(0);
    expect(logged).toContain(`begins anew after batch ${kept}: disk lost, backup of Sunday`);
    await auditCommand(['reseal', '--reason', 'again'], t.commandConfig);
    expect(logged).toContain('there is nothing to reseal');
    expect((await readAnchors(t.config)).notes).toHaveLength(1);

    await batchAnchored();
    await t.dataSource.query(`
      ALTER TABLE audit_event DISABLE TRIGGER USER;
      DELETE FROM audit_event WHERE id IN (SELECT unnest(ids) FROM audit_seal WHERE batch = ${kept});
      ALTER TABLE audit_event ENABLE TRIGGER USER`);
    logged = '';
    expect(await auditCommand(['verify'], t.commandConfig)).toBe(1);
    expect(logged).toMatch(/batch \d+, row .*: removed/);
  });

  test('with wrong arguments names the missing one', async () => {
    await expect(auditCommand(['reseal'], t.commandConfig)).rejects.toThrow('--reason');
    await expect(auditCommand(['forget'], t.commandConfig)).rejects.toThrow('verify, export or reseal?');
    await expect(auditCommand(['verify', '--hospital', 'Nowhere'], t.commandConfig)).rejects.toThrow(
      'Nowhere',
    );
  });
});
