import pg from 'pg';
import { MigrationExecutor, type DataSource } from 'typeorm';
import { stopClock } from '../platform/database/clock.js';
import type { UnmigratedDatabase } from '../app/database.js';
import { MIGRATION_LOCK, takeMigrationLock } from '../app/migration.js';
import type { Patience } from '../platform/start-wait.js';
import { entriesOf } from './archive.js';
import { migrationsOf, qualified, tablesOf, type Table } from './catalogue.js';
import { inspect } from './inspection.js';
import type { Manifest } from './manifest.js';
import { inOwnerSession, type OwnerSession } from './owner-session.js';
import { addPartitions } from './partitions.js';
import { BackupRefused } from './refusal.js';
import { figuresOf, writeTable } from './table-copy.js';
import { unbound } from './unbound.js';
import { msg } from '../platform/messages/dictionary.js';

/**
 * Loads the rows of a backup into the database, in one transaction: afterwards the database contains exactly these
 * rows, or nothing has changed. Then migrates the schema. `replace` permits replacing existing rows.
 */
export async function restoreBackup(
  database: UnmigratedDatabase,
  file: string,
  { replace }: { readonly replace: boolean },
): Promise<Manifest> {
  const manifest = await inspect(file);
  await database.asOwner((owner) => {
    refuseNewer(file, manifest, owner);
    return inOwnerSession(owner, async (session) => {
      await lockOutOthers(session, database.patience);
      await session.runner.startTransaction();
      try {
        await load(session, file, manifest, replace);
        await session.runner.commitTransaction();
      } catch (error) {
        await session.runner.rollbackTransaction().catch(() => undefined); // a lost connection has rolled back already
        throw rowsRefused(error) ?? error;
      }
      // Other processes are locked out until the schema is current.
      await session.client.query(`SELECT pg_advisory_unlock(${MIGRATION_LOCK})`);
      await database.migrate();
      await session.client.query('ANALYZE');
    });
  });
  return manifest;
}

function refuseNewer(file: string, { migrations, program }: Manifest, owner: DataSource): void {
  const unknown = migrations.filter((name) => !owner.migrations.some((known) => known.name === name));
  if (unknown.length === 0) return;
  throw new BackupRefused('backup-newer', msg('backup-schema-newer', { file, program, unknown }));
}

/** The refusal of rows that violate a constraint. A backup of this program has none, unless this server is stricter. */
function rowsRefused(error: unknown): BackupRefused | undefined {
  const { code = '', message, constraint } = error as pg.DatabaseError;
  if (!/^2[23]...$/.test(code)) return undefined;
  return new BackupRefused(
    'rows-refused',
    msg('rows-refused', { detail: constraint === undefined ? message : `${constraint}: ${message}` }),
  );
}

async function lockOutOthers({ runner, client }: OwnerSession, patience: Patience): Promise<void> {
  if (!(await stopClock(runner, patience)))
    throw new BackupRefused('database-in-use', msg('database-in-use'));
  await takeMigrationLock(client, patience);
}

async function load(
  session: OwnerSession,
  file: string,
  manifest: Manifest,
  replace: boolean,
): Promise<void> {
  const { client } = session;
  if (!replace && (await hasHospital(client)))
    throw new BackupRefused('database-not-empty', msg('database-not-empty'));
  await matchMigrations(session, manifest.migrations);
  const tables = await matchTables(client, manifest);
  await unbound(client, async () => {
    // Existing rows, and rows that migrations have inserted.
    await client.query(`TRUNCATE ${tables.map(({ name }) => qualified(name)).join(', ')}`);
    await addPartitions(client, manifest.partitions);
    await loadRows(client, file, manifest);
    await verifyRows(client, tables, manifest);
  });
  for (const { name, lastValue, isCalled } of manifest.sequences)
    await client.query('SELECT setval($1::regclass, $2, $3)', [qualified(name), lastValue, isCalled]);
}

async function hasHospital(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query(`SELECT WHERE to_regclass('public.hospital') IS NOT NULL`);
  if (rows.length === 0) return false;
  return (await client.query('SELECT FROM public.hospital LIMIT 1')).rows.length > 0;
}

/** Migrates the schema, up or down, to the one of the backup, because its rows fit no other schema. */
async function matchMigrations(
  { owner, runner, client }: OwnerSession,
  wanted: readonly string[],
): Promise<void> {
  const executor = new MigrationExecutor(owner, runner);
  let applied = (await migrationsOf(client)) ?? [];
  const unknown = applied.filter((name) => !owner.migrations.some((known) => known.name === name));
  if (unknown.length > 0) throw new BackupRefused('database-newer', msg('database-newer', { unknown }));
  while (applied.some((name, index) => name !== wanted[index])) {
    await executor.undoLastMigration();
    applied = (await migrationsOf(client)) ?? [];
  }
  const missing = wanted.slice(applied.length);
  for (const migration of await executor.getPendingMigrations())
    if (missing.includes(migration.name)) await executor.executeMigration(migration);
}

/** The tables of the backup. Refuses a database with other tables, because a restore empties them all. */
async function matchTables(client: pg.ClientBase, manifest: Manifest): Promise<readonly Table[]> {
  const tables = await tablesOf(client);
  const form = (table: Pick<Table, 'name' | 'columns'>): string =>
    `${table.name}(${[...table.columns].sort().join()})`;
  const [here, there] = [tables.map(form), manifest.tables.map(form)];
  const different = [...here, ...there].filter((one) => !here.includes(one) || !there.includes(one));
  if (different.length === 0) return tables;
  throw new BackupRefused('tables-differ', msg('tables-differ', { different: different.join('; ') }));
}

async function loadRows(client: pg.ClientBase, file: string, manifest: Manifest): Promise<void> {
  const entries = entriesOf(file);
  for (const table of manifest.tables) await writeTable(client, table, partsOf(entries, table.bytes));
}

/** The next `bytes` of the archive: the parts of one table, one after the other. */
async function* partsOf(entries: ReturnType<typeof entriesOf>, bytes: number): AsyncGenerator<Buffer> {
  for (let left = bytes; left > 0;) {
    const next = await entries.next();
    if (next.done) throw new BackupRefused('backup-broken', msg('file-changed'));
    left -= next.value.content.length;
    yield next.value.content;
  }
}

/** Reads all rows back and compares them with the manifest. */
async function verifyRows(
  client: pg.ClientBase,
  tables: readonly Table[],
  manifest: Manifest,
): Promise<void> {
  for (const { name, columns, rows, sha256 } of manifest.tables) {
    const orderBy = tables.find((table) => table.name === name)?.orderBy ?? '';
    const found = await figuresOf(client, { name, columns, orderBy });
    if (found.rows !== rows || found.sha256 !== sha256)
      throw new BackupRefused('rows-differ', msg('rows-differ', { table: name, found: found.rows, rows }));
  }
}
