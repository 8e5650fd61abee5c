import { createContext, type ReactNode, use, useCallback, useMemo, useState } from 'react';
import { keep, kept } from './kept.js';

export type Language = 'zh' | 'en';

/** As documents and `Accept-Language` name it. */
export const TAGS: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en' };

interface LanguageChoice {
  readonly language: Language;
  readonly choose: (language: Language) => void;
}

const Choice = createContext<LanguageChoice>({ language: 'zh', choose: () => undefined });

/** Chinese unless the reader chose English in this browser, or has English in the profile. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() =>
    announced(kept('language') === 'en' ? 'en' : 'zh'),
  );
  const choose = useCallback((chosen: Language) => {
    keep('language', chosen);
    setLanguage(announced(chosen));
  }, []);
  const choice = useMemo(() => ({ language, choose }), [language, choose]);
  return <Choice value={choice}>{children}</Choice>;
}

/** The document names its language; calls send it as `Accept-Language`. */
function announced(language: Language): Language {
  document.documentElement.lang = TAGS[language];
  return language;
}

export const useLanguage = (): Language => use(Choice).language;
export const useLanguageChoice = (): LanguageChoice => use(Choice);
