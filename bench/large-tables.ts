import type { DataSource } from 'typeorm';
import { TODAY } from './filled-hospital.js';
import { percentiles } from './filled-program.js';
import type { ScaledProgram } from './scaled-program.js';

const PARTITIONS = 16;
const ROUNDS = 200;
const COPIES = { whole: 'bench_items', partitioned: 'bench_items_parted' } as const;

/** What a page, a patient and a sweep ask of the items. `$1`: the hospital, `$2`: a patient. */
const QUERIES: Readonly<Record<string, (table: string) => string>> = {
  'items of a patient': (table) =>
    `SELECT * FROM ${table} WHERE hospital_id = $1 AND patient_id = $2 ORDER BY due`,
  'a page of overdue items': (table) =>
    `SELECT id FROM ${table} WHERE hospital_id = $1 AND state = 'active' AND overdue <= '${TODAY}' AND $2::uuid IS NOT NULL
      ORDER BY overdue, id LIMIT 50`,
  'a sweep that finds nothing': (table) =>
    `SELECT patient_id FROM ${table} WHERE hospital_id = $1 AND next_reminder_on <= '${TODAY}' AND $2::uuid IS NOT NULL`,
  'an item by its id': (table) =>
    `SELECT * FROM ${table} WHERE id = (SELECT id FROM surveillance_item WHERE hospital_id = $1 AND patient_id = $2 LIMIT 1)`,
};

/**
 * Compares the items in one table with the same in hash partitions by hospital, and measures how long a vacuum takes
 * after a share of the items has changed. The copies have the indexes that these queries use, and are removed.
 */
export async function measureTables({ program, hospitals }: ScaledProgram): Promise<void> {
  const { id = '', patientId = '' } = hospitals[0] ?? {};
  await program.database.asOwner(async (owner) => {
    try {
      await makeCopies(owner);
      for (const [name, queryOf] of Object.entries(QUERIES))
        await compare(owner, name, queryOf, [id, patientId]);
      await compareVacuum(owner);
    } finally {
      for (const copy of Object.values(COPIES)) await owner.query(`DROP TABLE IF EXISTS ${copy}`);
    }
  });
}

async function makeCopies(owner: DataSource): Promise<void> {
  const { whole, partitioned } = COPIES;
  await owner.query(`CREATE TABLE ${whole} (LIKE surveillance_item) WITH (autovacuum_enabled = off)`);
  await owner.query(`CREATE TABLE ${partitioned} (LIKE surveillance_item) PARTITION BY HASH (hospital_id)`);
  for (let n = 0; n < PARTITIONS; n++)
    await owner.query(
      `CREATE TABLE ${partitioned}_${n} PARTITION OF ${partitioned} FOR VALUES WITH (MODULUS ${PARTITIONS}, REMAINDER ${n})
         WITH (autovacuum_enabled = off)`,
    );
  for (const copy of [whole, partitioned]) {
    await owner.query(`INSERT INTO ${copy} SELECT * FROM surveillance_item`);
    for (const columns of ['(id)', '(hospital_id, patient_id)'])
      await owner.query(`CREATE INDEX ON ${copy} ${columns}`);
    await owner.query(`CREATE INDEX ON ${copy} (hospital_id, overdue, id) WHERE state = 'active'`);
    await owner.query(
      `CREATE INDEX ON ${copy} (hospital_id, next_reminder_on) WHERE next_reminder_on IS NOT NULL`,
    );
    await owner.query(`VACUUM ANALYZE ${copy}`);
  }
  await owner.query('CHECKPOINT');
}

async function compare(
  owner: DataSource,
  name: string,
  queryOf: (table: string) => string,
  values: readonly string[],
): Promise<void> {
  const tables = Object.values(COPIES).map((table) => ({ text: queryOf(table), taken: [] as number[] }));
  for (let n = 0; n < ROUNDS; n++)
    for (const { text, taken } of tables)
      taken.push(await milliseconds(() => owner.query(text, [...values])));
  const [whole = 0, partitioned = 0] = tables.map(({ taken }) => percentiles(taken).p50);
  console.log(
    `${name.padEnd(36)} | one table ${whole.toFixed(2)} ms | ${PARTITIONS} partitions ${partitioned.toFixed(2)} ms | ${(partitioned / whole).toFixed(2)} times`,
  );
}

/** Two and twenty per cent of the items change: the thresholds of autovacuum that are compared. */
async function compareVacuum(owner: DataSource): Promise<void> {
  for (const share of [2, 20])
    for (const copy of Object.values(COPIES)) {
      await owner.query(
        `UPDATE ${copy} SET next_reminder_on = next_reminder_on + 1 WHERE abs(hashtext(id::text)) % 100 < ${share}`,
      );
      const vacuum = await milliseconds(() => owner.query(`VACUUM ${copy}`));
      const [{ bytes }] = await owner.query<[{ bytes: number }]>(
        `SELECT pg_total_relation_size($1::regclass)
                + coalesce((SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree($1::regclass) WHERE isleaf AND relid <> $1::regclass), 0)::float8 AS bytes`,
        [copy],
      );
      console.log(
        `${share} % of ${copy} changed: its vacuum takes ${(vacuum / 1000).toFixed(1)} s, ${Math.round(bytes / 1e6)} MB after it`,
      );
    }
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
