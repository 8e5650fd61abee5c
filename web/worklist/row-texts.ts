import { useMemo } from 'react';
import { useMe } from '../calls/me.js';
import { useActivityName, useStepText, useUrgencyText } from '../items/item-facts.js';
import type { Translated } from '../words/dictionary.js';
import { type Language, useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { worklistWords } from './worklist-words.js';

/** What all rows of a table need for their texts. */
export interface RowTexts {
  readonly words: Translated<(typeof worklistWords)['zh']>;
  readonly language: Language;
  readonly today: string;
  /** The name of the reader. */
  readonly reader: string;
  /** The name of an activity. */
  readonly nameOf: (code: string) => string;
  readonly urgencyText: ReturnType<typeof useUrgencyText>;
  readonly stepText: ReturnType<typeof useStepText>;
}

/** Read once for the table instead of in each cell. The same object until one of the texts changes. */
export function useRowTexts(): RowTexts {
  const words = useWords(worklistWords);
  const language = useLanguage();
  const { name: reader, hospital } = useMe();
  const nameOf = useActivityName();
  const urgencyText = useUrgencyText();
  const stepText = useStepText();
  return useMemo(
    () => ({ words, language, today: hospital.today, reader, nameOf, urgencyText, stepText }),
    // Both functions are other objects at each call, but change with the language alone.
    [words, language, hospital.today, reader, nameOf],
  );
}
