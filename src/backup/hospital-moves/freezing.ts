import type pg from 'pg';
import { msg } from '../../platform/messages/dictionary.js';
import { NotYet, type Patience, waitFor } from '../../platform/start-wait.js';
import { at, type Place } from './place.js';

/**
 * Keeps every program out of the hospital, and returns once no transaction is left that entered it before. Throws
 * `StartTimeout` where one does not end in time; the hospital is then served again.
 */
export async function freeze(
  place: Place,
  hospitalId: string,
  other: string,
  patience: Patience,
): Promise<void> {
  await at(place, (client) =>
    client.query(
      `INSERT INTO hospital_move (hospital_id, state, other, began_at) VALUES ($1, 'leaving', $2, program_now())
       ON CONFLICT (hospital_id) DO UPDATE SET state = excluded.state, other = excluded.other, began_at = excluded.began_at
         WHERE hospital_move.state IS NULL`,
      [hospitalId, other],
    ),
  );
  try {
    await at(place, (client) => endOfEntered(client, patience));
  } catch (error) {
    await thaw(place, hospitalId);
    throw error;
  }
}

/** The hospital is served here again. */
export async function thaw(place: Place, hospitalId: string): Promise<void> {
  await at(place, (client) =>
    client.query('UPDATE hospital_move SET state = NULL WHERE hospital_id = $1', [hospitalId]),
  );
}

/** The rows of the other place are in force from this moment on. */
export async function leave(place: Place, hospitalId: string): Promise<void> {
  await at(place, (client) =>
    client.query(`UPDATE hospital_move SET state = 'left' WHERE hospital_id = $1`, [hospitalId]),
  );
}

/**
 * A transaction that entered a hospital has looked for its move, and holds the lock of that look until it ends. One
 * that looks now finds the move.
 */
async function endOfEntered(client: pg.ClientBase, patience: Patience): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT DISTINCT virtualtransaction AS id FROM pg_locks
      WHERE locktype = 'relation' AND relation = 'hospital_move'::regclass AND pid <> pg_backend_pid()
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  const entered = rows.map(({ id }) => id);
  await waitFor(patience, async () => {
    const { rows: left } = await client.query(
      `SELECT FROM pg_locks WHERE locktype = 'virtualxid' AND virtualxid = ANY ($1)`,
      [entered],
    );
    if (left.length > 0) throw new NotYet(msg('wait-hospital-work', { count: left.length }));
  });
}
