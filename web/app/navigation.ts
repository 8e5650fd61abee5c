import type { appWords } from './app-words.js';

/** The pages in the order of a day, each with the keys that lead there. */
export const NAVIGATION = [
  { to: '/worklist', word: 'worklist', keys: 'g w' },
  { to: '/help', word: 'helpPage', keys: 'g h' },
] as const satisfies readonly {
  readonly to: string;
  readonly word: keyof typeof appWords.zh;
  readonly keys: string;
}[];
