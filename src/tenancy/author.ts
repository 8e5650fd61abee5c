import { invalid } from '../platform/domain-error.js';
import { text } from '../platform/text.js';
import type { Caller } from './caller.js';
import { msg } from '../platform/messages/dictionary.js';

/** The author of a record, as requested from callers. */
export const Author = text(100)
  .optional()
  .describe(
    'Who answers for it. Required of a key; of a person, their own name is written whatever stands here.',
  );

/**
 * The author of a record. A person is recorded under the own name, whatever the request says; a key names the author.
 */
export function authorOf({ kind, name }: Caller, given: string | undefined): string {
  if (kind === 'person') return name;
  if (given !== undefined) return given;
  const message = msg('author-required');
  throw invalid('invalid-input', msg('invalid-input'), [{ pointer: '/author', code: 'required', message }]);
}
