import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { expiredBackups, type Retention } from './retention.js';

const KEEP: Retention = { days: 14, weeks: 8, months: 12 };
const NIGHT_MS = 86_400_000;
const FIRST = Date.parse('2024-01-01T18:30:00.000Z');

/** The backups after this number of nights, each of which deletes the expired ones. */
function afterNights(nights: number, keep: Retention): string[] {
  let there: string[] = [];
  for (let night = 0; night < nights; night++) {
    const taken = new Date(FIRST + night * NIGHT_MS).toISOString();
    there = [...there, taken];
    const expired = expiredBackups(there, taken, keep);
    there = there.filter((instant) => !expired.includes(instant));
  }
  return there;
}

const dates = (instants: readonly string[]): string[] => instants.map((instant) => instant.slice(0, 10));

test('after two years of nights 14 days, 8 weeks and 12 months are there, each by its newest backup', () => {
  const there = dates(afterNights(731, KEEP)); // the last one on 2025-12-31, a Wednesday
  expect(there.slice(-14)).toEqual(Array.from({ length: 14 }, (_, day) => `2025-12-${18 + day}`));
  const sundays = ['2025-11-16', '2025-11-23', '2025-11-30', '2025-12-07', '2025-12-14', '2025-12-21'];
  expect(there).toEqual(expect.arrayContaining(sundays));
  const ends = ['01-31', '02-28', '03-31', '04-30', '05-31', '06-30', '07-31', '08-31', '09-30', '10-31'];
  expect(there.slice(0, 10)).toEqual(ends.map((end) => `2025-${end}`));
  expect(there).toHaveLength(29);
});

test('as long as there are no more backups than days to keep, nothing is deleted', () => {
  expect(afterNights(14, KEEP)).toHaveLength(14);
});

test('several backups of one day are one to keep, the last', () => {
  const day = ['2026-11-28T02:30:00.000Z', '2026-11-28T08:00:00.000Z', '2026-11-28T23:59:59.999Z'];
  expect(expiredBackups(day, day[2]!, { days: 3, weeks: 0, months: 0 })).toEqual([day[1], day[0]]);
});

test('what was taken before a pause of months is kept as if there had been none', () => {
  const old = ['2026-01-01T18:30:00.000Z', '2026-01-02T18:30:00.000Z'];
  const now = '2026-11-28T18:30:00.000Z';
  expect(expiredBackups([...old, now], now, { days: 3, weeks: 0, months: 0 })).toEqual([]);
});

const instants = fc.uniqueArray(
  fc.integer({ min: 0, max: 3 * 365 * 24 }).map((hours) => new Date(FIRST + hours * 3_600_000).toISOString()),
  { minLength: 1, maxLength: 60 },
);
const keeps = fc.record({
  days: fc.integer({ min: 1, max: 20 }),
  weeks: fc.nat({ max: 10 }),
  months: fc.nat({ max: 14 }),
});

test('the newest and the latest are never deleted, what is kept stays kept, and there are no more than asked for', () => {
  fc.assert(
    fc.property(instants, keeps, fc.nat(), (there, keep, choice) => {
      const latest = there[choice % there.length]!; // an older one, after the clock was set back
      const expired = expiredBackups(there, latest, keep);
      const kept = there.filter((instant) => !expired.includes(instant));

      expect(kept).toContain(latest);
      expect(kept).toContain([...there].sort().at(-1));
      expect(kept.length).toBeLessThanOrEqual(keep.days + keep.weeks + keep.months + 1);
      expect(expiredBackups(kept, latest, keep)).toEqual([]);
      expect(expiredBackups([...there].reverse(), latest, keep)).toEqual(expired);
    }),
  );
});
