import { type ComponentType, lazy, type LazyExoticComponent } from 'react';
import type { Role } from '../calls/people.js';

export const GROUPS = ['people', 'work', 'texts', 'control'] as const;

type SectionName =
  | 'people'
  | 'nurse-names'
  | 'departments'
  | 'sign-in'
  | 'api-keys'
  | 'absences'
  | 'work-calendar'
  | 'capacities'
  | 'ward'
  | 'messages'
  | 'templates'
  | 'uncertain-messages'
  | 'scripts'
  | 'printed-pages'
  | 'audit';

interface Section {
  /** The end of its address, and the key of its title. */
  readonly name: SectionName;
  readonly group: (typeof GROUPS)[number];
  /** Who sees it. */
  readonly roles: readonly Role[];
  readonly Part: LazyExoticComponent<ComponentType>;
}

const ACCOUNTS: readonly Role[] = ['hospital_admin', 'auditor'];
const HEADS: readonly Role[] = ['hospital_admin', 'head_nurse'];
const READERS: readonly Role[] = ['hospital_admin', 'head_nurse', 'auditor'];

/** All sections, each loaded when it is opened. */
const SECTIONS: readonly Section[] = [
  {
    ...{ name: 'people', group: 'people', roles: ACCOUNTS },
    Part: lazy(() => import('./people-section.js')),
  },
  {
    ...{ name: 'nurse-names', group: 'people', roles: READERS },
    Part: lazy(() => import('./nurse-names-section.js')),
  },
  {
    ...{ name: 'departments', group: 'people', roles: READERS },
    Part: lazy(() => import('./departments-section.js')),
  },
  {
    ...{ name: 'sign-in', group: 'people', roles: ACCOUNTS },
    Part: lazy(() => import('./sign-in-section.js')),
  },
  {
    ...{ name: 'api-keys', group: 'people', roles: ACCOUNTS },
    Part: lazy(() => import('./api-keys-section.js')),
  },
  {
    ...{ name: 'absences', group: 'work', roles: HEADS },
    Part: lazy(() => import('./absences-section.js')),
  },
  {
    ...{ name: 'work-calendar', group: 'work', roles: READERS },
    Part: lazy(() => import('./work-calendar-section.js')),
  },
  {
    ...{ name: 'capacities', group: 'work', roles: READERS },
    Part: lazy(() => import('./capacities-section.js')),
  },
  { ...{ name: 'ward', group: 'work', roles: READERS }, Part: lazy(() => import('./ward-section.js')) },
  {
    ...{ name: 'messages', group: 'texts', roles: READERS },
    Part: lazy(() => import('./messages-section.js')),
  },
  {
    ...{ name: 'templates', group: 'texts', roles: READERS },
    Part: lazy(() => import('./templates-section.js')),
  },
  {
    ...{ name: 'uncertain-messages', group: 'texts', roles: ['head_nurse'] },
    Part: lazy(() => import('./uncertain-section.js')),
  },
  {
    ...{ name: 'scripts', group: 'texts', roles: READERS },
    Part: lazy(() => import('./scripts-section.js')),
  },
  {
    ...{ name: 'printed-pages', group: 'texts', roles: READERS },
    Part: lazy(() => import('./printed-pages-section.js')),
  },
  {
    ...{ name: 'audit', group: 'control', roles: ['auditor'] },
    Part: lazy(() => import('./audit-section.js')),
  },
];

/** The sections for people with these roles. */
export const sectionsFor = (roles: readonly string[]): readonly Section[] =>
  SECTIONS.filter((section) => section.roles.some((role) => roles.includes(role)));

export const sectionAddress = (name: string): string => `/administration/${name}`;
