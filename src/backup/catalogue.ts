import pg from 'pg';

/** A table in the catalogue of PostgreSQL. For a partitioned table its root, which reads all rows. */
export interface Table {
  readonly name: string;
  /** The stored columns; generated columns are computed from these. */
  readonly columns: readonly string[];
  /** An order that depends on the rows alone: the primary key, or the replica identity where it is another key, in bytes. */
  readonly orderBy: string;
}

export interface Partition {
  readonly name: string;
  readonly parent: string;
  /** `FOR VALUES …` or `DEFAULT`. */
  readonly bound: string;
}

export interface Sequence {
  readonly name: string;
  readonly lastValue: string;
  readonly isCalled: boolean;
}

/** TypeORM's list of migrations. The manifest names them; a restore never loads their rows. */
export const MIGRATIONS_TABLE = 'migrations';

export const qualified = (name: string): string => `public.${pg.escapeIdentifier(name)}`;

const OF_AN_EXTENSION = `EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

/** All tables of the schema `public`, whichever migration created them. */
export async function tablesOf(client: pg.ClientBase): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `SELECT c.relname::text AS name,
            array_agg(a.attname::text ORDER BY a.attnum) AS columns,
            coalesce(
              (SELECT string_agg(quote_ident(k.attname) || CASE WHEN k.attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END, ', ' ORDER BY n)
                 FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS key (attnum, n)
                 JOIN pg_attribute k ON k.attnum = key.attnum
                WHERE i.indrelid = c.oid AND (i.indisprimary OR i.indisreplident) AND k.attrelid = c.oid),
              'ROW(' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')::text COLLATE "C"') AS "orderBy"
       FROM pg_class c
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND c.relname <> $1 AND NOT ${OF_AN_EXTENSION}
      GROUP BY c.oid, c.relname ORDER BY c.relname COLLATE "C"`,
    [MIGRATIONS_TABLE],
  );
  return rows;
}

/** The migrations that were run, in order; undefined for a database without nedwatch. */
export async function migrationsOf(client: pg.ClientBase): Promise<string[] | undefined> {
  const table = qualified(MIGRATIONS_TABLE);
  const { rows: known } = await client.query(`SELECT WHERE to_regclass($1) IS NOT NULL`, [table]);
  if (known.length === 0) return undefined;
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${table} ORDER BY id`);
  return rows.map(({ name }) => name);
}

/** Partitions that contain rows. The program adds some over time, so no migration knows them all. */
export async function partitionsOf(client: pg.ClientBase): Promise<Partition[]> {
  const { rows } = await client.query<Partition>(
    `SELECT c.relname::text AS name, parent.relname::text AS parent, pg_get_expr(c.relpartbound, c.oid) AS bound
       FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class parent ON parent.oid = i.inhparent
      WHERE c.relnamespace = 'public'::regnamespace AND c.relispartition AND c.relkind = 'r' ORDER BY 1`,
  );
  return rows;
}

/** The state of each sequence. It is not part of the snapshot: it may be ahead of the rows, but never behind them. */
export async function sequencesOf(client: pg.ClientBase): Promise<Sequence[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname::text AS name FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S' AND NOT ${OF_AN_EXTENSION}
        AND NOT EXISTS (SELECT FROM pg_depend d
                         WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refobjid = to_regclass($1) AND d.deptype IN ('a', 'i'))
      ORDER BY 1`,
    [qualified(MIGRATIONS_TABLE)],
  );
  const sequences: Sequence[] = [];
  for (const { name } of rows) {
    const state = await client.query<Omit<Sequence, 'name'>>(
      `SELECT last_value::text AS "lastValue", is_called AS "isCalled" FROM ${qualified(name)}`,
    );
    for (const row of state.rows) sequences.push({ name, ...row });
  }
  return sequences;
}
