import { IsNull, Not } from 'typeorm';
import { DomainError } from '../platform/domain-error.js';
import { ApiKey } from './api-key.entity.js';
import type { Caller } from '../tenancy/caller.js';
import { refuseBeyondOwn, type Rights } from './giving-rights.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { Person } from './person.entity.js';

export const NO_SETUP_CODE = { setupHash: null, setupExpiresAt: null };

/**
 * Revokes the credentials that a grantor has seen, after its rights became fewer or none (`left` null): its keys
 * beyond the remaining rights, with the keys that these created, and unused set-up codes.
 */
export async function limitGrantsOf(
  tx: HospitalTransaction,
  grantorId: string,
  left: Caller | null,
): Promise<void> {
  const { db, hospital, now } = tx;
  const keys = await db.findBy(ApiKey, {
    ...{ hospitalId: hospital.id, grantedBy: grantorId, revokedAt: IsNull() },
  });
  for (const key of keys) {
    if (left !== null && isWithinRights(left, key)) continue;
    await db.update(ApiKey, { id: key.id, hospitalId: hospital.id }, { revokedAt: now });
    await limitGrantsOf(tx, key.id, null);
  }
  const waiting = await db.findBy(Person, {
    ...{ hospitalId: hospital.id, setupBy: grantorId, setupHash: Not(IsNull()) },
  });
  for (const person of waiting)
    if (left === null || !isWithinRights(left, person))
      await db.update(Person, { id: person.id, hospitalId: hospital.id }, NO_SETUP_CODE);
}

/** Whether the caller could give these rights. */
export function isWithinRights(caller: Caller, rights: Rights): boolean {
  try {
    refuseBeyondOwn(caller, rights);
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}
