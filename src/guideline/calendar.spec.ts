import fc from 'fast-check';
import { DateTime } from 'luxon';
import {
  addDays,
  addMonths,
  calendarDate,
  clockOf,
  monthsAfter,
  fromDayNumber,
  isCalendarDate,
  order,
  toDayNumber,
  yearsBetween,
} from './calendar.js';

const monthEnds = ['01-29', '01-30', '01-31', '02-28', '02-29', '05-31', '08-31', '12-31'];

const anyDay = fc.integer({ min: -25_567, max: 73_414 }).map(fromDayNumber);
const awkwardDay = fc
  .tuple(fc.integer({ min: 1900, max: 2170 }), fc.constantFrom(...monthEnds))
  .map(([year, day]) => `${year}-${day}`)
  .filter(isCalendarDate);
const days = fc.oneof(anyDay, awkwardDay);
const months = fc.integer({ min: -240, max: 720 });

describe('months clamp to the end of a shorter month, always from the first date', () => {
  test.each([
    ['2024-01-31', 1, '2024-02-29'],
    ['2023-01-31', 1, '2023-02-28'],
    ['2024-01-31', 3, '2024-04-30'],
    ['2024-01-31', 6, '2024-07-31'],
    ['2023-11-30', 3, '2024-02-29'],
    ['2024-08-31', 6, '2025-02-28'],
    ['2020-02-29', 12, '2021-02-28'],
    ['2020-02-29', 48, '2024-02-29'],
    ['2024-12-31', 2, '2025-02-28'],
    ['2096-02-29', 48, '2100-02-28'],
    ['2024-03-31', -1, '2024-02-29'],
    ['2024-03-15', 0, '2024-03-15'],
  ])('%s + %i months is %s', (from, count, to) => {
    expect(addMonths(calendarDate(from), count)).toBe(to);
  });
});

test('adding months agrees with luxon in UTC', () => {
  fc.assert(
    fc.property(days, months, (day, count) => {
      expect(addMonths(day, count)).toBe(
        DateTime.fromISO(day, { zone: 'utc' }).plus({ months: count }).toISODate(),
      );
    }),
    { numRuns: 5000 },
  );
});

test('adding days agrees with luxon in UTC', () => {
  fc.assert(
    fc.property(days, fc.integer({ min: -9000, max: 9000 }), (day, count) => {
      expect(addDays(day, count)).toBe(
        DateTime.fromISO(day, { zone: 'utc' }).plus({ days: count }).toISODate(),
      );
    }),
    { numRuns: 2000 },
  );
});

test('a day and its number are each other', () => {
  fc.assert(
    fc.property(days, (day) => {
      expect(fromDayNumber(toDayNumber(day))).toBe(day);
    }),
  );
  expect(toDayNumber(calendarDate('1970-01-01'))).toBe(0);
  expect(toDayNumber(calendarDate('2000-03-01'))).toBe(11_017);
});

test('days are ordered as their text and as their numbers are', () => {
  fc.assert(
    fc.property(days, days, (a, b) => {
      expect(a < b).toBe(toDayNumber(a) < toDayNumber(b));
    }),
  );
});

test('the shifted day number is that of the shifted day', () => {
  fc.assert(
    fc.property(days, months, (day, count) => {
      expect(fromDayNumber(monthsAfter(clockOf(day), count))).toBe(addMonths(day, count));
    }),
  );
});

test.each([
  '2023-02-29',
  '2100-02-29',
  '2024-13-01',
  '2024-00-10',
  '2024-04-31',
  '2024-1-1',
  '20240101',
  '',
  '2024-01-01T00:00',
  '0000-01-01',
])('%j is no calendar day', (text) => {
  expect(isCalendarDate(text)).toBe(false);
  expect(() => calendarDate(text)).toThrow(RangeError);
});

test.each(['2024-02-29', '2000-02-29', '1999-12-31', '9999-12-31', '0001-01-01'])(
  '%j is a calendar day',
  (text) => {
    expect(isCalendarDate(text)).toBe(true);
  },
);

test.each([
  ['1970-06-15', '2020-06-14', 49],
  ['1970-06-15', '2020-06-15', 50],
  ['1972-02-29', '2022-02-28', 49],
  ['1972-02-29', '2022-03-01', 50],
])('a person born on %s is on %s %i years old', (birth, day, years) => {
  expect(yearsBetween(calendarDate(birth), calendarDate(day))).toBe(years);
});

test('dates and texts are put in order', () => {
  expect(['2024-10-01', '2024-02-01', '2024-02-01'].toSorted(order)).toEqual([
    '2024-02-01',
    '2024-02-01',
    '2024-10-01',
  ]);
  expect([order('a', 'b'), order('b', 'a'), order('a', 'a')]).toEqual([-1, 1, 0]);
});
