import type { appWords } from './app-words.js';

interface NavigationEntry {
  readonly to: string;
  readonly word: keyof typeof appWords.zh;
  readonly keys: string;
  /** Who needs the page; left out: everyone. */
  readonly roles?: readonly string[];
}

/** The pages in the order of a day, each with the keys that lead there. */
const NAVIGATION = [
  { to: '/worklist', word: 'worklist', keys: 'g w' },
  { to: '/import', word: 'import', keys: 'g i', roles: ['head_nurse'] },
] as const satisfies readonly NavigationEntry[];

/** The pages for a person with these roles. */
export const navigationFor = (own: readonly string[]): readonly (typeof NAVIGATION)[number][] =>
  NAVIGATION.filter(({ roles }: NavigationEntry) => roles?.some((role) => own.includes(role)) ?? true);
