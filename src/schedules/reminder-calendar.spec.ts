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
])('%i days from the due date the item calls for: %s', (days, kind) => {
  expect(on(days)?.kind).toBe(kind);
});

test('the reminder names the day on which it was called for, not the day of asking', () => {
  expect(on(10)).toEqual({ kind: 'due', on: due, escalatedTo: null });
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

test('an item that is never late is never called overdue, nor does anybody act above the nurses', () => {
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

test('a new item wants the reminder it calls for today already, else the next, and none once missed', () => {
  expect(firstReminderOn(addDays(due, -30), item, LEAD)).toBe(addDays(due, -14));
  expect(firstReminderOn(addDays(due, 3), item, LEAD)).toBe(due);
  expect(firstReminderOn(item.missedOn, item, LEAD)).toBeNull();
});

test('each of several lead times is its own day', () => {
  const rules = { ...LEAD, leadDays: [7, 30] };

  expect(firstReminderOn(addDays(due, -60), item, rules)).toBe(addDays(due, -30));
  expect(nextReminderAfter(addDays(due, -30), item, rules)).toBe(addDays(due, -7));
  expect(nextReminderAfter(addDays(due, -7), item, rules)).toBe(due);
});

test('a late examination is told of again every ten days until it is missed', () => {
  const rules = { ...LEAD, overdueEveryDays: 10 };
  const days: string[] = [];
  for (let day: string | null = item.overdue; day; day = nextReminderAfter(day as typeof due, item, rules))
    days.push(day);

  expect(days).toEqual([15, 25, 35, 45, 55].map((after) => addDays(due, after)));
});

test('nobody acted: first the responsible nurse, then the head nurse is named', () => {
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

test('what an outage passed over loses no escalation: the newest reminder names who has to act', () => {
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

describe('on working days alone, 30 June 2024 being a Sunday', () => {
  const workingDays = { weekdays: [1, 2, 3, 4, 5], holidays: [calendarDate('2024-07-01')], extra: [] };
  const rules = { ...LEAD, leadDays: [15], workingDays };

  test('upcoming leaves on the working day before, due on the next one, past the holiday', () => {
    expect(firstReminderOn(addDays(due, -60), item, rules)).toBe('2024-06-14'); // a Friday; the 15th is a Saturday
    expect(nextReminderAfter(calendarDate('2024-06-14'), item, rules)).toBe('2024-07-02');
  });

  test('a day that the hospital works though it is a Sunday is a working day', () => {
    expect(
      nextReminderAfter(addDays(due, -1), item, { ...rules, workingDays: { ...workingDays, extra: [due] } }),
    ).toBe(due);
  });

  test('what would be missed before the next working day leaves on the day of rest', () => {
    expect(reminderOn(due, { ...item, missedOn: calendarDate('2024-07-02') }, rules)?.on).toBe(due);
  });
});

describe('other rules for an item whose dates stay', () => {
  const on = (days: number, rules: Partial<typeof LEAD>) =>
    reminderOnUnderNewRules(
      addDays(due, days),
      item,
      { ...LEAD, ...rules },
      { rules: LEAD, nextReminderOn: nextReminderAfter(addDays(due, days), item, LEAD) },
    );

  test('what has been said is not said again', () => {
    expect(on(-5, { leadDays: [10] })).toBe(due);
    expect(on(20, { overdueEveryDays: 2 })).toBe(addDays(item.overdue, 6));
  });

  test('what they call for already and the old ones did not is said at once', () => {
    expect(on(-20, { leadDays: [30] })).toBe(addDays(due, -30));
    expect(on(30, { escalation: { responsibleNurseAfterDays: 5, headNurseAfterDays: 90 } })).toBe(
      addDays(item.overdue, 5),
    );
  });

  test('what was about to be said is', () => {
    expect(reminderOnUnderNewRules(due, item, LEAD, { rules: LEAD, nextReminderOn: due })).toBe(due);
  });
});

test('going from reminder to reminder meets the one called for on every day, in their order', () => {
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
