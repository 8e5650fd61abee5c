import type { Person, Role } from '../calls/people.js';
import { instantText } from '../words/dates.js';

/** What is typed about a person. */
export interface PersonForm {
  readonly name: string;
  readonly language: 'zh' | 'en';
  readonly roles: readonly Role[];
  /** null: every department. */
  readonly departments: readonly string[] | null;
  readonly ownPatientsOnly: boolean;
  /** The last day of the account; empty: it does not end. */
  readonly lastDay: string;
  /** One range a line; empty: from anywhere. */
  readonly addresses: string;
}

export const NEW_PERSON: PersonForm = {
  ...{ name: '', language: 'zh', roles: ['nurse'], departments: null },
  ...{ ownPatientsOnly: false, lastDay: '', addresses: '' },
};

export const formOf = (person: Person, timeZone: string): PersonForm => ({
  name: person.name,
  language: person.language,
  roles: person.roles as readonly Role[],
  departments: person.departments,
  ownPatientsOnly: person.ownPatientsOnly,
  lastDay: person.expiresAt === null ? '' : instantText(person.expiresAt, timeZone).slice(0, 10),
  addresses: person.addresses?.join('\n') ?? '',
});

/** Ranges typed on lines or beside each other; null: none. */
export function rangesIn(typed: string): string[] | null {
  const ranges = typed.split(/[\s,，;；]+/).filter((range) => range !== '');
  return ranges.length === 0 ? null : ranges;
}

/** Whether it can be sent: a limit to no department at all must not become no limit. */
export const isComplete = ({ roles, departments }: PersonForm): boolean =>
  roles.length > 0 && departments?.length !== 0;

/** What was typed, in the form of the calls. */
export const settingsOf = (form: PersonForm, endOfDay: (day: string) => string) => ({
  name: form.name.trim(),
  language: form.language,
  roles: [...form.roles],
  departments: form.departments && [...form.departments],
  ownPatientsOnly: form.ownPatientsOnly,
  expiresAt: form.lastDay === '' ? null : endOfDay(form.lastDay),
  addresses: rangesIn(form.addresses),
});
