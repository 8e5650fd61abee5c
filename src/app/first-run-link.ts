import type { DataSource } from 'typeorm';
import { hashOfToken, newToken } from '../accounts/sign-in/sessions.service.js';

const VALID_HOURS = 24;

/**
 * A new token for the link by which the first administrator comes in; undefined once the first hospital has people. Only
 * its hash is stored, so each start makes another one, and the link of an earlier start ends.
 */
export async function newFirstRunToken(owner: DataSource): Promise<string | undefined> {
  const token = newToken('fr_');
  const [, changed] = await owner.query<[unknown, number]>(
    `UPDATE hospital h SET first_run_hash = $1, first_run_until = program_now() + make_interval(hours => ${VALID_HOURS})
      WHERE id = (SELECT id FROM hospital ORDER BY created_at, id LIMIT 1)
        AND NOT EXISTS (SELECT FROM person p WHERE p.hospital_id = h.id)`,
    [hashOfToken(token)],
  );
  return changed > 0 ? token : undefined;
}
