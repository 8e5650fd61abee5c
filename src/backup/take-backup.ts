import type { Writable } from 'node:stream';
import type pg from 'pg';
import { programVersion } from '../platform/checkout.js';
import { ArchiveWriter } from './archive.js';
import {
  MIGRATIONS_TABLE,
  migrationsOf,
  partitionsOf,
  qualified,
  sequencesOf,
  tablesOf,
  type Table,
} from './catalogue.js';
import { FORMAT, type Manifest, type TableEntry } from './manifest.js';
import { BackupRefused } from './refusal.js';
import { readTable, TableDigest } from './table-copy.js';
import { refuseHiddenRows } from './visibility.js';
import { msg } from '../platform/messages/dictionary.js';

/**
 * Writes all rows of all tables as they are at one instant; programs may run meanwhile. All or nothing: any failure
 * is thrown, and the output until then is no backup.
 */
export async function takeBackup(client: pg.Client, to: Writable): Promise<Manifest> {
  const tables = await beginSnapshot(client);
  try {
    await refuseHiddenRows(client);
    const manifest = await ArchiveWriter.write(to, async (archive) => {
      const head = await headOf(client);
      const written: TableEntry[] = [];
      for (const table of tables) written.push(await copyTable(client, archive, table));
      return {
        ...head,
        tables: written,
        partitions: await partitionsOf(client),
        sequences: await sequencesOf(client),
      };
    });
    await client.query('COMMIT');
    return manifest;
  } catch (error) {
    // An unread COPY would block the session forever.
    await client.end();
    throw error;
  }
}

async function copyTable(client: pg.ClientBase, archive: ArchiveWriter, table: Table): Promise<TableEntry> {
  const digest = new TableDigest();
  await archive.table(table.name, readTable(client, table), (chunk) => digest.add(chunk));
  return { name: table.name, columns: [...table.columns], ...digest.figures() };
}

async function headOf(
  client: pg.ClientBase,
): Promise<Pick<Manifest, 'format' | 'program' | 'postgres' | 'takenAt' | 'migrations'>> {
  const { rows } = await client.query<{ postgres: string; takenAt: Date }>(
    `SELECT current_setting('server_version') AS postgres, transaction_timestamp() AS "takenAt"`,
  );
  const [{ postgres, takenAt }] = rows as [{ postgres: string; takenAt: Date }];
  const migrations = (await migrationsOf(client)) ?? [];
  return { format: FORMAT, program: programVersion(), postgres, takenAt: takenAt.toISOString(), migrations };
}

const ATTEMPTS = 3;

/**
 * Begins a read-only transaction with one snapshot, and returns the tables in it. It locks them before the snapshot:
 * a table that is emptied or changed in between would be read in a state that never existed.
 */
async function beginSnapshot(client: pg.ClientBase): Promise<readonly Table[]> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (!(await migrationsOf(client))?.length)
      throw new BackupRefused('nothing-to-back-up', msg('nothing-to-back-up'));
    const tables = await tablesOf(client);
    const names = [MIGRATIONS_TABLE, ...tables.map(({ name }) => name)].map(qualified);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      await client.query(`LOCK TABLE ${names.join(', ')} IN ACCESS SHARE MODE`);
      if (JSON.stringify(await tablesOf(client)) === JSON.stringify(tables)) return tables;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      if ((error as pg.DatabaseError).code !== '42P01') throw error; // a table has been dropped
      continue;
    }
    await client.query('ROLLBACK');
  }
  throw new BackupRefused('schema-changing', msg('schema-changing'));
}
