import fc from 'fast-check';
import { type BegunAttempts, budgetIn, secondsUntilBudget, withBegun } from './attempt-rate.js';

test('twenty in a minute: the twenty-first waits until the first is a minute old, wherever in its second it began', () => {
  const begun = withBegun([], 20, 1000);
  expect(budgetIn(begun, { perMinute: 20 }, 1000)).toBe(0);
  expect(budgetIn(begun, { perMinute: 20 }, 1060)).toBe(0);
  expect(budgetIn(begun, { perMinute: 20 }, 1061)).toBe(20);
  expect(secondsUntilBudget(begun, { perMinute: 20 }, 1000)).toBe(61);
  expect(withBegun(begun, 3, 1061)).toEqual([[1061, 3]]);
});

test('five in a second: the next ones begin two seconds later', () => {
  const limit = { perMinute: 100, perSecond: 5 };
  const begun = withBegun(withBegun([], 3, 1000), 2, 1000);
  expect(begun).toEqual([[1000, 5]]);
  expect(budgetIn(begun, limit, 1000)).toBe(0);
  expect(secondsUntilBudget(begun, limit, 1000)).toBe(2);
});

test('a clock that was set back by more than a minute forgets what is ahead of it', () => {
  expect(budgetIn([[5000, 20]], { perMinute: 20 }, 4990)).toBe(0);
  expect(budgetIn([[5000, 20]], { perMinute: 20 }, 4000)).toBe(20);
});

test('with attempts at any times, no more begin in any minute or second than the limit allows', () => {
  const limit = { perMinute: 20, perSecond: 5 };
  const steps = fc.array(fc.tuple(fc.double({ min: 0, max: 20, noNaN: true }), fc.nat(30)), {
    maxLength: 100,
  });
  fc.assert(
    fc.property(steps, (asked) => {
      let time = 1_000_000;
      let begun: BegunAttempts = [];
      const began: number[] = [];
      for (const [pause, wanted] of asked) {
        time += pause;
        const second = Math.floor(time);
        const taken = Math.min(wanted, budgetIn(begun, limit, second));
        if (taken > 0) begun = withBegun(begun, taken, second);
        for (let n = 0; n < taken; n++) began.push(time);
      }
      const within = (from: number, seconds: number): number =>
        began.filter((at) => at >= from && at < from + seconds).length;
      for (const at of began) {
        expect(within(at, 60)).toBeLessThanOrEqual(20);
        expect(within(at, 1)).toBeLessThanOrEqual(5);
      }
      expect(begun.length).toBeLessThanOrEqual(61);
    }),
  );
});
