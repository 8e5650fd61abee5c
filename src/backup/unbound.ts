import pg from 'pg';

interface Suspension {
  readonly suspend: string;
  readonly resume: string;
}

// Each as a pair of statements. Triggers would write or refuse rows; a row may precede the row to which it refers;
// and PostgreSQL refuses COPY into a table whose row security applies to the session, as it does to the owner where
// it is forced.
const SUSPENSIONS = `
  WITH tables AS (
    SELECT c.oid, format('%I.%I', 'public', c.relname) AS name, c.relforcerowsecurity AS forced
      FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p'))
  SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', t.name, k.conname) AS suspend,
         format('ALTER TABLE %s ADD CONSTRAINT %I %s', t.name, k.conname, pg_get_constraintdef(k.oid)) AS resume
    FROM pg_constraint k JOIN tables t ON t.oid = k.conrelid WHERE k.contype = 'f' AND k.conparentid = 0
  UNION ALL
  SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', t.name, g.tgname),
         format('ALTER TABLE %s ENABLE %s TRIGGER %I', t.name,
                CASE g.tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END, g.tgname)
    FROM pg_trigger g JOIN tables t ON t.oid = g.tgrelid
   WHERE NOT g.tgisinternal AND g.tgparentid = 0 AND g.tgenabled <> 'D'
  UNION ALL
  SELECT format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', name), format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name)
    FROM tables WHERE forced`;

/**
 * Runs `load` while no foreign key, trigger or forced row security prevents it, and restores them: the keys are then
 * checked over all rows. Call it in a transaction that is rolled back if it throws.
 */
export async function unbound(client: pg.ClientBase, load: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<Suspension>(SUSPENSIONS);
  for (const { suspend } of rows) await client.query(suspend);
  await load();
  for (const { resume } of rows) await client.query(resume);
}
