import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AuditAnchor, anchorFile } from '../../src/audit/audit-anchor.js';
import {
  AUDIT_COLUMNS,
  type AuditRow,
  digestOfRow,
  digestOfSeal,
  recordAudit,
  SEAL_COLUMNS,
  type Seal,
  stepCall,
} from '../../src/tenancy/audit-entry.js';
import { fhirAuditEvent } from '../../src/audit/audit-fhir.js';
import { AuditSealing } from '../../src/audit/audit-sealing.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { RIGHTS } from '../../src/tenancy/rights.js';
import { API_CALLS } from '../support/api-calls.js';
import { startApp, type TestApp } from '../support/app.js';
import { anchorsOf, verifyTrail } from '../support/audit-trail.js';
import { givenPatient, person, type Ward } from '../support/prepared-calls.js';
import { CALLS } from '../support/rights-calls.js';
import { givenPerson } from '../support/signed-in.js';

let t: TestApp;
let ward: Ward;
beforeAll(async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'nedwatch-audit-'));
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api', dataDirectory });
  ward = { hospitalId: t.hospitalId, key: t.adminKey };
});
afterAll(() => t.close());

/** All audit entries, oldest first. */
const trail = (): Promise<AuditRow[]> =>
  t.dataSource.query(`SELECT ${AUDIT_COLUMNS} FROM audit_event e ORDER BY e.recorded_at, e.id`);
const since = async (before: number): Promise<AuditRow[]> => (await trail()).slice(before);
const count = async (): Promise<number> => (await trail()).length;
const seal = (): Promise<void> => t.app.get(AuditSealing).sealAll();
const verify = (): ReturnType<typeof verifyTrail> => verifyTrail(t);

