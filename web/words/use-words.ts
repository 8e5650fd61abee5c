import type { Dictionary, Translated } from './dictionary.js';
import { useLanguage } from './language.js';

/** The texts of a room in the language of the reader. */
export const useWords = <Original>(words: Dictionary<Original>): Translated<Original> => words[useLanguage()];
