import { tidied } from './folded.js';

/** The phone numbers of a patient: each number in a canonical form, and the text around them. */
export interface PhoneNumbers {
  /** Digits alone; a mobile number without 86, a landline with its area code and without extension. */
  readonly numbers: readonly [string, ...string[]];
  /** The stored text: one number alone in its usual form, else the text as entered. */
  readonly text: string;
}

const MOST_NUMBERS = 3;

// Between numbers; a hyphen is part of a number.
const BETWEEN = /[/、,;|\n]|或/u;
const COUNTRY = /^(?:\+86|0086|86)(?=[01])/;
// Abroad the 0 before an area code is left out.
const AREA_FROM_ABROAD = /^(?:\+86|0086)(?=(?:10|2\d|[3-9]\d{2})\d{7,8}$)/;
const MOBILE = /^1\d{10}$/;
const LANDLINE = /^(0(?:10|2\d|[3-9]\d{2}))(\d{7,8})$/;
const FOREIGN = /^(?:\+|00)(?!86)([1-9]\d{6,14})$/;
/** Digits with separators among them, and an extension behind. */
const NUMBER = /\+?[(\d][\d\s.()-]*\d(?:\s*(?:转|分机|ext\.?|x|#)\s*\d{1,6})?/giu;
const EXTENSION = /(?:转|分机|ext\.?|x|#)\s*(\d{1,6})$/iu;

/**
 * Parses up to three numbers with the text beside them: 13812345678, 0571-87654321-8001, +852 9123 4567,
 * 138…（女儿）/139…. Null where one of them cannot be called, or where there is none.
 */
export function readPhone(typed: string): PhoneNumbers | null {
  const text = tidied(typed);
  const parts = text.split(BETWEEN).filter((part) => part.trim() !== '');
  const read = parts.flatMap((part) => numbersIn(part) ?? [null]);
  const numbers = read.filter((number) => number !== null);
  const [first] = numbers;
  if (first === undefined || numbers.length < read.length || numbers.length > MOST_NUMBERS) return null;
  const alone = read.length === 1 && !/\p{L}/u.test(text.replace(EXTENSION, ''));
  return {
    numbers: [first.digits, ...numbers.slice(1).map(({ digits }) => digits)],
    text: alone ? first.written : text,
  };
}

interface OneNumber {
  readonly digits: string;
  readonly written: string;
}

/** The numbers of one part; null where digits remain that belong to none. */
function numbersIn(part: string): OneNumber[] | null {
  const found = part.match(NUMBER) ?? [];
  if (found.length === 0 || /\d/.test(part.replace(NUMBER, ''))) return null;
  const numbers = found.flatMap((one) => {
    const whole = numberOf(one);
    return whole ? [whole] : one.trim().split(/\s+/).map(numberOf);
  });
  return numbers.every((number) => number !== null) ? numbers : null;
}

function numberOf(written: string): OneNumber | null {
  const extension = EXTENSION.exec(written)?.[1];
  const compact = written
    .replace(EXTENSION, '')
    .replace(/[\s.()-]/g, '')
    .replace(AREA_FROM_ABROAD, '0')
    .replace(COUNTRY, '');
  if (MOBILE.test(compact)) return extension === undefined ? { digits: compact, written: compact } : null;
  const behind = extension === undefined ? '' : `-${extension}`;
  const landline = LANDLINE.exec(compact);
  if (landline) return { digits: compact, written: `${landline[1]}-${landline[2]}${behind}` };
  const foreign = FOREIGN.exec(compact)?.[1];
  if (foreign !== undefined) return { digits: foreign, written: `+${foreign}${behind}` };
  return extension === undefined ? withHyphenatedExtension(written) : null;
}

/** 0571-87654321-8001: a landline's extension may follow a hyphen. */
function withHyphenatedExtension(written: string): OneNumber | null {
  const [, number, extension] = /^(.*\d)\s*-\s*(\d{1,6})$/.exec(written.trim()) ?? [];
  if (number === undefined || extension === undefined) return null;
  const landline = LANDLINE.exec(number.replace(/[\s.()-]/g, '').replace(COUNTRY, ''));
  const [digits, area, local] = landline ?? [];
  return digits === undefined ? null : { digits, written: `${area}-${local}-${extension}` };
}

/** The digits by which the patient is found; for a text from before numbers were checked, all its digits. */
export function phoneForms(stored: string): string[] {
  const read = readPhone(stored);
  if (read) return [...new Set(read.numbers)];
  const digits = stored
    .normalize('NFKC')
    .replace(/\D/g, '')
    .replace(/^(?:00)?86(?=\d{11}$)/, '');
  return [digits];
}
