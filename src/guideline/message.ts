import type { Language, Text } from './guideline.js';

/**
 * The value of a placeholder. Items and names of a list are joined by commas; messages are sentences,
 * which follow each other.
 */
export type Param =
  | string
  | number
  | Message
  | Text
  | readonly (string | number)[]
  | readonly Message[]
  | readonly Text[];

/** A text for people, rendered in the reader's language where it is shown: a key of a dictionary, and parameters. */
export interface Message {
  readonly key: string;
  readonly params?: Readonly<Record<string, Param>>;
}

export type Dictionary = Readonly<Record<string, Text>>;

/** The names between braces in a text. After a slash, as in `/patients/{id}`, braces are part of the text. */
type Placeholder<T extends string> = T extends `${infer Before}{${infer Name}}${infer Rest}`
  ? Placeholder<Rest> | (Before extends `${string}/` ? never : Name)
  : never;

/** The type of a dictionary in which both languages of each text have the same placeholders. */
type Agreeing<D extends Dictionary> = {
  readonly [K in keyof D]: [Placeholder<D[K]['en']>, Placeholder<D[K]['zh']>] extends [
    Placeholder<D[K]['zh']>,
    Placeholder<D[K]['en']>,
  ]
    ? Text
    : 'The two languages name different placeholders';
};

/** Declares texts in both languages. A missing language, or a placeholder in one language alone, does not compile. */
export const texts = <const D extends Dictionary>(entries: D & Agreeing<D>): D => entries;

/** The parameters that a text requires. */
export type Arguments<T extends string> = [Placeholder<T>] extends [never]
  ? []
  : [params: Readonly<Record<Placeholder<T>, Param>>];

/** Makes messages of one dictionary. An unknown key or a missing parameter does not compile. */
export const messagesOf =
  <D extends Dictionary>() =>
  <K extends keyof D & string>(key: K, ...[params]: Arguments<D[K]['en']>): Message =>
    params === undefined ? { key } : { key, params };

/** The names of a text's placeholders in the order of their occurrence. */
export const placeholdersIn = (text: string): string[] =>
  [...text.matchAll(PLACEHOLDER)].map(([, name]) => name ?? '');

const PLACEHOLDER = /(?<!\/)\{(\w+)\}/g;
const AFTER_ITEM: Text = { zh: '、', en: ', ' };
const AFTER_SENTENCE: Text = { zh: '', en: ' ' };

/**
 * The message in one language. A key that is not in the dictionary, such as one stored by an older version, is shown
 * as it is.
 */
export function rendered({ key, params = {} }: Message, language: Language, dictionary: Dictionary): string {
  const filled = (param: Param | undefined): string => {
    if (param === undefined) return '';
    if (typeof param !== 'object') return String(param);
    if ('key' in param) return rendered(param, language, dictionary);
    if ('zh' in param) return param[language];
    const [first] = param;
    const joint = typeof first === 'object' && 'key' in first ? AFTER_SENTENCE : AFTER_ITEM;
    return param.map(filled).join(joint[language]);
  };
  const text = dictionary[key]?.[language];
  if (text === undefined) return key;
  return text.replace(PLACEHOLDER, (_, name: string) => filled(params[name]));
}
