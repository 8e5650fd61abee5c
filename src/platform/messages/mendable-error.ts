import type { Message } from '../../guideline/message.js';
import { render } from './dictionary.js';

/**
 * An error that the reader can mend with the help of its text. The command line shows the text in the reader's
 * language, without a stack.
 */
export class MendableError extends Error {
  constructor(
    readonly text: Message,
    options?: ErrorOptions,
  ) {
    super(render(text, 'en'), options);
  }
}
