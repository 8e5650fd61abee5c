import type { Language, Text } from '../../guideline/guideline.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import {
  ALL_PLACEHOLDERS,
  type MessageWords,
  type Occasion,
  PLACEHOLDERS,
  type Placeholder,
  RELATIVE_PLACEHOLDERS,
} from '../settings/occasions.js';

/** The text to the patient, and the one to a relative. */
export interface MessageTemplate {
  readonly text: string;
  readonly relativeText: string;
}

/** The longest template. Gateways split longer messages into ten parts or refuse them. */
export const LONGEST_TEMPLATE = 400;
/** The longest text of one message. */
export const LONGEST_TEXT = 1000;

const BRACED = /\{(\w*)\}/g;

/** The words in braces of a text that the occasion does not know. */
export function unknownPlaceholders(text: string, occasion: Occasion, forRelative: boolean): string[] {
  const known = knownPlaceholders(occasion, forRelative);
  return [...text.matchAll(BRACED)].map(([, name]) => name ?? '').filter((name) => !known.includes(name));
}

export const knownPlaceholders = (occasion: Occasion, forRelative: boolean): readonly string[] => [
  ...PLACEHOLDERS[occasion],
  ...(forRelative ? RELATIVE_PLACEHOLDERS : []),
];

/** Fills the words in braces. A value that contains braces is not filled again. */
export const filled = (template: string, words: MessageWords): string =>
  template
    .replace(BRACED, (whole, name: string) =>
      Object.hasOwn(words, name) ? words[name as Placeholder] : whole,
    )
    .replace(/ {2,}/g, ' ')
    .slice(0, LONGEST_TEXT);

/** The program's own texts of an occasion, with their words in braces. */
export const defaultTemplate = (occasion: Occasion, language: Language): MessageTemplate => ({
  text: render(msg(`patient-message-${occasion}`, THEMSELVES), language),
  relativeText: render(msg(`relative-message-${occasion}`, THEMSELVES), language),
});

/** Each word stands for itself, so that the dictionary's text comes out as it is written. */
const THEMSELVES = Object.fromEntries(ALL_PLACEHOLDERS.map((name) => [name, `{${name}}`])) as MessageWords;

const MOST_NAMED = 5;

/** The names of examinations, each once; of many only the first ones. */
export function namedTogether(titles: readonly Text[], language: Language): string {
  const names = [...new Set(titles.map((title) => title[language]))];
  const shown = names.slice(0, MOST_NAMED).join(language === 'zh' ? '、' : ', ');
  if (names.length <= MOST_NAMED) return shown;
  return language === 'zh' ? `${shown}等` : `${shown} …`;
}
