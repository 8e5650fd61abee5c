import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { readAnchors } from '../../src/audit/anchor-reader.js';
import { verifyAudit } from '../../src/audit/audit-verification.js';
import { AuditAnchor, anchorFile, minutesFile } from '../../src/audit/audit-anchor.js';
import { auditKeyFile } from '../../src/audit/audit-key.js';
import { AuditSealing } from '../../src/audit/audit-sealing.js';
import { createDataSource } from '../../src/app/data-source.js';
import { APPLICATION_ROLE } from '../../src/platform/database/roles.js';
import { startApp, type TestApp } from '../support/app.js';
import { anchorsOf, verifyTrail } from '../support/audit-trail.js';

let t: TestApp;
let limited: DataSource;
beforeAll(async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'nedwatch-audit-'));
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api', dataDirectory });
  limited = await createDataSource(t.config.databaseUrl!, 1, { role: APPLICATION_ROLE }).initialize();
});
afterAll(async () => {
  await limited.destroy();
  await t.close();
});

const seal = (): Promise<void> => t.app.get(AuditSealing).sealAll();
const anchor = (): Promise<boolean> => t.app.get(AuditAnchor).write();
/** The worker does this every hour. */
const keepUp = (): Promise<void> => {
  const sealing = t.app.get<{ anchorAt: number; keepUp: () => Promise<void> }>(AuditSealing);
  sealing.anchorAt = 0;
  return sealing.keepUp();
};
const verify = (): ReturnType<typeof verifyTrail> => verifyTrail(t);
const faults = async (): Promise<readonly string[]> => (await verify()).faults;
const tables = ['audit_event', 'audit_seal'];
/** With the rights of the database's owner. */
const tamper = async (...statements: string[]): Promise<void> => {
  for (const statement of [
    ...tables.map((table) => `ALTER TABLE ${table} DISABLE TRIGGER USER`),
    ...statements,
    ...tables.map((table) => `ALTER TABLE ${table} ENABLE TRIGGER USER`),
  ])
    await t.dataSource.query(statement);
};

const WAITING = 'INSERT INTO audit_unsealed SELECT hospital_id, recorded_at, id FROM audit_event WHERE id =';
const like = (id: string, changed: Readonly<Record<string, string>>, of: string): string => {
  const columns =
    'id, hospital_id, recorded_at, call, outcome, caller_kind, caller_id, roles, purpose, patients, detail';
  const values = columns
    .split(', ')
    .map((column) => (column === 'id' ? `'${id}'` : (changed[column] ?? column)));
  return `INSERT INTO audit_event (${columns}) SELECT ${values.join(', ')} FROM audit_event WHERE id = '${of}'`;
};
const FORGED = '00000000-0000-7000-8000-0000000000ff';

/** The ids of six sealed rows, in three batches; they are anchored. */
let ids: string[];
beforeEach(async () => {
  await t.setClock('2026-11-01T09:00:00+08:00');
  await tamper('DELETE FROM audit_seal', 'DELETE FROM audit_unsealed', 'DELETE FROM audit_event');
  writeFileSync(anchorFile(t.config), '');
  for (let batch = 0; batch < 3; batch++) {
    for (let call = 0; call < 2; call++) await t.get('/policy');
    await seal();
  }
  await anchor();
  const seals = await t.dataSource.query<{ ids: string[] }[]>('SELECT ids FROM audit_seal ORDER BY batch');
  ids = seals.flatMap((one) => one.ids);
  expect(await verify()).toEqual({ batches: 3, rows: 6, waiting: 0, faults: [] });
});

test('a row inserted with the id of a sealed one, at another time', async () => {
  await tamper(like(ids[2]!, { recorded_at: `recorded_at - interval '1 day'` }, ids[2]!));
  expect(await faults()).toEqual([`row ${ids[2]!}: never sealed, and not waiting to be: it was slipped in`]);
});

test('a row moved to another time', async () => {
  await tamper(`UPDATE audit_event SET recorded_at = recorded_at - interval '1 day' WHERE id = '${ids[2]!}'`);
  expect(await faults()).toEqual([
    expect.stringMatching(`^batch 2, row ${ids[2]!} of .*: removed$`),
    `row ${ids[2]!}: never sealed, and not waiting to be: it was slipped in`,
  ]);
});

