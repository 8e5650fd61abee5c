import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type MessageResult, stateAfter } from './message-result.js';

const outcomes = fc.constantFrom<MessageResult['outcome']>(
  ...(['accepted', 'refused', 'throttled', 'unclear', 'unreachable'] as const),
);

test('a message is attempted again only if the gateway has not taken it, or takes its number once', () => {
  fc.assert(
    fc.property(outcomes, fc.boolean(), fc.boolean(), (outcome, isFinal, repeatsSafely) => {
      const state = stateAfter({ outcome, isFinal }, repeatsSafely);
      const mayBeTaken = outcome === 'accepted' || outcome === 'unclear';
      if (state === 'pending') expect(!mayBeTaken || (outcome === 'unclear' && repeatsSafely)).toBe(true);
      expect(state === 'sent').toBe(outcome === 'accepted');
      expect(state === 'uncertain').toBe(outcome === 'unclear' && !repeatsSafely);
    }),
  );
});
