import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { hashOfToken, newToken } from '../../tenancy/tokens.js';

const DEVICE_PREFIX = 'dev_';
const DEVICES_OF_ONE = 20;

/** The digest of the device's token if this person has signed in there before. */
export async function knownDevice(
  { db, hospital }: HospitalTransaction,
  personId: string | undefined,
  token: string | undefined,
): Promise<Buffer | undefined> {
  if (personId === undefined || token === undefined) return undefined;
  const [found] = await db.query<{ hash: Buffer }[]>(
    `SELECT token_hash AS hash FROM known_device WHERE hospital_id = $1 AND token_hash = $2 AND person_id = $3`,
    [hospital.id, hashOfToken(token), personId],
  );
  return found?.hash;
}

/**
 * Records that this person has signed in on the device. Returns the token for the browser. It keeps an existing token
 * of this hospital, because several people share a ward's computer.
 */
export async function rememberDevice(
  { db, hospital }: HospitalTransaction,
  personId: string,
  presented: string | undefined,
): Promise<string> {
  const ours =
    presented !== undefined &&
    (
      await db.query<unknown[]>(
        'SELECT FROM known_device WHERE hospital_id = $1 AND token_hash = $2 LIMIT 1',
        [...[hospital.id, hashOfToken(presented)]],
      )
    ).length > 0;
  const token = ours ? presented : newToken(DEVICE_PREFIX);
  await db.query(
    `INSERT INTO known_device (hospital_id, token_hash, person_id, last_used_at) VALUES ($1, $2, $3, program_now())
     ON CONFLICT (hospital_id, token_hash, person_id) DO UPDATE SET last_used_at = excluded.last_used_at`,
    [hospital.id, hashOfToken(token), personId],
  );
  await db.query(
    `DELETE FROM known_device WHERE hospital_id = $1 AND person_id = $2 AND token_hash IN (
       SELECT token_hash FROM known_device WHERE hospital_id = $1 AND person_id = $2
        ORDER BY last_used_at DESC OFFSET ${DEVICES_OF_ONE})`,
    [hospital.id, personId],
  );
  return token;
}

/** Forgets all devices of the person. */
export async function forgetDevices({ db, hospital }: HospitalTransaction, personId: string): Promise<void> {
  await db.query('DELETE FROM known_device WHERE hospital_id = $1 AND person_id = $2', [
    hospital.id,
    personId,
  ]);
}
