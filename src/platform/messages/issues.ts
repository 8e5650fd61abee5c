import { z } from 'zod';
import type { Message } from '../../guideline/message.js';
import { type MessageArguments, type MessageKey, msg } from './dictionary.js';

/** Encodes a message as the error text of a zod schema, which has to be a string. `readIssue` decodes it. */
export const writeIssue = (message: Message): string => JSON.stringify(message);

/** The error text of a schema: `z.string().regex(CODE, issue('code-form'))`. */
export const issue = <K extends MessageKey>(key: K, ...params: MessageArguments<K>): string =>
  writeIssue(msg(key, ...params));

/** The message in the error text of a schema. Another text is shown as it is. */
export const readIssue = (text: string): Message =>
  text.startsWith('{"key":') ? (JSON.parse(text) as Message) : { key: text };

// Errors of a schema without a text of its own get their text from the dictionary.
z.config({ customError: (raised) => writeIssue(messageOfIssue(raised)) });

type RawIssue = z.core.$ZodRawIssue;

/** The message of the dictionary for a zod issue. */
export function messageOfIssue(raised: RawIssue): Message {
  if (raised.input === undefined && raised.code !== 'custom') return msg('required');
  switch (raised.code) {
    case 'invalid_type':
      return msg('wrong-type', {
        expected: typeNamed(raised.expected),
        received: typeNamed(z.core.util.parsedType(raised.input)),
      });
    case 'invalid_value':
      return raised.values.length === 1
        ? msg('not-the-value', { value: JSON.stringify(raised.values[0]) })
        : msg('none-of', { values: raised.values.map(String) });
    case 'too_big':
      return tooBig(raised);
    case 'too_small':
      return tooSmall(raised);
    case 'invalid_format':
      return raised.format === 'regex'
        ? msg('wrong-pattern', { pattern: raised.pattern ?? '' })
        : msg('wrong-format', { format: FORMATS[raised.format] ?? msg('format-other') });
    case 'not_multiple_of':
      return msg('not-multiple', { step: raised.divisor });
    case 'unrecognized_keys':
      return msg('unknown-field', { field: raised.keys });
    case 'invalid_union':
      return !Array.isArray(raised.options)
        ? msg('no-alternative')
        : msg('none-of', { values: raised.options.map(String) });
    case 'invalid_key':
      return msg('wrong-key');
    default:
      return msg('wrong-value');
  }
}

const TYPES: Readonly<Record<string, Message>> = {
  string: msg('type-string'),
  number: msg('type-number'),
  int: msg('type-int'),
  boolean: msg('type-boolean'),
  array: msg('type-array'),
  object: msg('type-object'),
  record: msg('type-object'),
  null: msg('type-null'),
  undefined: msg('type-undefined'),
  nan: msg('type-nan'),
  date: msg('type-date'),
};
const typeNamed = (type: string): Message | string => TYPES[type] ?? type;

const FORMATS: Readonly<Record<string, Message>> = {
  uuid: msg('format-uuid'),
  url: msg('format-url'),
  email: msg('format-email'),
  base64: msg('format-base64'),
};

const UNITS: Readonly<Record<string, Message>> = {
  string: msg('unit-characters'),
  array: msg('unit-items'),
  set: msg('unit-items'),
  map: msg('unit-items'),
};

function tooBig({ origin, maximum, inclusive, exact }: Extract<RawIssue, { code: 'too_big' }>): Message {
  const [limit, unit] = [String(maximum), UNITS[origin]];
  if (unit) return msg(exact ? 'exact-length' : 'too-long', { limit, unit });
  return msg(inclusive === false ? 'less-than' : 'at-most', { limit });
}

function tooSmall({ origin, minimum, inclusive, exact }: Extract<RawIssue, { code: 'too_small' }>): Message {
  const [limit, unit] = [String(minimum), UNITS[origin]];
  if (unit) return msg(exact ? 'exact-length' : 'too-short', { limit, unit });
  return msg(inclusive === false ? 'more-than' : 'at-least', { limit });
}
