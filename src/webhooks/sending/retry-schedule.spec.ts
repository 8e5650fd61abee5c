import fc from 'fast-check';
import { ATTEMPTS, retryAfterMs, waitAfter, type FailedAttempt } from './retry-schedule.js';

const HOUR = 3_600_000;
const error500: FailedAttempt = { status: 500, timedOut: false, retryAfterMs: null };

test('ten attempts spread over 75 hours, then one a day', () => {
  const waits = Array.from({ length: ATTEMPTS }, (_, index) => waitAfter(index + 1, error500, 0));

  expect(waits.map((wait) => wait / 1000)).toEqual([
    5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400, 86_400,
  ]);
  expect(waits.slice(0, -1).reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(75 * HOUR);
});

test('jitter is only added: at most a tenth, and at most a quarter of an hour', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.record({
        status: fc.constantFrom(null, 302, 400, 410, 429, 500, 503),
        timedOut: fc.boolean(),
        retryAfterMs: fc.option(fc.integer({ min: 0, max: 100 * HOUR })),
      }),
      (number, random, failed) => {
        const least = waitAfter(number, failed, 0);
        const wait = waitAfter(number, failed, random);

        expect(wait).toBeGreaterThanOrEqual(least);
        expect(wait - least).toBeLessThanOrEqual(Math.min(least / 10, HOUR / 4) + 1);
        expect(least).toBeGreaterThanOrEqual(waitAfter(number, error500, 0));
        expect(least).toBeLessThanOrEqual(24 * HOUR);
      },
    ),
  );
});

test.each([
  ['a plain 500 comes back after 5 seconds', error500, 5000],
  ['429 after a minute', { ...error500, status: 429 }, 60_000],
  ['503 after a minute', { ...error500, status: 503 }, 60_000],
  ['a timeout after a minute', { status: null, timedOut: true, retryAfterMs: null }, 60_000],
  ['what Retry-After asks for', { ...error500, retryAfterMs: 90_000 }, 90_000],
  ['Retry-After does not shorten the schedule', { ...error500, retryAfterMs: 1000 }, 5000],
  ['Retry-After is not obeyed beyond a day', { ...error500, retryAfterMs: 1000 * HOUR }, 24 * HOUR],
])('%s', (_, failed, wait) => {
  expect(waitAfter(1, failed, 0)).toBe(wait);
});

test.each([
  ['120', undefined, 120_000],
  ['Wed, 21 Oct 2026 07:30:00 GMT', 'Wed, 21 Oct 2026 07:28:00 GMT', 120_000],
  ['Wed, 21 Oct 2026 07:28:00 GMT', 'Wed, 21 Oct 2026 07:30:00 GMT', 0],
  ['Wed, 21 Oct 2026 07:30:00 GMT', undefined, null],
  ['-5', undefined, null],
  ['soon', undefined, null],
  [undefined, undefined, null],
])('Retry-After %s is understood', (header, date, wait) => {
  expect(retryAfterMs(header, date)).toBe(wait);
});
