import { DomainError, type FieldFault, invalid } from './domain-error.js';
import type { Message } from './guideline/message.js';
import { pointerTo } from './input-faults.js';
import { msg } from './platform/messages/dictionary.js';

/** Far deeper than any body of ours; what is nested further was written to exhaust a reader. */
const DEEPEST = 32;
/** Who sends a thousand bad fields learns nothing from more than these. */
const MOST_FAULTS = 50;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * JSON in UTF-8 and nothing else: a name in another encoding is refused, not stored as question marks. So is,
 * by the name of its field, text that cannot be stored, a body nested without end, and a key that would reach
 * behind the object it is in.
 */
export function parseJson(body: Buffer): unknown {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw new DomainError('malformed', 'not-utf8', msg('not-utf8'));
  }
  const value = parsed(text);
  const faults: FieldFault[] = [];
  for (const fault of faultsIn(value, [])) if (faults.push(fault) === MOST_FAULTS) break;
  if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words quote the body, which may name a patient.
    throw new DomainError('malformed', 'not-json', msg('not-json'));
  }
}

function* faultsIn(value: unknown, path: readonly (string | number)[]): Generator<FieldFault> {
  if (typeof value === 'string') yield* faultsOfText(value, path);
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= DEEPEST) {
    yield fault(path, 'too-deep', msg('too-deep', { limit: DEEPEST }));
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const steps = [...path, key];
    if (key === '__proto__') yield fault(steps, 'unknown-field', msg('unknown-field', { field: key }));
    else if (!isStorable(key)) yield* faultsOfText(key, path);
    else yield* faultsIn(inner, steps);
  }
}

function* faultsOfText(text: string, path: readonly (string | number)[]): Generator<FieldFault> {
  if (!isStorable(text)) yield fault(path, 'not-text', msg('not-text'));
}

const UNSTORABLE = /[\0\p{Surrogate}]/u;
const isStorable = (text: string): boolean => !UNSTORABLE.test(text);

const fault = (path: readonly (string | number)[], code: string, message: Message): FieldFault => ({
  pointer: pointerTo(path),
  code,
  message,
});
