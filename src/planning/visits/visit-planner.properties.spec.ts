import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, type CalendarDate, calendarDate, toDayNumber } from '../../guideline/calendar.js';
import { type SpecialDay, WorkCalendar } from '../../work-calendar/work-calendar.js';
import { type BookedLoad, type Capacity, CapacityLedger } from '../capacity/capacity-ledger.js';
import type { BookedVisit, PlannableItem, VisitPlan } from './visit.js';
import { planVisits } from './visit-planner.js';

const TODAY = calendarDate('2026-09-14');
const ACTIVITIES = ['markers', 'ct', 'endoscopy'];

const aDay = (from: number, to: number): fc.Arbitrary<CalendarDate> =>
  fc.integer({ min: from, max: to }).map((days) => addDays(TODAY, days));

const anItem: fc.Arbitrary<Omit<PlannableItem, 'id'>> = fc
  .record({
    activity: fc.constantFrom(...ACTIVITIES),
    earliest: aDay(-40, 60),
    before: fc.integer({ min: 0, max: 15 }),
    after: fc.option(fc.integer({ min: 0, max: 20 }), { nil: null, freq: 8 }),
    notBefore: fc.option(aDay(1, 40), { nil: null, freq: 6 }),
    missedAfter: fc.option(fc.integer({ min: 1, max: 60 }), { nil: null, freq: 3 }),
  })
  .map(({ activity, earliest, before, after, notBefore, missedAfter }) => {
    const due = addDays(earliest, before);
    const last = after === null ? null : addDays(due, after);
    const missedOn = missedAfter === null ? null : addDays(last ?? due, missedAfter);
    return { activity, earliest, due, last, notBefore, missedOn };
  })
  .filter(({ missedOn }) => missedOn === null || missedOn > TODAY);

const someItems = (most: number): fc.Arbitrary<PlannableItem[]> =>
  fc
    .array(anItem, { minLength: 1, maxLength: most })
    .map((items) => items.map((item, index) => ({ ...item, id: `i${index}` })));

const aCalendar: fc.Arbitrary<WorkCalendar> = fc
  .record({
    weekdays: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
    special: fc.array(fc.record({ date: aDay(-10, 130), isOff: fc.boolean() }), { maxLength: 40 }),
  })
  .map(({ weekdays, special }) => {
    const days = special.map(({ date, isOff }): SpecialDay => ({
      ...{ date, kind: isOff ? 'closure' : 'extra_workday', source: 'hospital', name: { zh: 'x', en: 'x' } },
    }));
    return new WorkCalendar(weekdays, days, new Set([2026]));
  });

const capacities: fc.Arbitrary<Capacity[]> = fc.uniqueArray(
  fc.record({
    place: fc.constantFrom(null, 'A', 'B'),
    activity: fc.constantFrom(null, ...ACTIVITIES),
    perWeekday: fc.array(fc.option(fc.nat(3), { nil: null, freq: 3 }), { minLength: 7, maxLength: 7 }),
  }),
  { maxLength: 4, selector: ({ place, activity }) => `${place} ${activity}` },
);
const someBooked: fc.Arbitrary<BookedLoad[]> = fc.array(
  fc.record({
    day: aDay(0, 90),
    activity: fc.constantFrom(...ACTIVITIES),
    items: fc.integer({ min: 1, max: 2 }),
  }),
  { maxLength: 15 },
);
const someAppointments: fc.Arbitrary<BookedVisit[]> = fc
  .array(aDay(0, 60), { maxLength: 2 })
  .map((days) => days.map((date, index) => ({ appointmentId: `a${index}`, date, itemIds: [] })));

const isLate = (item: PlannableItem): boolean =>
  item.last !== null &&
  (item.last < TODAY || (item.notBefore !== null && item.notBefore > item.last) || item.last === TODAY);

const everyPlaced = (plan: VisitPlan): { date: CalendarDate; item: PlannableItem; placement: string }[] =>
  plan.visits.flatMap(({ date, items }) => items.map((placed) => ({ date, ...placed })));

const aWard = fc.record({
  patients: fc.array(fc.record({ items: someItems(8), appointments: someAppointments }), {
    minLength: 1,
    maxLength: 4,
  }),
  calendar: aCalendar,
  rows: capacities,
  booked: someBooked,
});

