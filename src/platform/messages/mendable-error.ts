import type { Message } from '../../guideline/message.js';
import { render } from './dictionary.js';

/** An error that somebody can mend by what its text says. The command line shows the text in their language, and no stack. */
export class MendableError extends Error {
  constructor(
    readonly text: Message,
    options?: ErrorOptions,
  ) {
    super(render(text, 'en'), options);
  }
}
