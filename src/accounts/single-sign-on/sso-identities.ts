import { Logger } from '@nestjs/common';
import type { IDToken } from 'openid-client';
import { IsNull } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { DomainError } from '../../platform/domain-error.js';
import type { Message } from '../../guideline/message.js';
import { type AuditedCall, recordAudit } from '../../tenancy/audit-entry.js';
import type { Role } from '../../tenancy/caller.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { Person } from '../person.entity.js';
import { limitGrantsOf, NO_SETUP_CODE } from '../limits-passed-on.js';
import { unlinkBeyondLinkers } from '../people/linked-identities.js';
import { hasOtherAdmin, isLastingAdmin, widens } from '../people/people.service.js';
import { loginOf } from '../person-schemas.js';
import { callerOf } from '../sign-in/sessions.service.js';
import { Session } from '../sign-in/session.entity.js';
import type { SsoProvider } from './sso-provider.entity.js';
import { msg } from '../../platform/messages/dictionary.js';

const log = new Logger('SingleSignOn');

interface Identity {
  readonly personId: string;
  readonly rolesFromClaims: boolean;
}

const notKnownHere = (message: Message): DomainError =>
  new DomainError('forbidden', 'not-known-here', message);

/**
 * The person that the provider authenticated: known by issuer and subject, or registered now where the provider may
 * do so.
 */
export async function resolveSsoUser(
  tx: HospitalTransaction,
  provider: SsoProvider,
  claims: IDToken,
  audited: AuditedCall,
): Promise<Person> {
  const { db, hospital } = tx;
  // Of two simultaneous first visits one registers the person, and the other finds it.
  await db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${provider.id} ${claims.sub}`]);
  const [identity] = await db.query<Identity[]>(
    `SELECT person_id AS "personId", roles_from_claims AS "rolesFromClaims" FROM person_identity
      WHERE hospital_id = $1 AND provider_id = $2 AND subject = $3`,
    [hospital.id, provider.id, claims.sub],
  );
  const claimed = rolesIn(claims, provider);
  if (!identity) {
    if (!provider.autoCreate) throw notKnownHere(msg('not-known-here'));
    refuseWithoutRole(claimed);
    const person = await registerSsoUser(tx, provider, claims, claimed);
    await recordAudit(tx.db, tx.caller, audited, {
      ...{ outcome: 'done', status: null, patients: [], detail: { registered: person.id } },
    });
    return person;
  }
  const which = { id: identity.personId, hospitalId: hospital.id };
  const person = await db.findOneOrFail(Person, { where: which, lock: { mode: 'pessimistic_write' } });
  if (person.state !== 'active') throw notKnownHere(msg('account-disabled'));
  if (!identity.rolesFromClaims) return person;
  refuseWithoutRole(claimed);
  const roles = await withLastAdmin(tx, person, claimed);
  if (roles.join() === [...person.roles].sort().join()) return person;
  await db.update(Person, which, { roles, ...NO_SETUP_CODE });
  const running = { personId: person.id, hospitalId: hospital.id, endedAt: IsNull() };
  await db.update(Session, running, { endedAt: tx.now });
  const changed = { ...person, roles };
  if (widens(person, changed)) await unlinkBeyondLinkers(tx, changed);
  await limitGrantsOf(tx, person.id, callerOf(changed));
  return changed;
}

/**
 * Whether the person is still linked with this subject. No other transaction removes the link before this one ends.
 */
export async function isStillLinked(
  { db, hospital }: HospitalTransaction,
  { provider, subject, personId }: { provider: SsoProvider; subject: string; personId: string },
): Promise<boolean> {
  const found = await db.query<unknown[]>(
    `SELECT FROM person_identity WHERE hospital_id = $1 AND provider_id = $2 AND subject = $3 AND person_id = $4
       FOR KEY SHARE`,
    [hospital.id, provider.id, subject, personId],
  );
  return found.length > 0;
}

/**
 * Claims never remove the last administrator of a hospital: that person keeps the role in addition to the claimed
 * ones.
 */
async function withLastAdmin(tx: HospitalTransaction, person: Person, claimed: Role[]): Promise<Role[]> {
  const losesAdmin = isLastingAdmin(person) && !claimed.includes('hospital_admin');
  if (!losesAdmin || (await hasOtherAdmin(tx, person.id))) return claimed;
  log.warn(`Claims would remove the last administrator ${person.id} of hospital ${tx.hospital.id}.`);
  return [...claimed, 'hospital_admin' as const].sort();
}

/** The roles of the claims, in a fixed order. */
function rolesIn(claims: IDToken, { roleClaim, roleMap }: SsoProvider): Role[] {
  const claimed = claims[roleClaim];
  const values = (Array.isArray(claimed) ? claimed : [claimed]).filter((one) => typeof one === 'string');
  const given = values.flatMap((value) => (Object.hasOwn(roleMap, value) ? (roleMap[value] ?? []) : []));
  return [...new Set(given)].sort();
}

function refuseWithoutRole(roles: readonly Role[]): void {
  if (roles.length === 0) throw notKnownHere(msg('no-role-here'));
}

/** A new person is never matched with an existing one by name. */
async function registerSsoUser(
  tx: HospitalTransaction,
  provider: SsoProvider,
  claims: IDToken,
  roles: Role[],
): Promise<Person> {
  const { db, hospital, now } = tx;
  const { language } = hospital;
  const id = uuid();
  const known = typeof claims.preferred_username === 'string' ? claims.preferred_username : claims.sub;
  const login = await freeOf(
    tx,
    'login',
    loginOf(known)
      .replace(/[^\p{L}\p{M}\p{N}._@-]/gu, '-')
      .slice(0, 50),
  );
  const claimed = typeof claims.name === 'string' ? claims.name.replaceAll('\0', '').trim().slice(0, 80) : '';
  const name = await freeOf(tx, 'name', claimed === '' ? login : claimed);
  const created = { id, hospitalId: hospital.id, createdAt: now, createdBy: `sso:${provider.code}` };
  await db.insert(Person, {
    ...{
      ...created,
      login,
      name,
      roles,
      departments: null,
      ownPatientsOnly: false,
      language,
      state: 'active',
    },
  });
  await db.query(
    `INSERT INTO person_identity (hospital_id, provider_id, subject, person_id, roles_from_claims)
     VALUES ($1, $2, $3, $4, true)`,
    [hospital.id, provider.id, claims.sub, id],
  );
  return db.findOneByOrFail(Person, { id, hospitalId: hospital.id });
}

async function freeOf(
  { db, hospital }: HospitalTransaction,
  field: 'login' | 'name',
  wanted: string,
): Promise<string> {
  for (let n = 1; ; n++) {
    const value = n === 1 && wanted.length > 1 ? wanted : `${wanted}-${n}`;
    if (!(await db.existsBy(Person, { [field]: value, hospitalId: hospital.id }))) return value;
  }
}