describe('the records of a call', () => {
  test.each(API_CALLS.filter((call) => !call.includes('/guidelines')))('%s', async (call) => {
    const key = RIGHTS[call]!.own ? (await givenPerson(t)).session : ward.key;
    const { path, payload, headers } = await CALLS[call]!(t, { ...ward, key });
    const patient = /\/patients\/([0-9a-f-]{36})/.exec(path)?.[1];
    const before = await count();
    await t.request(call.split(' ')[0] as 'GET', path, {
      payload,
      headers: { authorization: `Bearer ${key}`, ...headers, 'x-purpose': 'HOPERAT' },
    });
    const rows = await since(before);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows)
      expect(row).toMatchObject({
        ...{
          call,
          outcome: 'done',
          callerKind: RIGHTS[call]!.own ? 'person' : 'key',
          address: '127.0.0.1',
          purpose: 'HOPERAT',
        },
        ...{ hospitalId: t.hospitalId, recordedAt: expect.stringMatching(/^2026-11-01T01:/) },
      });
    if (patient !== undefined) expect(rows.flatMap(({ patients }) => patients)).toContain(patient);
  });

  test('a list names every patient it shows', async () => {
    await givenPatient(t, ward);
    for (const path of ['/patients?limit=500', '/worklist?limit=500']) {
      const before = await count();
      const { body } = await t.get(path);
      const shown = (body.items as { id: string; patient?: { id: string } }[]).map(
        ({ id, patient }) => patient?.id ?? id,
      );
      const [row] = await since(before);
      expect([...(row?.patients ?? [])].sort()).toEqual([...new Set(shown)].sort());
      expect(shown.length).toBeGreaterThan(1);
    }
  });

  test('the entry of a registration, completion or voiding names the patient, in the same transaction', async () => {
    const before = await count();
    const { body } = await t.post('/patients', person());
    expect((await since(before)).map(({ call, patients }) => [call, patients])).toEqual([
      ['POST /patients', [body.id]],
    ]);
  });

  test('a refusal is recorded with its status, and what it tried leaves nothing else', async () => {
    const id = await givenPatient(t, ward);
    const before = await count();
    await t.post(`/patients/${id}/events`, { type: 'exam', date: '2030-01-01', activity: 'tumour_markers' });
    await t.get('/patients/00000000-0000-7000-8000-000000000000');
    await t.get('/patients/no-id');
    expect((await since(before)).map(({ call, outcome, status }) => [call, outcome, status])).toEqual([
      ['POST /patients/:id/events', 'refused', 422],
      ['GET /patients/:id', 'refused', 404],
      ['GET /patients/:id', 'refused', 422],
    ]);
  });

  test('an entry contains no name, phone, reason or URL parameter', async () => {
    const canaries = { name: 'Kanarie 李', phone: '13912345678 (Kanarie)', responsibleNurse: 'Kanarie 护士' };
    const { body } = await t.post('/patients', { ...person(), ...canaries });
    await t.get('/worklist?assignee=Kanarie');
    await t.get(`/patients/${body.id as string}?Kanarie=1`);
    expect(JSON.stringify(await trail())).not.toContain('Kanarie');
  });

  test('an entry is append-only: not even the owner of the table can change, delete or truncate it', async () => {
    for (const statement of [
      `UPDATE audit_event SET outcome = 'refused'`,
      'DELETE FROM audit_event',
      'TRUNCATE audit_event CASCADE',
      'UPDATE audit_seal SET batch = 7',
      'DELETE FROM audit_seal',
    ]) {
      await seal();
      await expect(t.dataSource.query(statement)).rejects.toThrow('What is audited is never changed.');
    }
  });

  test('a call that cannot be recorded is neither carried out nor answered', async () => {
    await t.dataSource.query('ALTER TABLE audit_event RENAME TO audit_event_away');
    const given = person();
    const answers = await Promise.all([
      t.app.inject({
        method: 'GET',
        url: '/api/v1/patients',
        headers: { authorization: `Bearer ${t.adminKey}` },
      }),
      t.app.inject({
        ...{ method: 'POST', url: '/api/v1/patients', payload: given },
        headers: { authorization: `Bearer ${t.adminKey}` },
      }),
    ]);
    await t.dataSource.query('ALTER TABLE audit_event_away RENAME TO audit_event');
    const errors = t.takeErrors();
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(error).toContain('relation "audit_event" does not exist');
    expect(answers.map(({ statusCode, json }) => [statusCode, json<{ code: string }>().code])).toEqual([
      [503, 'not-audited'],
      [503, 'not-audited'],
    ]);
    expect(answers.map(({ headers }) => headers['retry-after'])).toEqual(['5', '5']);
    expect((await t.get(`/patients?mrn=${given.mrn}`)).body.items).toEqual([]);
  });

  test('100 requests at once are 100 entries, each sealed once', async () => {
    await seal();
    const before = await count();
    await Promise.all(Array.from({ length: 100 }, () => t.get('/policy')));
    await Promise.all([seal(), seal(), seal()]);
    expect(await count()).toBe(before + 100);
    expect(await verify()).toMatchObject({ rows: before + 100, waiting: 0, faults: [] });
  });
});

