import { registerWithPassword } from '../accounts/people/first-accounts.js';
import type { Person } from '../accounts/person.entity.js';
import type { Role } from '../tenancy/caller.js';
import { DEMONSTRATION_PASSWORD } from '../tenancy/demonstration.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';

interface Invented {
  readonly login: string;
  readonly name: string;
  readonly role: Role;
}

/** The people of the ward, in the order of the sign-in page. The roster names the nurses. */
const PEOPLE: readonly Invented[] = [
  { login: 'li.min', name: '李敏', role: 'nurse' },
  { login: 'zhou.jie', name: '周洁', role: 'nurse' },
  { login: 'wu.qian', name: '吴倩', role: 'nurse' },
  { login: 'chen.jing', name: '陈静', role: 'head_nurse' },
  { login: 'zhao.mingyuan', name: '赵明远', role: 'clinician' },
  { login: 'sun.lei', name: '孙磊', role: 'hospital_admin' },
];

export const DEMO_LOGINS: readonly string[] = PEOPLE.map(({ login }) => login);

export interface DemoStaff {
  readonly nurses: readonly Person[];
  readonly headNurse: Person;
}

/** Registers the people, all with the public password. */
export async function registerPeople(tx: HospitalTransaction): Promise<DemoStaff> {
  const people: Person[] = [];
  for (const { login, name, role } of PEOPLE) {
    const account = { login, name, roles: [role], departments: null, ownPatientsOnly: false };
    people.push(await registerWithPassword(tx, account, DEMONSTRATION_PASSWORD));
  }
  const nurses = people.filter(({ roles }) => roles.includes('nurse'));
  const headNurse = people.find(({ roles }) => roles.includes('head_nurse'));
  if (!headNurse) throw new Error('The demonstration has a head nurse.');
  return { nurses, headNurse };
}
