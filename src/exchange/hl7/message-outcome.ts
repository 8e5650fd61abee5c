/** `applied`: facts changed. `noted`: nothing had to change. `refused`: it could not be read or applied. */
export const MESSAGE_OUTCOMES = ['applied', 'noted', 'refused'] as const;
export type MessageOutcome = (typeof MESSAGE_OUTCOMES)[number];