test('rows removed as if their retention time had ended', async () => {
  const before = '2027-01-01T00:00:00.000000Z';
  const pretence = { call: `'retention'`, caller_kind: `'program'`, caller_id: `'nedwatch'` };
  for (const signature of ['', Buffer.alloc(64).toString('base64')]) {
    await tamper(
      `DELETE FROM audit_event WHERE id = '${FORGED}' OR id = '${ids[0]!}'`,
      like(FORGED, { ...pretence, detail: `'${JSON.stringify({ before, signature })}'` }, ids[1]!),
      `${WAITING} '${FORGED}'`,
    );
    await seal(); // the worker cannot know that the program did not write it
    expect(await faults()).toContainEqual(expect.stringMatching(`row ${ids[0]!} of .*: removed$`));
  }
});

test('a row removed before it was sealed', async () => {
  await t.get('/policy');
  const [{ id }] = await t.dataSource.query<[{ id: string }]>('SELECT id FROM audit_unsealed');
  await tamper(`DELETE FROM audit_event WHERE id = '${id}'`);
  await t.get('/policy');
  await seal();
  expect(await verify()).toMatchObject({ rows: 7, faults: [`row ${id}: removed before it was sealed`] });
});

test('entries removed with their seals after the last hourly anchor: the anchor of each minute shows it', async () => {
  const place = minutesFile(t.config);
  const minute = (): Promise<void> => t.app.get(AuditAnchor).writeMinute([t.hospitalId]);
  for (let batch = 0; batch < 2; batch++) {
    await t.get('/policy');
    await seal();
    await minute();
  }
  expect(await verify()).toMatchObject({ batches: 5, faults: [] });
  const minutes = readFileSync(place, 'utf8');
  await tamper(
    'DELETE FROM audit_event WHERE id IN (SELECT unnest(ids) FROM audit_seal WHERE batch > 3)',
    'DELETE FROM audit_seal WHERE batch > 3',
  );
  expect(await faults()).toEqual([
    'the trail ends with batch 3, but line +2 of the anchor file remembers batch 5: its end was cut off',
  ]);
  // A copy of all lines, as a receiver keeps them, is an anchor file itself.
  const copy = { ...t.config, auditAnchor: `${place}.copy` };
  writeFileSync(copy.auditAnchor, readFileSync(anchorFile(t.config), 'utf8') + minutes);
  expect((await readAnchors(copy)).faults).toEqual([]);
  expect(
    (await verifyAudit(t.dataSource.manager, t.hospitalId, await readAnchors(copy))).faults,
  ).toHaveLength(1);

  writeFileSync(place, minutes.replaceAll('"batch":5', '"batch":3'));
  expect((await anchorsOf(t)).faults).toContainEqual('anchor line +2: its signature is not of this key');
  writeFileSync(place, minutes);
  await anchor();
  expect(existsSync(place)).toBe(false);
  writeFileSync(place, minutes); // dispensable since the hourly line, and no problem
  expect((await anchorsOf(t)).faults).toEqual([]);
  rmSync(place);
});

test('a batch inserted before the first', async () => {
  await tamper(
    `INSERT INTO audit_seal SELECT hospital_id, 0, NULL, ids, instants, digests, digest, sealed_at FROM audit_seal WHERE batch = 1`,
  );
  expect(await faults()).toContainEqual('batch 0: no batch has this number: it was slipped in');
});

test('a month emptied through its partition', async () => {
  const partitions = await t.dataSource.query<{ name: string }[]>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_event'::regclass`,
  );
  expect(partitions).toHaveLength(4);
  for (const { name } of partitions)
    for (const statement of [`TRUNCATE ${name}`, `DELETE FROM ${name} RETURNING *`])
      if (statement.startsWith('TRUNCATE') || name === 'audit_event_2026_11')
        await expect(t.dataSource.query(statement)).rejects.toThrow('What is audited is never changed.');
});

