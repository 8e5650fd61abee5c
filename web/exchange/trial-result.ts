import type { TriedMessage } from '../calls/mappings.js';

/** Whether a person should look at the message: it would end otherwise, or change a plan as it is now. */
export const isDifferent = ({
  did,
  would,
  changes,
}: Pick<TriedMessage, 'did' | 'would' | 'changes'>): boolean => did !== would || changes.length > 0;
