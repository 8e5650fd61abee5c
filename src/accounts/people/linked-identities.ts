import { In, IsNull, type UpdateResult } from 'typeorm';
import { ApiKey } from '../api-key.entity.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
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
  tx: HospitalTransaction,
  personId: string,
  { but }: { readonly but: readonly string[] } = { but: [] },
): Promise<void> {
  const { db, hospital } = tx;
  const [removed] = await db.query<[{ providerId: string }[], number]>(
    `DELETE FROM person_identity
      WHERE hospital_id = $1 AND person_id = $2 AND NOT roles_from_claims
        AND (linked_by IS NULL OR NOT linked_by = ANY ($3::uuid[]))
     RETURNING provider_id AS "providerId"`,
    [hospital.id, personId, but],
  );
  await endSessionsAt(
    tx,
    personId,
    removed.map(({ providerId }) => providerId),
  );
}

/** The most identities of one person in an answer. */
export const MOST_IDENTITIES = 100;

/** The identity of an account at a sign-on provider. */
export interface LinkedIdentity {
  /** The code of the provider. */
  readonly provider: string;
  readonly providerName: string;
  readonly subject: string;
  /** Whether the account came into being by a sign-in there. */
  readonly createdByProvider: boolean;
}

/** The identities of an account by provider and subject, `MOST_IDENTITIES` at most. */
export const identitiesOf = (
  { db, hospital }: HospitalTransaction,
  personId: string,
): Promise<LinkedIdentity[]> =>
  db.query<LinkedIdentity[]>(
    `SELECT p.code AS provider, p.name AS "providerName", i.subject, i.roles_from_claims AS "createdByProvider"
       FROM person_identity i JOIN sso_provider p ON p.hospital_id = i.hospital_id AND p.id = i.provider_id
      WHERE i.hospital_id = $1 AND i.person_id = $2 ORDER BY p.code, i.subject LIMIT $3`,
    [hospital.id, personId, MOST_IDENTITIES],
  );

/**
 * Removes one link that an administrator made, and ends the sessions that began at its provider. Refuses (409) the
 * identity by which the provider created the account: the next sign-in would create another one. Idempotent.
 */
export async function unlinkIdentity(
  tx: HospitalTransaction,
  personId: string,
  { provider, subject }: Pick<LinkedIdentity, 'provider' | 'subject'>,
): Promise<void> {
  const { db, hospital } = tx;
  const [link] = await db.query<{ providerId: string; createdByProvider: boolean }[]>(
    `SELECT i.provider_id AS "providerId", i.roles_from_claims AS "createdByProvider"
       FROM person_identity i JOIN sso_provider p ON p.hospital_id = i.hospital_id AND p.id = i.provider_id
      WHERE i.hospital_id = $1 AND i.person_id = $2 AND p.code = $3 AND i.subject = $4`,
    [hospital.id, personId, provider, subject],
  );
  if (link === undefined) return;
  if (link.createdByProvider)
    throw new DomainError('conflict', 'identity-of-provider', msg('identity-of-provider'));
  await db.query(
    'DELETE FROM person_identity WHERE hospital_id = $1 AND person_id = $2 AND provider_id = $3 AND subject = $4',
    [hospital.id, personId, link.providerId, subject],
  );
  await endSessionsAt(tx, personId, [link.providerId]);
}

const endSessionsAt = (
  { db, hospital, now }: HospitalTransaction,
  personId: string,
  providerIds: readonly string[],
): Promise<UpdateResult> =>
  db.update(
    Session,
    { personId, hospitalId: hospital.id, providerId: In(providerIds), endedAt: IsNull() },
    { endedAt: now },
  );

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
