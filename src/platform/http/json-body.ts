import { DomainError, type FieldFault, invalid } from '../domain-error.js';
import type { Message } from '../../guideline/message.js';
import { pointerTo } from './input-faults.js';
import { msg } from '../messages/dictionary.js';

/** Far deeper than any valid body; deeper nesting is an attempt to exhaust the reader. */
const DEEPEST = 32;
/** More errors than these do not help the sender. */
const MOST_FAULTS = 50;
/** Far more than any valid body has. Parsing more would delay all other requests. */
const MOST_VALUES = 120_000;
/**
 * Fields of one object: thousands of different names take ten times as long to parse as the same number of values.
 */
const MOST_FIELDS = 1000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Accepts JSON in UTF-8 only: a name in another encoding is refused, not stored as question marks. Also refuses, by
 * the name of its field, text that cannot be stored, a body that is nested too deeply, and a key that would reach an
 * object's prototype.
 */
export function parseJson(body: Buffer): unknown {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw new DomainError('malformed', 'not-utf8', msg('not-utf8'));
  }
  if (isTooComplex(body)) {
    const limits = { values: MOST_VALUES, fields: MOST_FIELDS };
    throw new DomainError('too-large', 'too-many-values', msg('too-many-values-in-body', limits));
  }
  const value = parsed(text);
  const faults: FieldFault[] = [];
  findFaults(value, [], faults);
  if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults.slice(0, MOST_FAULTS));
  return value;
}

const [QUOTE, BACKSLASH, COMMA, COLON, BRACKET, BRACE, BRACKET_END, BRACE_END] = Buffer.from('"\\,:[{]}');

/** Counts the starts of values and the fields of each object, but nothing inside strings. */
function isTooComplex(body: Buffer): boolean {
  const fields = [0];
  let [values, depth, isText] = [1, 0, false];
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (isText && byte === BACKSLASH) at++;
    else if (byte === QUOTE) isText = !isText;
    else if (isText) continue;
    else if (byte === COMMA) values++;
    else if (byte === BRACKET || byte === BRACE) {
      values++;
      fields[++depth] = 0;
    } else if (byte === BRACKET_END || byte === BRACE_END) depth = Math.max(0, depth - 1);
    else if (byte === COLON && (fields[depth] = (fields[depth] ?? 0) + 1) > MOST_FIELDS) return true;
    if (values > MOST_VALUES) return true;
  }
  return false;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, which may name a patient.
    throw new DomainError('malformed', 'not-json', msg('not-json'));
  }
}

/** Adds at most `MOST_FAULTS` to `faults`. `path` is the location of `value` and is restored on return. */
function findFaults(value: unknown, path: string[], faults: FieldFault[]): void {
  if (faults.length >= MOST_FAULTS) return;
  if (typeof value === 'string' && !isStorable(value)) faults.push(fault(path, 'not-text', msg('not-text')));
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= DEEPEST) {
    faults.push(fault(path, 'too-deep', msg('too-deep', { limit: DEEPEST })));
    return;
  }
  for (const key of Object.keys(value)) {
    if (!isStorable(key)) {
      faults.push(fault(path, 'not-text', msg('not-text')));
      continue;
    }
    path.push(key);
    if (key === '__proto__') faults.push(fault(path, 'unknown-field', msg('unknown-field', { field: key })));
    else findFaults((value as Readonly<Record<string, unknown>>)[key], path, faults);
    path.pop();
  }
}

const UNSTORABLE = /[\0\p{Surrogate}]/u;
const isStorable = (text: string): boolean => !UNSTORABLE.test(text);

const fault = (path: readonly (string | number)[], code: string, message: Message): FieldFault => ({
  pointer: pointerTo(path),
  code,
  message,
});
