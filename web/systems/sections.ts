import type { Me } from '../calls/me.js';
import type { systemsWords } from './systems-words.js';

type Role = Me['roles'][number];
type Words = typeof systemsWords.zh;
export type SectionGroup = keyof Words['groups'];
export type SectionName =
  | 'endpoints'
  | 'status'
  | 'event-types'
  | 'inbox'
  | 'messages'
  | 'mappings'
  | 'senders'
  | 'exports';

interface Section {
  readonly name: SectionName;
  readonly word: { [Word in keyof Words]: Words[Word] extends string ? Word : never }[keyof Words];
  readonly group: SectionGroup;
  readonly roles: readonly Role[];
}

const TECHNICIANS: readonly Role[] = ['hospital_admin', 'integration'];
const CARE: readonly Role[] = ['nurse', 'head_nurse', 'clinician'];

/** What goes out comes first for hospital IT, what came in for people who care for patients: the first section is shown. */
export const SECTIONS: readonly Section[] = [
  { name: 'endpoints', word: 'endpoints', group: 'sent', roles: TECHNICIANS },
  { name: 'inbox', word: 'inbox', group: 'received', roles: [...CARE, ...TECHNICIANS, 'auditor'] },
  { name: 'messages', word: 'messages', group: 'received', roles: [...TECHNICIANS, 'head_nurse'] },
  { name: 'mappings', word: 'mappings', group: 'received', roles: [...TECHNICIANS, 'head_nurse'] },
  { name: 'senders', word: 'senders', group: 'received', roles: [...TECHNICIANS, 'auditor'] },
  { name: 'exports', word: 'exports', group: 'sent', roles: TECHNICIANS },
  { name: 'event-types', word: 'eventTypes', group: 'sent', roles: [...TECHNICIANS, 'head_nurse'] },
  { name: 'status', word: 'status', group: 'running', roles: [...TECHNICIANS, 'head_nurse'] },
];

/** The sections for people with these roles, by group. */
export function groupsFor(
  roles: readonly string[],
): readonly { readonly group: SectionGroup; readonly sections: readonly Section[] }[] {
  const own = SECTIONS.filter((section) => section.roles.some((role) => roles.includes(role)));
  const groups = [...new Set(own.map(({ group }) => group))];
  return groups.map((group) => ({ group, sections: own.filter((section) => section.group === group) }));
}

/** Endpoints are what `/systems` shows to hospital IT. */
export const sectionAddress = (name: SectionName): string =>
  name === 'endpoints' ? '/systems' : `/systems/${name}`;
