import fc from 'fast-check';
import { addDays, calendarDate, type CalendarDate } from '../guideline/calendar.js';
import { NEVER } from '../guideline/planned-item.js';
import { DEFAULT_POLICY } from '../tenancy/policy/hospital-policy.js';
import { rulesFor } from '../tenancy/policy/reminder-policy.js';
import {
  firstReminderOn,
  nextReminderAfter,
  reminderOn,
  reminderOnUnderNewRules,
} from './reminder-calendar.js';

const due = calendarDate('2024-06-30');
const LEAD = rulesFor(DEFAULT_POLICY.reminders, 'chest-ct');
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
])('%i days from the due date the reminder is: %s', (days, kind) => {
  expect(on(days)?.kind).toBe(kind);
});

test('a reminder has the day on which it became due, not the day of the question', () => {
  expect(on(10)).toEqual({ kind: 'due', on: due, escalatedTo: null });
});

test('after each reminder comes the next, and none after the last', () => {
  expect(nextReminderAfter(addDays(due, -20), item, LEAD)).toBe(addDays(due, -14));
  expect(nextReminderAfter(addDays(due, -14), item, LEAD)).toBe(due);
  expect(nextReminderAfter(due, item, LEAD)).toBe(item.overdue);
  expect(nextReminderAfter(item.overdue, item, LEAD)).toBeNull();
});

test('an item that is missed before its first late day has no overdue reminder', () => {
  const brief = { ...item, missedOn: item.overdue };

  expect(reminderOn(addDays(item.overdue, -1), brief, LEAD)?.kind).toBe('due');
  expect(reminderOn(item.overdue, brief, LEAD)).toBeUndefined();
  expect(nextReminderAfter(due, brief, LEAD)).toBeNull();
});

test('an item that is never late has no overdue reminder and no escalation', () => {
  const rules = {
    ...LEAD,
    overdueEveryDays: 7,
    escalation: { responsibleNurseAfterDays: 7, headNurseAfterDays: 14 },
  };
  const never = { due, overdue: NEVER, missedOn: null };

  expect(reminderOn(addDays(due, 3000), never, rules)).toMatchObject({ kind: 'due', on: due });
  expect(nextReminderAfter(addDays(due, -1), never, rules)).toBe(due);
  expect(nextReminderAfter(due, never, rules)).toBeNull();
});

test('the first reminder of a new item is the one due already, otherwise the next one, and none once it is missed', () => {
  expect(firstReminderOn(addDays(due, -30), item, LEAD)).toBe(addDays(due, -14));
  expect(firstReminderOn(addDays(due, 3), item, LEAD)).toBe(due);
  expect(firstReminderOn(item.missedOn, item, LEAD)).toBeNull();
});

test('each of several lead times has its own reminder', () => {
  const rules = { ...LEAD, leadDays: [7, 30] };

  expect(firstReminderOn(addDays(due, -60), item, rules)).toBe(addDays(due, -30));
  expect(nextReminderAfter(addDays(due, -30), item, rules)).toBe(addDays(due, -7));
  expect(nextReminderAfter(addDays(due, -7), item, rules)).toBe(due);
});

test('the overdue reminder is repeated every ten days until the item is missed', () => {
  const rules = { ...LEAD, overdueEveryDays: 10 };
  const days: string[] = [];
  for (let day: string | null = item.overdue; day; day = nextReminderAfter(day as typeof due, item, rules))
    days.push(day);

  expect(days).toEqual([15, 25, 35, 45, 55].map((after) => addDays(due, after)));
});

test('reminders escalate first to the responsible nurse, then to the head nurse', () => {
  const rules = { ...LEAD, escalation: { responsibleNurseAfterDays: 7, headNurseAfterDays: 14 } };
  const reminded = (late: number) => reminderOn(addDays(item.overdue, late), item, rules);

  expect(reminded(0)).toEqual({ kind: 'overdue', on: item.overdue, escalatedTo: null });
  expect(reminded(7)).toEqual({
    kind: 'overdue',
    on: addDays(item.overdue, 7),
    escalatedTo: 'responsible_nurse',
  });
  expect(reminded(20)).toEqual({ kind: 'overdue', on: addDays(item.overdue, 14), escalatedTo: 'head_nurse' });
});

