import type { InboxEntry } from '../calls/inbox.js';
import type { Tone } from '../parts/chip.js';

/** The colour of each state of an entry. */
export const STATE_TONES: Readonly<Record<InboxEntry['state'], Tone>> = {
  ...{ open: 'warning', entered: 'done', dismissed: 'plain', interpreted: 'done' },
};