describe('tampering that is found', () => {
  const tamper = async (...statements: string[]): Promise<void> => {
    for (const statement of [
      'ALTER TABLE audit_event DISABLE TRIGGER USER',
      'ALTER TABLE audit_seal DISABLE TRIGGER USER',
      ...statements,
      'ALTER TABLE audit_event ENABLE TRIGGER USER',
      'ALTER TABLE audit_seal ENABLE TRIGGER USER',
    ])
      await t.dataSource.query(statement);
  };
  /** Five batches of three entries of each, anchored; a copy to restore. */
  beforeEach(async () => {
    await tamper('DELETE FROM audit_seal', 'DELETE FROM audit_unsealed', 'DELETE FROM audit_event');
    writeFileSync(anchorFile(t.config), '');
    for (let batch = 0; batch < 5; batch++) {
      for (let call = 0; call < 3; call++) await t.get('/policy');
      await seal();
    }
    await t.app.get(AuditAnchor).write();
    expect(await verify()).toEqual({ batches: 5, rows: 15, waiting: 0, faults: [] });
  });
  const rowOf = async (batch: number, index: number): Promise<string> =>
    (
      await t.dataSource.query<{ ids: string[] }[]>('SELECT ids FROM audit_seal WHERE batch = $1', [batch])
    )[0]!.ids[index]!;

  test('a row changed', async () => {
    const id = await rowOf(2, 1);
    await tamper(`UPDATE audit_event SET address = '10.0.0.1' WHERE id = '${id}'`);
    expect((await verify()).faults).toEqual([expect.stringMatching(`^batch 2, row ${id} of .*: changed$`)]);
  });

  test('a row removed', async () => {
    const id = await rowOf(3, 0);
    await tamper(`DELETE FROM audit_event WHERE id = '${id}'`);
    expect((await verify()).faults).toEqual([expect.stringMatching(`^batch 3, row ${id} of .*: removed$`)]);
  });

  test('two swapped rows', async () => {
    const [a, b] = [await rowOf(4, 0), await rowOf(4, 2)];
    const spare = '00000000-0000-7000-8000-0000000000ff';
    await tamper(
      `UPDATE audit_event SET id = '${spare}' WHERE id = '${a}'`,
      `UPDATE audit_event SET id = '${a}' WHERE id = '${b}'`,
      `UPDATE audit_event SET id = '${b}' WHERE id = '${spare}'`,
    );
    // Where each entry is nothing exists, and where each seal is nothing was sealed.
    expect((await verify()).faults).toHaveLength(4);
  });

  test('an inserted row', async () => {
    await tamper(
      `INSERT INTO audit_event SELECT gen_random_uuid(), hospital_id, recorded_at, call, outcome, status, caller_kind, caller_id,
         roles, address, request_id, purpose, patients, detail FROM audit_event LIMIT 1`,
    );
    expect((await verify()).faults).toEqual([expect.stringMatching(/never sealed.*slipped in$/)]);
  });

  test('a batch taken out of the middle, with its rows', async () => {
    await tamper(
      'DELETE FROM audit_event WHERE id IN (SELECT unnest(ids) FROM audit_seal WHERE batch = 3)',
      'DELETE FROM audit_seal WHERE batch = 3',
    );
    expect((await verify()).faults).toEqual(['batch 4: 1 batches before it are missing']);
  });

  test('the end cut off, with its seals', async () => {
    await tamper(
      'DELETE FROM audit_event WHERE id IN (SELECT unnest(ids) FROM audit_seal WHERE batch > 3)',
      'DELETE FROM audit_seal WHERE batch > 3',
    );
    expect((await verify()).faults).toEqual([
      'the trail ends with batch 3, but line 1 of the anchor file remembers batch 5: its end was cut off',
    ]);
  });

  test('the chain rewritten from the middle, with seals that hold again', async () => {
    const id = await rowOf(3, 1);
    await tamper(`UPDATE audit_event SET caller_id = 'somebody else' WHERE id = '${id}'`);
    const seals = await t.dataSource.query<Seal[]>(`SELECT ${SEAL_COLUMNS} FROM audit_seal ORDER BY batch`);
    let previous: Buffer | null = null;
    for (const old of seals) {
      const rows: AuditRow[] = await t.dataSource.query(
        `SELECT ${AUDIT_COLUMNS} FROM audit_event e WHERE id = ANY ($1) ORDER BY e.recorded_at, e.id`,
        [old.ids],
      );
      const { hospitalId, batch, ids, instants, sealedAt } = old;
      const forged = { hospitalId, batch, previous, ids, instants, digests: rows.map(digestOfRow), sealedAt };
      await tamper();
      await t.dataSource.query('ALTER TABLE audit_seal DISABLE TRIGGER USER');
      await t.dataSource.query(
        'UPDATE audit_seal SET previous = $2, digests = $3::bytea[], digest = $4 WHERE batch = $1',
        [...[batch, previous, forged.digests, digestOfSeal(forged)]],
      );
      await t.dataSource.query('ALTER TABLE audit_seal ENABLE TRIGGER USER');
      previous = digestOfSeal(forged);
    }
    expect((await verify()).faults).toEqual([
      'batch 5: differs from what line 1 of the anchor file remembers: the chain was rewritten',
    ]);
  });

  test('a seal changed; the chain rebuilt without its anchor', async () => {
    await tamper(`UPDATE audit_seal SET sealed_at = sealed_at + interval '1 second' WHERE batch = 2`);
    expect((await verify()).faults).toEqual(['batch 2: the seal itself was changed']);
  });

  test('the anchor file itself', async () => {
    await t.get('/policy');
    await seal();
    await t.app.get(AuditAnchor).write();
    const file = anchorFile(t.config);
    const [first, second] = readFileSync(file, 'utf8').split('\n') as [string, string];
    writeFileSync(file, `${second}\n`);
    expect((await anchorsOf(t)).faults).toEqual(['anchor line 1: the line before it was changed or removed']);
    writeFileSync(file, `${first.replace('"batch":5', '"batch":4')}\n${second}\n`);
    expect((await anchorsOf(t)).faults).toEqual([
      'anchor line 1: its signature is not of this key',
      'anchor line 2: the line before it was changed or removed',
    ]);
  });
});

