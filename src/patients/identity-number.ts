import { type CalendarDate, isCalendarDate } from '../guideline/calendar.js';
import { folded } from './folded.js';

/** The content of an identity document, as far as its number can be parsed. */
export interface IdentityDocument {
  /** In its canonical form: 18 characters for a resident identity number; an old number of 15 digits is expanded. */
  readonly number: string;
  /** From a resident identity number (GB 11643); undefined for a passport or another document. */
  readonly birthDate?: CalendarDate;
  readonly sex?: 'male' | 'female';
}

export type IdentityNumberProblem =
  | 'check-digit'
  | 'birth-date-in-number'
  | 'digits-in-number'
  | 'no-identity-number';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;

/** ISO 7064, MOD 11-2, of the first 17 digits. */
const checkDigitOf = (number: string): string =>
  '10X98765432'.charAt(
    WEIGHTS.reduce<number>((sum, weight, at) => sum + weight * Number(number[at]), 0) % 11,
  );

/** Numbers of 15 digits were issued until 1999, to people born in the twentieth century. */
function withCentury(old: string): string {
  const digits = `${old.slice(0, 6)}19${old.slice(6)}`;
  return digits + checkDigitOf(digits);
}

/**
 * Parses the number of a resident identity card or permanent residence permit (GB 11643, 18 characters or 15 digits),
 * or of another document: five to thirty letters, digits and signs, at least three of them digits.
 */
export function readIdentityNumber(typed: string): IdentityDocument | IdentityNumberProblem {
  const number = folded(typed).toUpperCase();
  if (/^\d{17}[\dX]$/.test(number)) return readResidentNumber(number);
  if (/^\d{15}$/.test(number)) return readResidentNumber(withCentury(number));
  if (/^\d{10,}X?$/.test(number)) return 'digits-in-number';
  const isDocument = /^[\p{L}\p{N}()/.-]{5,30}$/u.test(number) && /\d.*\d.*\d/.test(number);
  return isDocument && !/^(.)\1*$/u.test(number) ? { number } : 'no-identity-number';
}

function readResidentNumber(number: string): IdentityDocument | IdentityNumberProblem {
  if (checkDigitOf(number) !== number.at(-1)) return 'check-digit';
  const birthDate = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  if (!isCalendarDate(birthDate)) return 'birth-date-in-number';
  return { number, birthDate, sex: Number(number[16]) % 2 === 1 ? 'male' : 'female' };
}

/** The number in its canonical form; a number that cannot be parsed, from before numbers were checked, is folded. */
export function identityNumberForm(stored: string): string {
  const read = readIdentityNumber(stored);
  return (typeof read === 'string' ? folded(stored) : read.number).toLowerCase();
}
