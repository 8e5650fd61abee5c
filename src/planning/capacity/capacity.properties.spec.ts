import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, calendarDate, type CalendarDate } from '../../guideline/calendar.js';
import { type SpecialDay, WorkCalendar } from '../../work-calendar/work-calendar.js';
import { type Capacity, CapacityLedger } from './capacity-ledger.js';
import { forecastOf } from './forecast.js';
import { level, type MovableItem } from './leveling.js';
import { calendarOf } from './ward-calendar.js';
import { type DayLoad, placeHash } from './ward-load.js';

const TODAY = calendarDate('2026-09-14'); // a Monday
const ACTIVITIES = ['markers', 'ct'];
const ALWAYS = new WorkCalendar([1, 2, 3, 4, 5], [], new Set([2026]));
const capacity = (activity: string | null, n: number, place: string | null = null): Capacity => ({
  ...{ place, activity, perWeekday: [n, n, n, n, n, n, n] },
});
const aDay = (from: number, to: number): fc.Arbitrary<CalendarDate> =>
  fc.integer({ min: from, max: to }).map((days) => addDays(TODAY, days));

describe('the capacity of a day', () => {
  const day = TODAY;
  test('of the hospital as a whole counts before its places; without one the places add up', () => {
    const places = [capacity('ct', 2, 'A'), capacity('ct', 3, 'B')];
    expect(new CapacityLedger(places, []).limit(day, 'ct')).toBe(5);
    expect(new CapacityLedger([...places, capacity('ct', 4)], []).limit(day, 'ct')).toBe(4);
    expect(new CapacityLedger(places, []).limit(day, 'markers')).toBeNull();
  });

  test('is what appointments leave, for the activity and for all together', () => {
    const ledger = new CapacityLedger(
      [capacity('ct', 3), capacity(null, 4)],
      [
        ...[
          { day, activity: 'ct', items: 2 },
          { day, activity: 'markers', items: 1 },
        ],
      ],
    );
    expect([ledger.freeOf(day, 'ct'), ledger.freeOf(day, 'markers'), ledger.freeOfAll(day)]).toEqual([
      1,
      Infinity,
      1,
    ]);
    ledger.take(day, 'markers');
    expect(ledger.fits(day, 'ct')).toBe(false);
  });
});

describe('a proposal that levels a week', () => {
  const anItem = fc
    .record({
      patient: fc.nat(5),
      activity: fc.constantFrom(...ACTIVITIES),
      isBooked: fc.boolean(),
      day: aDay(7, 13),
      before: fc.nat(12),
      after: fc.option(fc.nat(12), { nil: null }),
    })
    .map(({ patient, activity, isBooked, day, before, after }): Omit<MovableItem, 'id'> => ({
      ...{ patientId: `p${patient}`, activity, day, appointmentId: isBooked ? `a${patient} ${day}` : null },
      ...{ earliest: addDays(day, -before), last: after === null ? null : addDays(day, after) },
    }));
  const aWeek = fc.record({
    items: fc
      .array(anItem, { maxLength: 14 })
      .map((items) => items.map((item, n) => ({ ...item, id: `i${n}` }))),
    off: fc.array(aDay(1, 30), { maxLength: 6 }),
    limits: fc.record({ markers: fc.nat(4), ct: fc.nat(3), all: fc.nat(6) }),
  });

  test('stays inside windows, on working days and within capacity, and names every item that it leaves', () => {
    fc.assert(
      fc.property(aWeek, ({ items, off, limits }) => {
        const days = off.map((date): SpecialDay => ({
          ...{ date, kind: 'closure', source: 'hospital', name: { zh: 'x', en: 'x' } },
        }));
        const calendar = new WorkCalendar([1, 2, 3, 4, 5], days, new Set([2026]));
        const rows = [
          capacity('markers', limits.markers),
          capacity('ct', limits.ct),
          capacity(null, limits.all),
        ];
        const { moves, left } = level(items, {
          today: TODAY,
          calendar,
          capacity: new CapacityLedger(rows, []),
        });
        const leftIds = new Set(left.map(({ id }) => id));
        const day = new Map(items.map((item) => [item.id, item.day]));
        for (const move of moves)
          for (const item of move.items) {
            expect(move.to > TODAY && move.to >= item.earliest && move.to <= (item.last ?? move.to)).toBe(
              true,
            );
            expect(item.day).toBe(move.from);
            day.set(item.id, move.to);
          }
        const placed = items.filter(({ id }) => !leftIds.has(id));
        for (const { id } of placed) expect(calendar.isWorkingDay(day.get(id)!)).toBe(true);
        for (const date of new Set(placed.map(({ id }) => day.get(id)!)))
          for (const [activity, limit] of [
            ['markers', limits.markers],
            ['ct', limits.ct],
            [null, limits.all],
          ] as const) {
            const of = (list: readonly MovableItem[]): number =>
              list.filter(
                (item) => day.get(item.id) === date && (activity === null || item.activity === activity),
              ).length;
            // Items that could not be moved hold their places.
            if (of(left) === 0) expect(of(placed)).toBeLessThanOrEqual(limit);
          }
      }),
      { numRuns: 300 },
    );
  });

  test('moves no patient in a week that is not overfull', () => {
    const items: MovableItem[] = [0, 1].map((n) => ({
      ...{ id: `i${n}`, patientId: `p${n}`, activity: 'ct', appointmentId: null, day: addDays(TODAY, 8) },
      ...{ earliest: TODAY, last: addDays(TODAY, 30) },
    }));
    const context = { today: TODAY, calendar: ALWAYS };
    expect(level(items, { ...context, capacity: new CapacityLedger([capacity('ct', 2)], []) }).moves).toEqual(
      [],
    );
    const { moves } = level(items, { ...context, capacity: new CapacityLedger([capacity('ct', 1)], []) });
    expect(moves.map(({ patientId, to }) => [patientId, to])).toEqual([['p1', addDays(TODAY, 7)]]);
  });
});