test('the application cannot change or remove entries, and sees none without a hospital', async () => {
  for (const statement of [
    `UPDATE audit_event SET outcome = 'refused'`,
    'DELETE FROM audit_event',
    'TRUNCATE audit_event',
    'UPDATE audit_seal SET batch = 7',
    'DELETE FROM audit_seal',
    'SELECT FROM audit_event_2026_11',
    'INSERT INTO audit_event_2026_11 DEFAULT VALUES',
    'TRUNCATE audit_event_2026_11',
    'DROP TABLE audit_event_2026_11',
    'ALTER TABLE audit_event DISABLE TRIGGER USER',
    `SELECT guard_audit_partition('audit_event_default')`,
  ])
    await expect(limited.query(statement)).rejects.toThrow(/permission denied|must be owner/);
  for (const table of [...tables, 'audit_unsealed'])
    expect(await limited.query(`SELECT FROM ${table}`)).toEqual([]);
});

test('months past their retention time are dropped after each trail has recorded it; unsealed entries stay', async () => {
  await t.setClock('2027-12-05T09:00:00+08:00');
  await t.get('/policy');
  await t.setClock('2027-12-06T09:00:00+08:00');
  await keepUp();
  expect(await verify()).toEqual({ batches: 4, rows: 8, waiting: 0, faults: [] });
  const [{ n }] = await t.dataSource.query<[{ n: number }]>('SELECT count(*) AS n FROM audit_event');
  expect(n).toBe(2);
  const partitions = `SELECT FROM pg_class WHERE relname = 'audit_event_2026_11'`;
  expect(await t.dataSource.query(partitions)).toEqual([]);
  await tamper(`DELETE FROM audit_event WHERE recorded_at > '2027-01-01' AND call <> 'retention'`);
  expect(await faults()).toEqual([expect.stringMatching(/^batch 4, row .* of 2027-12-05.*: removed$/)]);
  await keepUp();
  expect((await verify()).rows).toBe(8); // a repetition accepts nothing new

  await t.setClock('2026-11-01T09:00:00+08:00');
  await keepUp();
  await t.get('/policy');
  await t.setClock('2027-12-06T09:00:00+08:00');
  await t.dataSource.query(`SELECT drop_audit_partitions('2027-01-01')`);
  expect(await t.dataSource.query(partitions)).toHaveLength(1);
});

test('creating and dropping a month blocks other sessions for at most two seconds', async () => {
  const reader = t.dataSource.createQueryRunner();
  await reader.startTransaction();
  try {
    await reader.query('SELECT FROM audit_event LIMIT 1');
    await t.setClock('2027-12-06T09:00:00+08:00');
    await expect(keepUp()).rejects.toThrow('lock timeout');
    expect((await t.get('/policy')).status).toBe(200);
  } finally {
    await reader.rollbackTransaction();
    await reader.release();
  }
  await keepUp();
  expect(await faults()).toEqual([]);
});

test('processes that anchor at once write one line after the other', async () => {
  await Promise.all(Array.from({ length: 5 }, anchor));
  expect(await anchorsOf(t)).toMatchObject({ lines: 6, faults: [], notes: [] });
});

test('an incomplete last line of the anchor file is skipped, and no other line is', async () => {
  const file = anchorFile(t.config);
  const first = readFileSync(file, 'utf8');
  appendFileSync(file, first.slice(0, 40));
  await anchor();
  expect(await anchorsOf(t)).toMatchObject({
    lines: 3,
    faults: [],
    notes: ['anchor line 2: broken off while it was written, or garbled since'],
  });
  await anchor();
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, [lines[0], lines[1], lines[2]!.slice(0, 40), lines[3], ''].join('\n'));
  expect((await anchorsOf(t)).faults).toEqual(['anchor line 4: the line before it was changed or removed']);
});

test('without its key the anchor file proves nothing, and verifying creates no new one', async () => {
  const key = auditKeyFile(t.config);
  renameSync(key, `${key}.away`);
  try {
    expect((await anchorsOf(t)).faults).toEqual([
      'anchor line 1: its signature is not of this key',
      'the key that signed the anchor file is missing: no line of it can be verified',
    ]);
    expect(() => readFileSync(key)).toThrow('ENOENT');
  } finally {
    renameSync(`${key}.away`, key);
  }
});