test('an auditor reads the trail, page by page, by patient and by time', async () => {
  const id = await givenPatient(t, ward);
  await t.get(`/patients/${id}`);
  const found: { call: string; patients: string[] }[] = [];
  let cursor = '';
  do {
    const { body } = await t.get(`/audit-events?patient=${id}&limit=2${cursor}`);
    found.push(...body.items);
    cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor as string}`;
  } while (cursor !== '');
  expect(found.map(({ call }) => call)).toEqual([
    'POST /patients',
    'POST /patients/:id/events',
    'GET /patients/:id',
  ]);
  expect((await t.get('/audit-events?to=2020-01-01T00:00:00Z')).body.items).toEqual([]);
});

test('a page that names 20,000 patients is shorter, and the next one continues', async () => {
  const from = (await t.now()).toISOString();
  const scope = t.app.get(HospitalScope);
  const named = [300, 15_000, 6000, 0, 20_000, 1];
  for (const count of named) {
    const patients = Array.from({ length: count }, () => randomUUID());
    await scope.run(t.hospitalId, () =>
      scope.unaudited((tx) =>
        recordAudit(tx.db, tx.caller, stepCall('of many'), { outcome: 'done', status: null, patients }),
      ),
    );
  }
  const pages: number[][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await t.get(`/audit-events?from=${from}&limit=500${cursor && `&cursor=${cursor}`}`);
    const items = body.items as { call: string; patients: string[] }[];
    pages.push(items.flatMap(({ call, patients }) => (call.endsWith('of many') ? [patients.length] : [])));
    cursor = body.nextCursor as string | null;
  }
  expect(pages.slice(0, 3)).toEqual([[300, 15_000, 6000], [0, 20_000], [1]]);
});

test('a FHIR AuditEvent has caller, time, address, call, patients, purpose and outcome', async () => {
  const id = await givenPatient(t, ward);
  await t.get(`/patients/${id}`, { 'x-purpose': 'HRESCH' });
  const row = (await trail()).at(-1)!;
  expect(fhirAuditEvent(row)).toMatchObject({
    resourceType: 'AuditEvent',
    ...{ id: row.id, action: 'R', recorded: row.recordedAt, outcome: '0' },
    purposeOfEvent: [{ coding: [{ code: 'HRESCH' }] }],
    agent: [
      {
        requestor: true,
        network: { address: '127.0.0.1', type: '2' },
        who: { identifier: { value: row.callerId } },
      },
    ],
    entity: [{ description: 'GET /patients/:id' }, { what: { reference: `Patient/${id}` } }],
  });
});

test('partitions are created ahead and dropped after their retention time, which the trail records', async () => {
  writeFileSync(anchorFile(t.config), '');
  const partitions = async (): Promise<string[]> =>
    (
      await t.dataSource.query<{ name: string }[]>(
        `SELECT relname AS name FROM pg_class WHERE relispartition AND relname ~ '^audit_event_2' AND relkind = 'r' ORDER BY 1`,
      )
    ).map(({ name }) => name);
  expect(await partitions()).toEqual(['audit_event_2026_11', 'audit_event_2026_12', 'audit_event_2027_01']);
  await expect(
    t.dataSource.query(`SELECT drop_audit_partitions(program_now() - interval '183 days')`),
  ).rejects.toThrow('184 days');
  await seal();
  await t.setClock('2028-03-05T09:00:00+08:00');
  const sealing = t.app.get<{ keepUp: () => Promise<void> }>(AuditSealing);
  await sealing.keepUp();
  expect(await partitions()).toEqual(['audit_event_2028_03', 'audit_event_2028_04', 'audit_event_2028_05']);
  expect((await verify()).faults).toEqual([]);
});
