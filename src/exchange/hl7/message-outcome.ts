import type { Message } from '../../guideline/message.js';

/** `applied`: facts changed. `noted`: nothing had to change. `refused`: it could not be read or applied. */
export const MESSAGE_OUTCOMES = ['applied', 'noted', 'refused'] as const;
export type MessageOutcome = (typeof MESSAGE_OUTCOMES)[number];

/** What a message changed. */
export interface AppliedMessage {
  readonly outcome: Exclude<MessageOutcome, 'refused'>;
  readonly patientIds: readonly string[];
  /** The events that it recorded or voided. */
  readonly eventIds: readonly string[];
  /** What a person should know: what was left out, and why nothing changed. */
  readonly notes: readonly Message[];
}

export const noted = (...notes: readonly Message[]): AppliedMessage => ({
  ...{ outcome: 'noted', patientIds: [], eventIds: [], notes },
});

/** Several results of one message as one. */
export const together = (results: readonly AppliedMessage[]): AppliedMessage => ({
  outcome: results.some(({ outcome }) => outcome === 'applied') ? 'applied' : 'noted',
  patientIds: [...new Set(results.flatMap(({ patientIds }) => patientIds))],
  eventIds: results.flatMap(({ eventIds }) => eventIds),
  notes: results.flatMap(({ notes }) => notes),
});
