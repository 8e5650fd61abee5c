import type { Text } from '../../guideline/guideline.js';
import { type Message, type Param, rendered } from '../../guideline/message.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import type { CallSettings, SCRIPT_PLACEHOLDERS, ScriptName } from '../settings/call-settings.js';

/** What fills the placeholders of a script. */
export type ScriptWords = Readonly<Record<(typeof SCRIPT_PLACEHOLDERS)[number], Param>>;

const DEFAULTS: Readonly<Record<ScriptName, (words: ScriptWords) => Message>> = {
  first: (words) => msg('script-first', words),
  second: (words) => msg('script-second', words),
  third: (words) => msg('script-third', words),
  relative: (words) => msg('script-relative', words),
  gentle: (words) => msg('script-gentle', words),
};

/** The script of a call to the patient: the gentle one after long silence, else by the number of the attempt, from 1. */
export const scriptFor = (attempt: number, isSilent: boolean): ScriptName =>
  isSilent ? 'gentle' : attempt <= 1 ? 'first' : attempt === 2 ? 'second' : 'third';

/** The text in both languages: the hospital's own, else the program's. */
export function scriptText(name: ScriptName, { scripts }: CallSettings, words: ScriptWords): Text {
  const own = scripts[name];
  const inLanguage = (language: keyof Text): string =>
    own === undefined
      ? render(DEFAULTS[name](words), language)
      : rendered({ key: name, params: words }, language, { [name]: own });
  return { zh: inLanguage('zh'), en: inLanguage('en') };
}

/** Names in one line, joined in the way of each language. */
export const inOneLine = (names: readonly Text[]): Text => ({
  zh: names.map(({ zh }) => zh).join('、'),
  en: names.map(({ en }) => en).join(', '),
});
