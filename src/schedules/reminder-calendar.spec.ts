import fc from 'fast-check';
import { addDays, calendarDate } from '../guideline/calendar.js';
import { firstReminderOn, nextReminderAfter, reminderOn } from './reminder-calendar.js';

const due = calendarDate('2024-06-30');
const LEAD = 14;
const item = { due, overdue: addDays(due, 15), missedOn: addDays(due, 60) };
const on = (days: number): ReturnType<typeof reminderOn> => reminderOn(addDays(due, days), item, LEAD);

test.each([
  [-15, undefined],
  [-14, 'upcoming'],
  [-1, 'upcoming'],
  [0, 'due'],
  [14, 'due'],
  [15, 'overdue'],
  [59, 'overdue'],
  [60, undefined],
])('%i days from the due date the item calls for: %s', (days, kind) => {
  expect(on(days)?.kind).toBe(kind);
});

test('the reminder names the day on which it was called for, not the day of asking', () => {
  expect(on(10)).toEqual({ kind: 'due', on: due });
});

test('after each reminder comes the next, and none after the last', () => {
  expect(nextReminderAfter(addDays(due, -20), item, LEAD)).toBe(addDays(due, -14));
  expect(nextReminderAfter(addDays(due, -14), item, LEAD)).toBe(due);
  expect(nextReminderAfter(due, item, LEAD)).toBe(item.overdue);
  expect(nextReminderAfter(item.overdue, item, LEAD)).toBeNull();
});

test('an item missed before it is late is never called overdue', () => {
  const brief = { ...item, missedOn: item.overdue };

  expect(reminderOn(addDays(item.overdue, -1), brief, LEAD)?.kind).toBe('due');
  expect(reminderOn(item.overdue, brief, LEAD)).toBeUndefined();
  expect(nextReminderAfter(due, brief, LEAD)).toBeNull();
});

test('a new item wants the reminder it calls for today already, else the next, and none once missed', () => {
  expect(firstReminderOn(addDays(due, -30), item, LEAD)).toBe(addDays(due, -14));
  expect(firstReminderOn(addDays(due, 3), item, LEAD)).toBe(due);
  expect(firstReminderOn(item.missedOn, item, LEAD)).toBeNull();
});

test('going from reminder to reminder meets the one called for on every day', () => {
  fc.assert(
    fc.property(fc.integer({ min: -100, max: 100 }), fc.integer({ min: 0, max: 60 }), (days, lead) => {
      const day = addDays(due, days);
      const current = reminderOn(day, item, lead);
      const next = nextReminderAfter(day, item, lead);

      if (current) expect(current.on <= day).toBe(true);
      if (next !== null) expect(reminderOn(next, item, lead)?.on).toBe(next);
    }),
  );
});
