import { DomainError } from '../platform/domain-error.js';
import type { Message } from '../guideline/message.js';
import { msg } from '../platform/messages/dictionary.js';
import { isRangeWithin } from '../platform/outbound/address-range.js';
import { type Caller, type Role, ROLES } from '../tenancy/caller.js';
import { RIGHTS } from '../tenancy/rights.js';

/** The rights of a person or key, existing or requested. Null means no limit of that kind. */
export interface Rights {
  readonly roles: readonly Role[];
  readonly departments: readonly string[] | null;
  /** Left out for keys, which have no patients of their own. */
  readonly ownPatientsOnly?: boolean;
  /** For a key; left out for people, who have every scope that their roles need. */
  readonly scopes?: readonly string[] | null;
  readonly addresses: readonly string[] | null;
  readonly expiresAt: Date | null;
}

/**
 * Refuses (403) a grant beyond the caller's own rights: roles, departments, scopes, addresses and expiry. Every call
 * that issues a credential or widens rights makes this check.
 */
export function refuseBeyondOwn(caller: Caller, given: Rights): void {
  refuseAccountBeyondOwn(caller, given);
  const { addresses, expiresAt } = caller;
  if (
    addresses !== null &&
    (given.addresses === null || given.addresses.some((range) => !isRangeWithin(range, addresses)))
  )
    throw notYours(msg('addresses-not-yours', { addresses }));
  if (expiresAt !== null && (given.expiresAt === null || given.expiresAt > expiresAt))
    throw notYours(msg('expiry-not-yours', { expiresAt: expiresAt.toISOString() }));
}

/**
 * Refuses (403) to change, reset or revoke an account or key with more rights than the caller's own. Addresses and
 * expiry do not count: a key that ends tomorrow may revoke one that does not.
 */
export function refuseAccountBeyondOwn(
  caller: Caller,
  account: Omit<Rights, 'addresses' | 'expiresAt'>,
): void {
  const { roles, departments, ownPatientsOnly, scopes } = account;
  const givable = rolesToGive(caller);
  if (roles.includes('platform_operator') && !givable.includes('platform_operator'))
    throw notYours(msg('role-platform-operator'));
  if (roles.some((role) => !givable.includes(role)))
    throw notYours(msg('roles-not-yours', { roles: givable }));
  const own = caller.patientScope.departments;
  if (own !== null && (departments === null || departments.some((one) => !own.includes(one))))
    throw notYours(msg('departments-not-yours', { departments: own }));
  if (caller.patientScope.ownOnly && ownPatientsOnly !== true) throw notYours(msg('own-patients-not-yours'));
  if (caller.scopes === null) return;
  const { scopes: ownScopes } = caller;
  if (scopes === undefined) {
    const missing = scopesOf(roles).filter((scope) => !ownScopes.includes(scope));
    if (missing.length > 0) throw notYours(msg('roles-beyond-scopes', { roles, scopes: ownScopes, missing }));
  } else if (scopes === null || scopes.some((one) => !ownScopes.includes(one)))
    throw notYours(msg('scopes-not-yours', { scopes: ownScopes }));
}

/** Refuses (403) a caller with any limit, because a configuration applies to the whole hospital without end. */
export function refuseLimited(caller: Caller): void {
  const { scopes, addresses, expiresAt, patientScope } = caller;
  const limits = [scopes, addresses, expiresAt, patientScope.departments];
  if (limits.some((limit) => limit !== null) || patientScope.ownOnly) throw notYours(msg('unlimited-only'));
}

/** An administrator gives every role of the hospital; only an operator gives the operator's role. */
function rolesToGive({ roles }: Caller): readonly Role[] {
  const administers = roles.includes('hospital_admin');
  return ROLES.filter((role) => roles.includes(role) || (administers && role !== 'platform_operator'));
}

/** What people with these roles may do, as scopes of keys; without their own account. */
function scopesOf(roles: readonly Role[]): readonly string[] {
  const rights = Object.values(RIGHTS).filter(
    ({ roles: allowed, scope }) => !scope.startsWith('self:') && allowed.some((role) => roles.includes(role)),
  );
  return [...new Set(rights.map(({ scope }) => scope))].sort();
}

const notYours = (message: Message): DomainError =>
  new DomainError('forbidden', 'not-yours-to-give', message);
