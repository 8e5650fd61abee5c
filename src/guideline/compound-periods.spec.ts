import fc from 'fast-check';
import { dues, exam, of, plannedBy } from '../../test/support/planned.js';
import { drafted, look, protocol, scope, started, visit } from '../../test/support/protocol.js';
import { periodText } from './arithmetic.js';
import { calendarDate, fromDayNumber, toDayNumber } from './calendar.js';
import { problemsOf } from './check.js';
import type { Period, Rule } from './guideline.js';
import { dayAt, offsetOf, shortestDays } from './period.js';
import { explanationOf } from './reason.js';

const START = started('2024-01-15');
const dated = (rule: Rule) => dues(plannedBy(protocol([rule]), [START], { until: '2027-12-31' }), rule.id);
const faults = (rule: Rule) => problemsOf(drafted([rule])).map(({ pointer, code }) => [pointer, code]);

describe('a period of several units', () => {
  test('counts the months first and then the days, in one step', () => {
    const once = (period: Period, from: string) => fromDayNumber(dayAt(calendarDate(from), offsetOf(period)));

    expect(once('P19M4W-1D', '2024-01-15')).toBe('2025-09-11');
    expect(once('P1Y6M', '2024-01-31')).toBe('2025-07-31');
    expect(once('P1M-1D', '2023-01-31')).toBe('2023-02-27');
    expect(once('P1M1D', '2023-01-31')).toBe('2023-03-01');
  });

  test('dates a grid, a rolling rule, a chain and an item after an event', () => {
    expect(dated(visit([{ every: 'P6M-2W', until: 'P13M' }]))).toEqual(['2024-07-01', '2024-12-18']);
    expect(dated(visit([{ every: 'P6M-2W', until: 'P12M' }], { anchor: 'rolling' }))).toEqual([
      '2024-07-01',
      '2024-12-18',
    ]);
    expect(dated(scope([{ when: { none: true }, from: 'clock', due: 'P1Y2W', limit: true }]))).toEqual([
      '2025-01-29',
    ]);
    expect(dated(look({ event: 'started' }, 'P2M1W'))).toEqual(['2024-03-22']);
  });

  test('is a window of days, and one of months no window', () => {
    const windowed = (before: Period) => visit([{ at: ['P6M'], window: { before, after: 'P1W3D' } }]);
    const [item] = of(plannedBy(protocol([windowed('P2W-1D')]), [START]), 'visit');

    expect([item?.earliest, item?.due, item?.overdue]).toEqual(['2024-07-02', '2024-07-15', '2024-07-26']);
    expect(faults(windowed('P1M-1W'))).toEqual([['/rules/0/phases/0/window/before', 'window-unit']]);
    expect(faults(windowed('P1W-8D'))).toEqual([['/rules/0/phases/0/window/before', 'backwards']]);
  });

  test('is no range upside down, and no date out of order', () => {
    expect(faults(visit([{ every: ['P3M2W', 'P3M1W'] }]))).toEqual([
      ['/rules/0/phases/0/every', 'range-upside-down'],
    ]);
    expect(faults(visit([{ at: ['P6M', 'P7M-5W'] }]))).toEqual([['/rules/0/phases/0/at/1', 'out-of-order']]);
    expect(faults(visit([{ every: 'P99Y13M' }]))).toEqual([['/rules/0/phases/0/every', 'too-long']]);
  });

  test.each(['P1M-30D', 'P1M-4W', 'P-1Y12M', 'P1W-8D', 'P2M-57D'])(
    'that may be no time at all is refused: %s',
    (period) => {
      expect(faults(visit([{ every: period as Period }]))).toEqual([['/rules/0/phases/0/every', 'no-time']]);
    },
  );

  test('that leads backwards is refused where the same day would do', () => {
    expect(faults(look({ event: 'started' }, 'P0D'))).toEqual([]);
    expect(faults(look({ event: 'started' }, 'P-1W1D'))).toEqual([['/rules/0/due', 'backwards']]);
    expect(faults(scope([{ when: {}, from: 'last', earliest: 'P1W-8D', due: 'P1M', limit: false }]))).toEqual(
      [['/rules/0/cases/0/earliest', 'backwards']],
    );
    expect(
      faults(scope([{ when: {}, from: 'last', due: 'P1M', limit: false }], { repeatIfEarlierBy: 'P1W-8D' })),
    ).toEqual([['/rules/0/repeatIfEarlierBy', 'backwards']]);
  });

  test('from every day it lasts at least the days that the check counts with', () => {
    const day = fc.integer({ min: toDayNumber(calendarDate('1999-01-01')), max: 22_000 });
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 1200 }), fc.boolean(), (number, months, roll) => {
        const date = fromDayNumber(number);
        const lasts = dayAt(date, { months, days: 0 }, roll) - number;
        return lasts >= shortestDays(`P${months}M`);
      }),
      { numRuns: 5000 },
    );
  });

  test('is written in words, in both languages', () => {
    expect(periodText('P19M4W-1D', 'en')).toBe('19 months + 4 weeks − 1 day');
    expect(periodText('P19M4W-1D', 'zh')).toBe('19个月 + 4周 − 1天');
    expect([periodText('P1Y', 'en'), periodText('P0D', 'zh')]).toEqual(['1 year', '0天']);
  });

  test.each<[string, Rule, string, string]>([
    ['on a grid', visit([{ at: ['P19M4W-1D'] }]), '19 months + 27 days', '19 个月 + 27 天'],
    [
      'with days taken away',
      visit([{ every: 'P6M-2W', until: 'P6M' }]),
      '6 months − 14 days',
      '6 个月 − 14 天',
    ],
    [
      'in a chain',
      scope([{ when: { none: true }, from: 'clock', due: 'P1Y2W', limit: true }]),
      '12 months + 14 days',
      '12 个月 + 14 天',
    ],
  ])('%s the sum is the date that it gives', (_, rule, en, zh) => {
    const guideline = protocol([rule]);
    const [item] = of(plannedBy(guideline, [START, exam('clinical_review', '2024-01-16')]), rule.id);
    const explained = (language: 'zh' | 'en') =>
      explanationOf(guideline, item!, { profile: 'intensive', liverImaging: 'ct' }, language).arithmetic;
    const signed = (text: string) => `2024-01-15 + ${text} → ${item?.due}`;

    expect(explained('en')).toBe(signed(en));
    expect(explained('zh')).toBe(signed(zh));
  });
});
