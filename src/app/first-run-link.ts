import type { DataSource } from 'typeorm';
import { HOSPITALS_FIRST_FIRST } from '../tenancy/first-hospital.js';
import { hashOfToken, newToken } from '../tenancy/tokens.js';

const VALID_HOURS = 24;

/**
 * A new token for the link by which the first administrator comes in; undefined once the first hospital has people. Only
 * its hash is stored, so each start makes another one, and the link of an earlier start ends.
 */
export async function newFirstRunToken(owner: DataSource): Promise<string | undefined> {
  const token = newToken('fr_');
  const changed = await owner.query<unknown[]>(
    `INSERT INTO hospital_beginning AS b (hospital_id, first_run_hash, first_run_until)
       SELECT h.id, $1, program_now() + make_interval(hours => ${VALID_HOURS})
         FROM (SELECT id FROM ${HOSPITALS_FIRST_FIRST} LIMIT 1) AS h
        WHERE NOT EXISTS (SELECT FROM person p WHERE p.hospital_id = h.id)
     ON CONFLICT (hospital_id) DO UPDATE
       SET first_run_hash = excluded.first_run_hash, first_run_until = excluded.first_run_until
     RETURNING b.hospital_id AS id`,
    [hashOfToken(token)],
  );
  return changed.length > 0 ? token : undefined;
}
