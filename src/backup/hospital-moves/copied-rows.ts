import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { partitionsOf, qualified, type Sequence, sequencesOf, type Table } from '../catalogue.js';
import { addPartitions } from '../partitions.js';
import { BackupRefused } from '../refusal.js';
import { columnList, figuresOf, readTable, TableDigest, type TableFigures } from '../table-copy.js';
import { refuseHiddenRows } from '../visibility.js';
import { msg } from '../../platform/messages/dictionary.js';
import { at, type Place, rowsOf, tablesOfHospitals, transactionAt } from './place.js';

/** The rows of one table that were copied. */
export type CopiedTable = TableFigures & { readonly name: string };

// Room for numbers that the other database hands out at this moment.
const SEQUENCE_MARGIN = 1000n;

/**
 * Copies all rows of the frozen hospital, as `arriving`. One transaction at the target: all rows are there and equal, or
 * none. Other hospitals are served in both places meanwhile.
 */
export async function copyRows(from: Place, to: Place, hospitalId: string): Promise<readonly CopiedTable[]> {
  return inSnapshot(from, async (source, tables) => {
    const [partitions, sequences] = [await partitionsOf(source), await sequencesOf(source)];
    // Before the copy, because the lock of an addition would last as long as its transaction.
    await at(to, (client) => addPartitions(client, partitions));
    return transactionAt(to, async (target) => {
      await withoutTriggers(target);
      const copied: CopiedTable[] = [];
      for (const table of tables) copied.push(await copyTable(source, target, table, hospitalId));
      await raiseSequences(target, sequences);
      await target.query(
        `INSERT INTO hospital_move (hospital_id, state, other, began_at, arrived) VALUES ($1, 'arriving', $2, program_now(), true)`,
        [hospitalId, from.name],
      );
      return copied;
    });
  });
}

/** The figures of the arrived rows; undefined where they are not those of the source. */
export async function arrivedRows(
  from: Place,
  to: Place,
  hospitalId: string,
): Promise<readonly CopiedTable[] | undefined> {
  return inSnapshot(from, (source, tables) =>
    at(to, async (target) => {
      const arrived: CopiedTable[] = [];
      for (const table of tables) {
        const where = rowsOf(hospitalId, table);
        const [was, is] = [await figuresOf(source, table, where), await figuresOf(target, table, where)];
        if (was.sha256 !== is.sha256) return undefined;
        arrived.push({ name: table.name, ...is });
      }
      return arrived;
    }),
  );
}

/** Without it, PostgreSQL plans the first queries at the target as if the copied rows were not there. */
export async function analyse(place: Place, copied: readonly CopiedTable[]): Promise<void> {
  const names = copied.filter(({ rows }) => rows > 0).map(({ name }) => qualified(name));
  if (names.length > 0) await at(place, (client) => client.query(`ANALYZE ${names.join(', ')}`));
}

/** Deletes all rows of the hospital, and the record of its move last. Ended early, it can be repeated. */
export async function deleteRows(place: Place, hospitalId: string): Promise<void> {
  const tables = await at(place, tablesOfHospitals);
  for (const table of tables.filter(({ name }) => name !== 'hospital'))
    await transactionAt(place, async (client) => {
      await withoutTriggers(client);
      await client.query(`DELETE FROM ${qualified(table.name)} WHERE ${rowsOf(hospitalId, table)}`);
    });
  await transactionAt(place, async (client) => {
    await client.query('DELETE FROM hospital_move WHERE hospital_id = $1', [hospitalId]);
    await client.query('DELETE FROM hospital WHERE id = $1', [hospitalId]);
  });
}

async function inSnapshot<T>(
  place: Place,
  work: (client: pg.ClientBase, tables: readonly Table[]) => Promise<T>,
): Promise<T> {
  return transactionAt(place, async (client) => {
    await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await refuseHiddenRows(client);
    try {
      return await work(client, await tablesOfHospitals(client));
    } catch (error) {
      // An unread COPY would block the session forever.
      await client.end();
      throw error;
    }
  });
}

/**
 * The rows were written under all triggers and foreign keys of the source, whose tables are the same. Unlike a lock on
 * the tables, this is not felt by other sessions.
 */
async function withoutTriggers(client: pg.ClientBase): Promise<void> {
  try {
    await client.query('SET LOCAL session_replication_role = replica');
  } catch (error) {
    if ((error as pg.DatabaseError).code !== '42501') throw error;
    throw new BackupRefused('needs-replication-role', msg('needs-replication-role'), { cause: error });
  }
}

/** Row security refuses COPY into a table, but not INSERT. */
async function copyTable(
  source: pg.ClientBase,
  target: pg.ClientBase,
  table: Table,
  hospitalId: string,
): Promise<CopiedTable> {
  const where = rowsOf(hospitalId, table);
  const [name, columns] = [qualified(table.name), columnList(table)];
  await target.query(`CREATE TEMP TABLE arriving AS SELECT ${columns} FROM ${name} WITH NO DATA`);
  const digest = new TableDigest();
  const into = target.query(copyFrom(`COPY pg_temp.arriving (${columns}) FROM STDIN`));
  await pipeline(digested(readTable(source, table, where), digest), into);
  await target.query(
    `INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM pg_temp.arriving`,
  );
  await target.query('DROP TABLE pg_temp.arriving');
  const [was, is] = [digest.figures(), await figuresOf(target, table, where)];
  if (was.sha256 !== is.sha256)
    throw new BackupRefused(
      'rows-differ',
      msg('rows-differ', { table: table.name, found: is.rows, rows: was.rows }),
    );
  return { name: table.name, ...is };
}

async function* digested(rows: Readable, digest: TableDigest): AsyncGenerator<Buffer> {
  for await (const chunk of rows) {
    digest.add(chunk as Buffer);
    yield chunk as Buffer;
  }
}

/** Later rows get larger numbers than the copied ones. The numbers order the rows of one hospital. */
async function raiseSequences(client: pg.ClientBase, wanted: readonly Sequence[]): Promise<void> {
  for (const { name, lastValue } of wanted)
    await client.query(`SELECT setval($1::regclass, $2) FROM ${qualified(name)} WHERE last_value < $2`, [
      qualified(name),
      String(BigInt(lastValue) + SEQUENCE_MARGIN),
    ]);
}
