import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, addMonths, calendarDate } from '../../guideline/calendar.js';
import { NEVER } from '../../guideline/planned-item.js';
import { dayAt, offsetOf } from '../../guideline/period.js';
import { fromDayNumber } from '../../guideline/calendar.js';
import { render } from '../../platform/messages/dictionary.js';
import { consequenceOf, isOutside, needsReason, spanOf, windowOf } from './item-window.js';

const item = {
  measuredFrom: calendarDate('2026-01-15'),
  earliest: calendarDate('2026-07-01'),
  due: calendarDate('2026-07-15'),
  overdue: calendarDate('2026-07-30'),
};
const on = (day: string, lastDone: string | null = null, language: 'zh' | 'en' = 'en'): string | null => {
  const message = consequenceOf(item, calendarDate(day), lastDone === null ? null : calendarDate(lastDone));
  return message && render(message, language);
};

test('the window ends on the last day that is not late', () => {
  expect(windowOf(item)).toEqual({ earliest: '2026-07-01', due: '2026-07-15', last: '2026-07-29' });
  expect(windowOf({ ...item, overdue: NEVER }).last).toBeNull();
});

test.each([
  ['2026-07-01', null],
  ['2026-07-29', null],
  [
    '2026-08-15',
    '7 months after 2026-01-15, from which the date is counted; the plan allows 6 months + 14 days, until 2026-07-29.',
  ],
  [
    '2026-06-15',
    '5 months after 2026-01-15, from which the date is counted; the plan asks for at least 5 months + 16 days, so not before 2026-07-01.',
  ],
])('on %s: %s', (day, consequence) => {
  expect(on(day)).toBe(consequence);
});

test('counts from the newest examination where there is one, and says it in Chinese', () => {
  expect(on('2026-08-20', '2026-01-20')).toBe(
    '7 months after the last one on 2026-01-20; the plan allows 6 months + 9 days, until 2026-07-29.',
  );
  expect(on('2026-08-20', '2026-01-20', 'zh')).toBe(
    '距上次检查（2026-01-20）已 7个月；计划最多允许 6个月 + 9天，即不晚于 2026-07-29。',
  );
  // An examination from before the day from which the date is counted says nothing about it.
  expect(on('2026-08-15', '2025-06-01')).toContain('after 2026-01-15');
});

const days = fc.nat(1500).map((n) => addDays(calendarDate('2024-01-31'), n));

test('a reason is needed outside the window, unless the item is late already', () => {
  fc.assert(
    fc.property(days, days, (day, today) => {
      expect(needsReason(item, day, today)).toBe(isOutside(item, day) && today < item.overdue);
      expect(consequenceOf(item, day, null) === null).toBe(!isOutside(item, day));
    }),
  );
});

test('a span counted from its first day ends on its last', () => {
  fc.assert(
    fc.property(days, days, (a, b) => {
      const [from, to] = a < b ? [a, b] : [b, a];
      const span = spanOf(from, to);
      expect(fromDayNumber(dayAt(from, offsetOf(span)))).toBe(to);
      const { months } = offsetOf(span);
      expect(addMonths(from, months) <= to && addMonths(from, months + 1) > to).toBe(true);
    }),
  );
});