test('after an outage the newest reminder has the escalation of the latest step', () => {
  const rules = {
    ...LEAD,
    overdueEveryDays: 5,
    escalation: { responsibleNurseAfterDays: 7, headNurseAfterDays: 12 },
  };

  expect(reminderOn(addDays(item.overdue, 16), item, rules)).toEqual({
    kind: 'overdue',
    on: addDays(item.overdue, 15),
    escalatedTo: 'head_nurse',
  });
});

describe('with reminders on working days only; 30 June 2024 is a Sunday', () => {
  const workingDays = { weekdays: [1, 2, 3, 4, 5], holidays: [calendarDate('2024-07-01')], extra: [] };
  const rules = { ...LEAD, leadDays: [15], workingDays };

  test('an upcoming reminder moves to the working day before, a due one to the next working day after the holiday', () => {
    expect(firstReminderOn(addDays(due, -60), item, rules)).toBe('2024-06-14'); // a Friday; the 15th is a Saturday
    expect(nextReminderAfter(calendarDate('2024-06-14'), item, rules)).toBe('2024-07-02');
  });

  test('an extra working day is a working day, although it is a Sunday', () => {
    expect(
      nextReminderAfter(addDays(due, -1), item, { ...rules, workingDays: { ...workingDays, extra: [due] } }),
    ).toBe(due);
  });

  test('a reminder of an item that is missed before the next working day keeps its day', () => {
    expect(reminderOn(due, { ...item, missedOn: calendarDate('2024-07-02') }, rules)?.on).toBe(due);
  });
});

describe('new reminder rules for an item whose dates stay', () => {
  const on = (days: number, rules: Partial<typeof LEAD>) =>
    reminderOnUnderNewRules(
      addDays(due, days),
      item,
      { ...LEAD, ...rules },
      { rules: LEAD, nextReminderOn: nextReminderAfter(addDays(due, days), item, LEAD) },
    );

  test('a sent reminder is not sent again', () => {
    expect(on(-5, { leadDays: [10] })).toBe(due);
    expect(on(20, { overdueEveryDays: 2 })).toBe(addDays(item.overdue, 6));
  });

  test('a reminder that is due by the new rules only is sent at once', () => {
    expect(on(-20, { leadDays: [30] })).toBe(addDays(due, -30));
    expect(on(30, { escalation: { responsibleNurseAfterDays: 5, headNurseAfterDays: 90 } })).toBe(
      addDays(item.overdue, 5),
    );
  });

  test('a pending reminder is sent', () => {
    expect(reminderOnUnderNewRules(due, item, LEAD, { rules: LEAD, nextReminderOn: due })).toBe(due);
  });
});

test('the reminders one after the other are those of each day, in order', () => {
  const rules = fc.record({
    leadDays: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 4 }),
    overdueEveryDays: fc.option(fc.integer({ min: 1, max: 30 })),
    escalation: fc.option(
      fc.record({
        responsibleNurseAfterDays: fc.integer({ min: 0, max: 20 }),
        headNurseAfterDays: fc.integer({ min: 21, max: 40 }),
      }),
    ),
    workingDays: fc.option(
      fc.record({
        weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        holidays: fc.array(
          fc.integer({ min: -30, max: 60 }).map((days) => addDays(due, days)),
          { maxLength: 12 },
        ),
        extra: fc.constant<CalendarDate[]>([]),
      }),
    ),
  });
  fc.assert(
    fc.property(fc.integer({ min: -100, max: 100 }), rules, fc.boolean(), (days, drawn, endless) => {
      const day = addDays(due, days);
      const of = endless ? { ...item, missedOn: null } : item;
      const current = reminderOn(day, of, drawn);
      const next = nextReminderAfter(day, of, drawn);

      if (current) expect(current.on <= day).toBe(true);
      if (next !== null) expect(reminderOn(next, of, drawn)?.on).toBe(next);
      if (next !== null)
        expect(next > day && nextReminderAfter(addDays(next, -1), of, drawn) === next).toBe(true);
      if (current?.kind !== 'upcoming' && current) expect(current.on >= due).toBe(true);
      if (endless && drawn.overdueEveryDays !== null) expect(next).not.toBeNull();
    }),
  );
});
