import type pg from 'pg';
import { BackupRefused } from './refusal.js';
import { msg } from '../platform/messages/dictionary.js';

// Row security shows a session every row if a permissive policy for it is `true`, and every restrictive policy is
// true for every row: the policies on a caller's scope are, where no scope is set.
const HIDING = `
  SELECT c.relname::text AS name
    FROM pg_class c
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND row_security_active(c.oid)
     AND (NOT EXISTS (SELECT FROM applying WHERE polrelid = c.oid AND polpermissive AND qual = 'true')
       OR EXISTS (SELECT FROM applying WHERE polrelid = c.oid AND NOT polpermissive
                     AND NOT (qual LIKE '((NOT reach\\_is\\_limited()) OR %' AND NOT reach_is_limited())))
   ORDER BY 1`;

const APPLYING = `
  WITH applying AS (
    SELECT polrelid, polpermissive, coalesce(pg_get_expr(polqual, polrelid), 'true') AS qual
      FROM pg_policy p
     WHERE polcmd IN ('*', 'r')
       AND EXISTS (SELECT FROM unnest(polroles) AS role WHERE role = 0 OR pg_has_role(role, 'USAGE')))`;

const UNREADABLE = `
  SELECT relname::text AS name FROM pg_class
   WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S') AND NOT has_table_privilege(oid, 'SELECT')
   ORDER BY 1`;

/**
 * Returns when this session may read every table and sequence and sees every row, and refuses otherwise. Row security
 * that does not apply to the session is turned off, so that PostgreSQL itself fails a query that would still be
 * filtered.
 */
export async function refuseHiddenRows(client: pg.ClientBase): Promise<void> {
  const { rows: unreadable } = await client.query<{ name: string }>(UNREADABLE);
  if (unreadable.length > 0)
    throw new BackupRefused(
      'not-readable',
      msg('not-readable', { tables: unreadable.map(({ name }) => name) }),
    );
  const { rows: bound } = await client.query(
    `SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND row_security_active(oid)`,
  );
  if (bound.length === 0) {
    await client.query('SET LOCAL row_security = off');
    return;
  }
  const { rows } = await client.query<{ name: string }>(`${APPLYING} ${HIDING}`);
  if (rows.length === 0) return;
  throw new BackupRefused('rows-hidden', msg('rows-hidden', { tables: rows.map(({ name }) => name) }));
}