describe('the forecast', () => {
  const load = (measure: DayLoad['measure'], day: CalendarDate, items: number): DayLoad => ({
    ...{ measure, day, activity: 'ct', place: '', items },
  });

  test('contains each open item once in each curve, the overdue ones in the first week', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ earliest: aDay(-60, 80), length: fc.nat(40) }), { maxLength: 30 }),
        (windows) => {
          const items = windows.map(({ earliest, length }) => ({
            earliest,
            last: addDays(earliest, length),
          }));
          const count = (of: 'earliest' | 'last', holds: (day: CalendarDate) => boolean): number =>
            items.filter((item) => holds(item[of])).length;
          const end = addDays(TODAY, 13 * 7 - 1);
          const loads = items.flatMap(({ earliest, last }) =>
            [load('earliest', earliest, 1), load('last', last, 1)].filter(
              ({ day }) => day >= TODAY && day <= end,
            ),
          );
          const backlog = {
            ...{
              earliest: count('earliest', (day) => day < TODAY),
              last: count('last', (day) => day < TODAY),
            },
            ...{ missed: 0, booked: 0 },
          };
          const weeks = forecastOf({
            ...{ today: TODAY, weeks: 13, calendar: ALWAYS, capacities: [], activity: null, loads, backlog },
          });
          const total = (curve: 'earliest' | 'latest'): number =>
            weeks.reduce((sum, week) => sum + week[curve], 0);
          expect(total('earliest')).toBe(count('earliest', (day) => day <= end));
          expect(total('latest')).toBe(count('last', (day) => day <= end));
          expect(weeks[0]!.latest).toBe(count('last', (day) => day < addDays(TODAY, 7)));
        },
      ),
    );
  });

  test('counts the capacity of working days alone', () => {
    const off = [addDays(TODAY, 8)].map((date): SpecialDay => ({
      ...{ date, kind: 'holiday', source: 'national', name: { zh: '中秋节', en: 'Mid-autumn Festival' } },
    }));
    const weeks = forecastOf({
      ...{ today: addDays(TODAY, 2), weeks: 13, activity: 'ct', loads: [], capacities: [capacity('ct', 4)] },
      calendar: new WorkCalendar([1, 2, 3, 4, 5], off, new Set([2026])),
      backlog: { earliest: 0, last: 0, missed: 0, booked: 0 },
    });
    expect(weeks.slice(0, 3).map(({ workingDays, capacity: limit }) => [workingDays, limit])).toEqual([
      [3, 12],
      [4, 16],
      [5, 20],
    ]);
  });
});

test('a calendar counts booked and due items by day and week, and marks days that are over', () => {
  const loads: DayLoad[] = [
    { measure: 'booked', day: TODAY, activity: 'ct', place: placeHash('A'), items: 2 },
    { measure: 'booked', day: TODAY, activity: 'ct', place: placeHash('B'), items: 1 },
    { measure: 'due', day: addDays(TODAY, 5), activity: 'markers', place: '', items: 4 },
  ];
  const query = { from: TODAY, to: addDays(TODAY, 7), activity: null, place: null };
  const capacities = [capacity('ct', 1, 'A'), capacity('ct', 1, 'B')];
  const { days, weeks } = calendarOf(query, ALWAYS, capacities, loads);
  expect(days).toHaveLength(8);
  expect(days[0]).toMatchObject({ booked: 3, due: 0, isOver: true, capacity: null });
  expect(days[5]).toMatchObject({ isWorkingDay: false, booked: 0, due: 4, capacity: 0 });
  expect(weeks.map(({ from, booked, due }) => [from, booked, due])).toEqual([
    [TODAY, 3, 4],
    [addDays(TODAY, 7), 0, 0],
  ]);
  const ofPlace = calendarOf({ ...query, place: 'B', activity: 'ct' }, ALWAYS, capacities, loads);
  expect(ofPlace.days[0]).toMatchObject({ booked: 1, capacity: 1, isOver: false });
});
