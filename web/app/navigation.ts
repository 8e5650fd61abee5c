import type { appWords } from './app-words.js';

type Words = typeof appWords.zh;
type PageWord = { [Word in keyof Words]: Words[Word] extends string ? Word : never }[keyof Words];

interface NavigationEntry {
  readonly to: string;
  readonly word: PageWord;
  readonly keys: string;
  /** Only for people with one of these roles. */
  readonly roles?: readonly string[];
}

/** The pages in the order of a day, each with the keys that lead there. */
export const NAVIGATION: readonly NavigationEntry[] = [
  { to: '/worklist', word: 'worklist', keys: 'g w' },
  { to: '/calendar', word: 'calendar', keys: 'g k' },
  { to: '/statistics', word: 'statistics', keys: 'g s' },
  { to: '/guideline', word: 'guideline', keys: 'g g' },
  { to: '/systems', word: 'systems', keys: 'g y' },
  {
    ...{ to: '/administration', word: 'administration', keys: 'g a' },
    roles: ['hospital_admin', 'head_nurse', 'auditor'],
  },
  { to: '/import', word: 'import', keys: 'g i', roles: ['head_nurse'] },
  { to: '/help', word: 'helpPage', keys: 'g h' },
];

/** The pages for people with these roles. */
export const navigationFor = (roles: readonly string[]): readonly NavigationEntry[] =>
  NAVIGATION.filter((entry) => entry.roles?.some((role) => roles.includes(role)) ?? true);
