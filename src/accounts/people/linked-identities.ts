import { In, IsNull } from 'typeorm';
import { ApiKey } from '../api-key.entity.js';
import type { Caller } from '../../tenancy/caller.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { isWithinRights } from '../limits-passed-on.js';
import { Person } from '../person.entity.js';
import { Session } from '../sign-in/session.entity.js';
import { callerOf } from '../sign-in/sessions.service.js';

/**
 * Removes the links of an account to sign-on providers whose linker could not give the account its present rights, and
 * ends the sessions that began at these providers. To be called after an account got more rights: its linker may be
 * the one who signs in there. A linker that is gone, or is not known, could give nothing.
 */
export async function unlinkBeyondLinkers(tx: HospitalTransaction, person: Person): Promise<void> {
  const { db, hospital } = tx;
  const links = await db.query<{ linkedBy: string | null }[]>(
    `SELECT DISTINCT linked_by AS "linkedBy" FROM person_identity
      WHERE hospital_id = $1 AND person_id = $2 AND NOT roles_from_claims`,
    [hospital.id, person.id],
  );
  if (links.length === 0) return;
  const ids = links.flatMap(({ linkedBy }) => linkedBy ?? []);
  const linkers = (await callersOf(tx, ids)).filter((linker) => isWithinRights(linker, person));
  await unlink(tx, person.id, { but: linkers.map(({ id }) => id) });
}

/** Removes the links of an account that administrators made, but those of the linkers `but`, and ends the sessions that began there. */
export async function unlink(
  { db, hospital, now }: HospitalTransaction,
  personId: string,
  { but }: { readonly but: readonly string[] } = { but: [] },
): Promise<void> {
  const [removed] = await db.query<[{ providerId: string }[], number]>(
    `DELETE FROM person_identity
      WHERE hospital_id = $1 AND person_id = $2 AND NOT roles_from_claims
        AND (linked_by IS NULL OR NOT linked_by = ANY ($3::uuid[]))
     RETURNING provider_id AS "providerId"`,
    [hospital.id, personId, but],
  );
  const providerId = In(removed.map((one) => one.providerId));
  await db.update(
    Session,
    { personId, hospitalId: hospital.id, providerId, endedAt: IsNull() },
    { endedAt: now },
  );
}

/** The people and keys among `ids` that can still act. */
async function callersOf({ db, hospital, now }: HospitalTransaction, ids: string[]): Promise<Caller[]> {
  const which = { id: In(ids), hospitalId: hospital.id };
  const people = await db.findBy(Person, { ...which, state: 'active' });
  const keys = await db.findBy(ApiKey, { ...which, revokedAt: IsNull() });
  const callers = [...people.map((person) => callerOf(person)), ...keys.map(callerOfKey)];
  return callers.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
}

const callerOfKey = ({ id, hospitalId, name, roles, scopes, departments, ...key }: ApiKey): Caller => ({
  ...{ kind: 'key', id, hospitalId, name, roles, scopes, patientScope: { departments, ownOnly: false } },
  ...{ addresses: key.addresses, expiresAt: key.expiresAt },
});
