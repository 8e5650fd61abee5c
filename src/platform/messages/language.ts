import type { Language } from '../../guideline/guideline.js';

const LONGEST = 1000;

/**
 * The language that an `Accept-Language` header (RFC 9110) requests: of Chinese and English, in any of their
 * variants, the one with the higher weight; at equal weight the first. Undefined when it requests neither, or any.
 */
export function acceptedLanguage(header: string | undefined): Language | undefined {
  let best: { readonly language: Language; readonly weight: number } | undefined;
  for (const range of (header ?? '').slice(0, LONGEST).split(',')) {
    const [, language, , q] = /^\s*(zh|en)(-[\w-]+)?\s*(?:;\s*q\s*=\s*([\d.]+)\s*)?$/i.exec(range) ?? [];
    const weight = q === undefined ? 1 : Number(q);
    if (language !== undefined && weight > (best?.weight ?? 0))
      best = { language: language.toLowerCase() as Language, weight };
  }
  return best?.language;
}

/** The language of a command line: `NEDWATCH_LANG`, else Chinese where the system's locale is Chinese, else English. */
export function languageOfSystem(env: Readonly<Record<string, string | undefined>>): Language {
  const { NEDWATCH_LANG: chosen, LC_ALL: all, LC_MESSAGES: messages, LANG: usual } = env;
  if (chosen === 'zh' || chosen === 'en') return chosen;
  return [all, messages, usual].find((one) => one !== undefined && one !== '')?.startsWith('zh')
    ? 'zh'
    : 'en';
}

/**
 * The parts of a request that determine the language: the header, and the hospital's language once the caller is
 * known.
 */
export interface Asking {
  readonly headers: { readonly 'accept-language'?: string | undefined };
  readonly caller?: { readonly language?: Language };
}

/** The language of an answer: the header's, else the hospital's; English for unknown callers. */
export const languageFor = ({ headers, caller }: Asking): Language =>
  acceptedLanguage(headers['accept-language']) ?? caller?.language ?? 'en';

/** The headers of an answer in `language`. */
export const languageHeaders = (language: Language): Readonly<Record<string, string>> => ({
  'content-language': language === 'zh' ? 'zh-CN' : 'en',
  vary: 'Accept-Language',
});
