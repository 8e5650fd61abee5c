import pg from 'pg';
import { type Partition, partitionsOf, qualified } from './catalogue.js';

/** Adds the partitions that the database lacks. Each addition locks its table, for a moment. */
export async function addPartitions(client: pg.ClientBase, wanted: readonly Partition[]): Promise<void> {
  const known = new Set((await partitionsOf(client)).map(({ name }) => name));
  for (const { name, parent, bound } of wanted) {
    if (known.has(name)) continue;
    await client.query(`CREATE TABLE ${qualified(name)} PARTITION OF ${qualified(parent)} ${bound}`);
    // A partition does not inherit its guard. For a backup from before the guard existed, a migration adds it.
    await client.query(`
      DO $$ BEGIN
        IF ${pg.escapeLiteral(parent)} = 'audit_event' AND to_regprocedure('guard_audit_partition(regclass)') IS NOT NULL THEN
          PERFORM guard_audit_partition(${pg.escapeLiteral(qualified(name))}::regclass);
        END IF;
      END $$`);
  }
}
