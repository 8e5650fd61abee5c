import { invalid } from '../../platform/domain-error.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { Hospital } from '../../tenancy/hospital.entity.js';
import { formerWith, hashOfPassword, passwordFaults, wasUsed } from './passwords.js';
import type { Person } from '../person.entity.js';
import { msg } from '../../platform/messages/dictionary.js';

type Chosen = Pick<
  Person,
  'passwordHash' | 'passwordChangedAt' | 'formerPasswords' | 'setupHash' | 'setupExpiresAt'
>;

/**
 * The changed columns of a person who chooses this password. Refuses (422) one that the hospital's policy does not
 * allow.
 */
export async function chosenPassword(
  { db, hospital, now }: HospitalTransaction,
  person: Person,
  password: string,
): Promise<Chosen> {
  const { name, code, passwordPolicy: policy } = await db.findOneByOrFail(Hospital, { id: hospital.id });
  const at = '/newPassword';
  const known = ['nedwatch', person.login, person.name, name, ...(code === null ? [] : [code])];
  const secondFactor = person.totpConfirmedAt !== null;
  const faults = passwordFaults(password, { policy, secondFactor, known }, at);
  const used = { present: person.passwordHash, former: person.formerPasswords };
  if (faults.length === 0 && (await wasUsed(password, used, policy)))
    faults.push({
      pointer: at,
      code: 'password-used',
      message: msg('password-used'),
    });
  if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
  return {
    passwordHash: await hashOfPassword(password),
    passwordChangedAt: now,
    formerPasswords: formerWith(person.passwordHash, person.formerPasswords),
    setupHash: null,
    setupExpiresAt: null,
  };
}
