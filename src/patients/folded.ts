// White space that NFKC leaves, and characters that take no room: whoever reads the text does not see them.
const UNSEEN = /[\s\u0085\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/gu;

/** Text as it is kept: compatibility forms (full-width letters and digits) resolved, and nothing in it that is not seen but spaces. */
export const tidied = (typed: string): string =>
  typed
    .normalize('NFKC')
    .replace(UNSEEN, (character) => (/\s/u.test(character) ? ' ' : ''))
    .replace(/ {2,}/g, ' ')
    .trim();

/**
 * One form for what looks the same: without white space, small ASCII letters. The SQL function `folded` is its twin; other
 * letters keep their case, because databases differ in how they know it.
 */
export const folded = (typed: string): string =>
  typed
    .normalize('NFKC')
    .replace(UNSEEN, '')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
