import { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import type { Message } from '../../guideline/message.js';
import { render } from '../messages/dictionary.js';

/** The body of a refusal (RFC 9457). Programs read `code`, which is stable. `title` is a text for people. */
export const Problem = z
  .looseObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    errors: z
      .array(
        z.object({
          pointer: z.string().describe('RFC 6901 pointer to the field'),
          code: z.string(),
          message: z.string(),
        }),
      )
      .optional(),
  })
  .describe('What is wrong, and in which field (RFC 9457).');
export type Problem = z.output<typeof Problem>;

/** The content of a refusal. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly text: Message;
}

export const problem = ({ status, code, text }: Refusal, language: Language): Problem => ({
  type: 'about:blank',
  title: render(text, language),
  status,
  code,
});
