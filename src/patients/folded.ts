// White space that NFKC does not change, and characters of no width: a reader does not see them.
const UNSEEN = /[\s\u0085\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/gu;

/** Text as it is stored: full-width letters and digits become ordinary ones, and invisible characters other than spaces go. */
export const tidied = (typed: string): string =>
  typed
    .normalize('NFKC')
    .replace(UNSEEN, (character) => (/\s/u.test(character) ? ' ' : ''))
    .replace(/ {2,}/g, ' ')
    .trim();

/**
 * One form for texts that look the same: without white space, ASCII letters in lower case. The SQL function `folded` does
 * the same; other letters keep their case, because databases differ in how they change it.
 */
export const folded = (typed: string): string =>
  typed
    .normalize('NFKC')
    .replace(UNSEEN, '')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** A name without the spaces between its Chinese characters, which some lists have to make names equally wide. */
export const withoutHanSpaces = (name: string): string =>
  name.replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');
