import { invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { canOwn, type Staff, type StaffMember } from './owners.js';

/** The person of the hospital with this id. Refuses (422) an unknown one; `pointer` is the field that names them. */
export function knownPerson(staff: Staff, id: string, pointer: string): StaffMember {
  const person = staff.person(id);
  if (person) return person;
  const message = msg('unknown-person', { id });
  throw invalid('unknown-person', message, [{ pointer, code: 'unknown-person', message }]);
}

/** The same, for a person who is to own patients: refuses (422) a closed account and other roles. */
export function personAbleToOwn(staff: Staff, id: string, pointer: string): StaffMember {
  const person = knownPerson(staff, id, pointer);
  if (canOwn(person)) return person;
  const message = msg('cannot-own', { name: person.name });
  throw invalid('cannot-own', message, [{ pointer, code: 'cannot-own', message }]);
}
