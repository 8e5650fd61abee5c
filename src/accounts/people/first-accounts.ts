import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { Person } from '../person.entity.js';
import type { PersonInput } from '../person-schemas.js';
import { chosenPassword } from '../sign-in/password-choice.js';
import { registerPerson } from './people.service.js';

/**
 * Registers a person who has chosen this password already: the first administrator, and the people of a demonstration.
 * Refuses (422) a password that the hospital does not allow. The caller's rights are checked before.
 */
export async function registerWithPassword(
  tx: HospitalTransaction,
  input: PersonInput,
  password: string,
): Promise<Person> {
  const { person } = await registerPerson(tx, input);
  const chosen = await chosenPassword(tx, person, password);
  await tx.db.update(Person, { id: person.id, hospitalId: tx.hospital.id }, { ...chosen, setupBy: null });
  return person;
}