describe('proposed visits of several patients, one after the other', () => {
  test('contain each item once, or say why not', () => {
    fc.assert(
      fc.property(aWard, ({ patients, calendar, rows, booked }) => {
        const capacity = new CapacityLedger(rows, booked);
        for (const { items, appointments } of patients) {
          const plan = planVisits(items, appointments, { today: TODAY, calendar, capacity });
          const ids = [...everyPlaced(plan), ...plan.unplanned].map(({ item }) => item.id);
          expect(ids.sort()).toEqual(items.map(({ id }) => id).sort());
        }
      }),
    );
  });

  test('are never after the end of a window, in the past, on a day off, after the item is missed, or before a deferral', () => {
    fc.assert(
      fc.property(aWard, ({ patients, calendar, rows, booked }) => {
        const capacity = new CapacityLedger(rows, booked);
        for (const { items, appointments } of patients) {
          const plan = planVisits(items, appointments, { today: TODAY, calendar, capacity });
          for (const { date, item, placement } of everyPlaced(plan)) {
            if (placement === 'late') expect(isLate(item)).toBe(true);
            else expect(date <= (item.last ?? date)).toBe(true);
            if (placement === 'in_window') expect(date >= item.earliest).toBe(true);
            if (placement === 'early') expect(date < item.earliest).toBe(true);
            expect(date >= TODAY).toBe(true);
            expect(calendar.isWorkingDay(date)).toBe(true);
            expect(item.missedOn === null || date < item.missedOn).toBe(true);
            expect(item.notBefore === null || date >= item.notBefore).toBe(true);
          }
          for (const { reasons } of plan.visits) expect(reasons.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('never exceed the capacity of a day', () => {
    fc.assert(
      fc.property(aWard, ({ patients, calendar, rows, booked }) => {
        const capacity = new CapacityLedger(rows, booked);
        const placed = patients.flatMap(({ items, appointments }) =>
          everyPlaced(planVisits(items, appointments, { today: TODAY, calendar, capacity })),
        );
        for (const day of new Set(placed.map(({ date }) => date)))
          for (const activity of [null, ...ACTIVITIES]) {
            const isCounted = (of: string): boolean => activity === null || of === activity;
            const proposed = placed.filter(
              ({ date, item }) => date === day && isCounted(item.activity),
            ).length;
            if (proposed === 0) continue;
            const before = booked.filter((load) => load.day === day && isCounted(load.activity));
            const used = before.reduce((sum, { items }) => sum + items, proposed);
            expect(used <= (limitBySum(rows, day, activity) ?? Infinity)).toBe(true);
          }
      }),
      { numRuns: 300 },
    );
  });

  test('each take as many of the items that are left as the best single day: compared with every day by trial', () => {
    fc.assert(
      fc.property(
        fc.record({ items: someItems(6), calendar: aCalendar, rows: capacities, booked: someBooked }),
        ({ items, calendar, rows, booked }) => {
          const plan = planVisits(items, [], {
            today: TODAY,
            calendar,
            capacity: new CapacityLedger(rows, booked),
          });
          const visits = plan.visits
            .map(({ date, items: placed }) => ({ date, items: placed.map(({ item }) => item) }))
            .sort((a, b) => b.items.length - a.items.length);
          let left: readonly PlannableItem[] = items;
          let taken: readonly BookedLoad[] = booked;
          for (;;) {
            const best = bestByTrial(left, calendar, rows, taken);
            if (best === 0) break;
            const next = visits.shift();
            expect(next?.items.length ?? 0).toBeGreaterThanOrEqual(best);
            left = left.filter((item) => next?.items.includes(item) !== true);
            taken = [
              ...taken,
              ...(next?.items ?? []).map(({ activity }) => ({ day: next!.date, activity, items: 1 })),
            ];
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** The limit of a day by the rules of the documentation, read a second time. */
function limitBySum(rows: readonly Capacity[], day: CalendarDate, activity: string | null): number | null {
  const weekday = (toDayNumber(day) + 3) % 7;
  const own = rows.filter((row) => row.activity === activity);
  const whole = own.find(({ place }) => place === null);
  const limits = (whole ? [whole] : own).map(({ perWeekday }) => perWeekday[weekday] ?? null);
  return limits.length === 0 || limits.includes(null) ? null : limits.reduce<number>((sum, n) => sum + n!, 0);
}

/** The most items that any one day takes in time, by trying every subset on every day. */
function bestByTrial(
  items: readonly PlannableItem[],
  calendar: WorkCalendar,
  rows: readonly Capacity[],
  booked: readonly BookedLoad[],
): number {
  let best = 0;
  for (let day = addDays(TODAY, 1); day <= addDays(TODAY, 120); day = addDays(day, 1)) {
    if (!calendar.isWorkingDay(day)) continue;
    const possible = items.filter(
      (item) =>
        item.last !== null &&
        day >= item.earliest &&
        day <= item.last &&
        (item.notBefore === null || day >= item.notBefore) &&
        (item.missedOn === null || day < item.missedOn),
    );
    for (let chosen = 1; chosen < 1 << possible.length; chosen++) {
      const subset = possible.filter((_, index) => (chosen & (1 << index)) !== 0);
      if (subset.length <= best) continue;
      const fits = [null, ...ACTIVITIES].every((activity) => {
        const count = subset.filter((item) => activity === null || item.activity === activity).length;
        const before = booked
          .filter((load) => load.day === day && (activity === null || load.activity === activity))
          .reduce((sum, load) => sum + load.items, 0);
        return count === 0 || before + count <= (limitBySum(rows, day, activity) ?? Infinity);
      });
      if (fits) best = subset.length;
    }
  }
  return best;
}

test('800 patients with 12 items each are planned within seconds', () => {
  const days = ['2026-10-01', '2026-10-02', '2026-10-05'].map((date): SpecialDay => ({
    ...{
      date: calendarDate(date),
      kind: 'holiday',
      source: 'national',
      name: { zh: '国庆节', en: 'National Day' },
    },
  }));
  const calendar = new WorkCalendar([1, 2, 3, 4, 5], days, new Set([2026]));
  const rows: Capacity[] = ACTIVITIES.map((activity) => ({
    ...{ place: null, activity, perWeekday: [60, 60, 60, 60, 60, 0, 0] },
  }));
  const capacity = new CapacityLedger(rows, []);
  const began = performance.now();
  let placed = 0;
  for (let patient = 0; patient < 800; patient++) {
    const items = Array.from({ length: 12 }, (_, index): PlannableItem => {
      const due = addDays(TODAY, ((patient * 7 + index * 13) % 170) + 5);
      return {
        ...{
          id: `${patient}-${index}`,
          activity: ACTIVITIES[index % 3]!,
          due,
          notBefore: null,
          missedOn: null,
        },
        ...{ earliest: addDays(due, -30), last: addDays(due, 30) },
      };
    });
    placed += everyPlaced(planVisits(items, [], { today: TODAY, calendar, capacity })).length;
  }
  expect(placed).toBeGreaterThan(9000);
  // A second is the aim (bench/ward.ts); thirty catch a collapse on a busy machine.
  expect(performance.now() - began).toBeLessThan(30_000);
});
