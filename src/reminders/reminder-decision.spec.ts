import fc from 'fast-check';
import { addDays, calendarDate } from '../guideline/calendar.js';
import { DEFAULT_POLICY } from '../tenancy/policy/hospital-policy.js';
import { decideReminder, type ItemToRemind } from './reminder-decision.js';

const item: ItemToRemind = {
  id: 'i',
  patientId: 'p',
  activity: 'chest-ct',
  changedOn: calendarDate('2026-01-01'),
  revision: 1,
  due: calendarDate('2026-04-01'),
  overdue: calendarDate('2026-05-01'),
  missedOn: calendarDate('2026-06-01'),
  newest: null,
};
const on = (day: string, facts: Partial<ItemToRemind> = {}) =>
  decideReminder({ ...item, ...facts }, calendarDate(day), DEFAULT_POLICY.reminders);

test.each([
  ['2026-03-17', null, '2026-03-18'],
  ['2026-03-18', 'upcoming', '2026-04-01'],
  ['2026-03-31', 'upcoming', '2026-04-01'],
  ['2026-04-01', 'due', '2026-05-01'],
  ['2026-05-01', 'overdue', null],
  ['2026-05-31', 'overdue', null],
  ['2026-06-01', null, null],
])('on %s it says %s and comes back on %s', (day, kind, next) => {
  const decision = on(day);

  expect(decision.reminder?.kind ?? null).toBe(kind);
  expect(decision.nextReminderOn).toBe(next);
});

test('what was the last thing kinds is not recorded again', () => {
  const newest = { id: 'r', kind: 'due', due: item.due, remindOn: item.due } as const;

  expect(on('2026-04-02', { newest }).reminder).toEqual({ is: 'recorded', id: 'r', kind: 'due' });
  expect(on('2026-05-01', { newest }).reminder).toMatchObject({ is: 'new', kind: 'overdue' });
  const moved = { ...newest, due: calendarDate('2026-03-01') };
  expect(on('2026-04-02', { newest: moved }).reminder).toMatchObject({
    is: 'new',
    kind: 'due',
    due: item.due,
  });
});

test('a reminder that the program should have sent earlier is marked late; one of an item entered late is not', () => {
  expect(on('2026-04-01').reminder).toMatchObject({ late: false });
  expect(on('2026-04-03').reminder).toMatchObject({ kind: 'due', late: true });
  expect(on('2026-04-03', { changedOn: calendarDate('2026-04-02') }).reminder).toMatchObject({ late: false });
});

test('decided on every day, once or seldom, an item is never announced twice and always advances', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 }),
      fc.integer({ min: 0, max: 90 }),
      (steps, leadDays) => {
        let day = calendarDate('2025-12-01');
        let known: ItemToRemind = item;
        const kinds: string[] = [];
        for (const step of steps) {
          day = addDays(day, step);
          const { reminder, nextReminderOn } = decideReminder(known, day, {
            ...DEFAULT_POLICY.reminders,
            leadDays,
          });
          expect(nextReminderOn === null || nextReminderOn > day).toBe(true);
          if (reminder?.is !== 'new') continue;
          kinds.push(reminder.kind);
          expect(reminder.remindOn <= day).toBe(true);
          known = { ...known, newest: { id: 'r', ...reminder } };
        }
        expect(new Set(kinds).size).toBe(kinds.length);
        expect(kinds).toEqual(['upcoming', 'due', 'overdue'].filter((kind) => kinds.includes(kind)));
      },
    ),
  );
});
