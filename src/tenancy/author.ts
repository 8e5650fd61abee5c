import { invalid } from '../platform/domain-error.js';
import { text } from '../platform/text.js';
import type { Caller } from './caller.js';
import { msg } from '../platform/messages/dictionary.js';

/** The author of what is recorded, as it is asked for. */
export const Author = text(100)
  .optional()
  .describe(
    'Who answers for it. Required of a key; of a person, their own name is written whatever stands here.',
  );

/** Who answers for what is recorded: a person by their own name, whatever was said; a key for whomever it names. */
export function authorOf({ kind, name }: Caller, given: string | undefined): string {
  if (kind === 'person') return name;
  if (given !== undefined) return given;
  const message = msg('author-required');
  throw invalid('invalid-input', msg('invalid-input'), [{ pointer: '/author', code: 'required', message }]);
}
