import type { appWords } from './app-words.js';

type Words = typeof appWords.zh;
type PageName = { [Key in keyof Words]: Words[Key] extends string ? Key : never }[keyof Words];

interface NavigationEntry {
  readonly to: string;
  readonly word: PageName;
  readonly keys: string;
  /** Only for people with one of these roles. */
  readonly roles?: readonly string[];
}

/** The pages in the order of a day, each with the keys that lead there. */
export const NAVIGATION: readonly NavigationEntry[] = [
  { to: '/worklist', word: 'worklist', keys: 'g w' },
  { to: '/import', word: 'import', keys: 'g i', roles: ['head_nurse'] },
];

/** The pages for people with these roles. */
export const navigationFor = (roles: readonly string[]): readonly NavigationEntry[] =>
  NAVIGATION.filter((entry) => entry.roles?.some((role) => roles.includes(role)) ?? true);
