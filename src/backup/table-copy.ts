import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { qualified, type Table } from './catalogue.js';

/** Identifies the rows of a table, in the order of their key: the same rows give the same count and digest. */
export interface TableFigures {
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

const NEWLINE = 10;

/** Counts and digests a table's rows in the text form of COPY, where each line is a row. */
export class TableDigest {
  private readonly hash = createHash('sha256');
  private rows = 0;
  private bytes = 0;

  add(chunk: Buffer): void {
    this.hash.update(chunk);
    this.bytes += chunk.length;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) this.rows++;
  }

  figures(): TableFigures {
    return { rows: this.rows, bytes: this.bytes, sha256: this.hash.copy().digest('hex') };
  }
}

export const columnList = ({ columns }: Pick<Table, 'columns'>): string =>
  columns.map((column) => pg.escapeIdentifier(column)).join(', ');

/** All rows of the table, as this session sees them, or those that an SQL condition selects. */
export function readTable(client: pg.ClientBase, table: Table, where = 'true'): Readable {
  return client.query(
    copyTo(
      `COPY (SELECT ${columnList(table)} FROM ${qualified(table.name)} WHERE ${where} ORDER BY ${table.orderBy}) TO STDOUT`,
    ),
  );
}

export async function figuresOf(client: pg.ClientBase, table: Table, where?: string): Promise<TableFigures> {
  const digest = new TableDigest();
  for await (const chunk of readTable(client, table, where)) digest.add(chunk as Buffer);
  return digest.figures();
}

/** Adds rows to the table. */
export async function writeTable(
  client: pg.ClientBase,
  table: Pick<Table, 'name' | 'columns'>,
  rows: AsyncIterable<Buffer>,
): Promise<void> {
  const statement = `COPY ${qualified(table.name)} (${columnList(table)}) FROM STDIN`;
  await pipeline(rows, client.query(copyFrom(statement)));
}
