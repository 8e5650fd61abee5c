import { dues, exam, of, plannedBy } from '../../test/support/planned.js';
import { look, protocol, scope, started, visit } from '../../test/support/protocol.js';
import { addDays, calendarDate } from './calendar.js';
import type { Choices } from './choices.js';
import type { ClinicalFact } from './facts.js';
import type { Guideline, Rule } from './guideline.js';

const START = started('2024-01-15');

/** Due dates of the rule until the end of 2026. */
const dated = (rule: Rule, events: readonly ClinicalFact[] = [START], more: Partial<Guideline> = {}) =>
  dues(plannedBy(protocol([rule], more), events, { until: '2026-12-31' }), rule.id);
const windows = (rule: Rule, events: readonly ClinicalFact[] = [START], choices: Partial<Choices> = {}) =>
  of(plannedBy(protocol([rule]), events, { until: '2026-12-31', ...choices }), rule.id).map(
    ({ earliest, due, overdue }) => [earliest, due, overdue],
  );

describe('single dates', () => {
  test('are each counted from the clock, in their own unit', () => {
    expect(dated(visit([{ at: ['P10D', 'P6W', 'P3M', 'P2Y'] }]))).toEqual([
      '2024-01-25',
      '2024-02-26',
      '2024-04-15',
      '2026-01-15',
    ]);
  });

  test('a range is due at its short or long end, opens before the short one and is late after the long one', () => {
    const rule = visit([{ at: [['P3M', 'P6M']] }]);

    expect(windows(rule)).toEqual([['2024-04-01', '2024-04-15', '2024-07-16']]);
    expect(windows(rule, [START], { profile: 'minimal' })).toEqual([
      ['2024-03-16', '2024-07-15', '2024-07-16'],
    ]);
  });

  test('equal intervals go on from the last of them', () => {
    expect(dated(visit([{ at: ['P1M', 'P4M'] }, { every: 'P12M' }]))).toEqual([
      '2024-02-15',
      '2024-05-15',
      '2025-05-15',
      '2026-05-15',
    ]);
  });

  test('after equal intervals they stand by themselves', () => {
    expect(dated(visit([{ every: 'P6M', until: 'P12M' }, { at: ['P30M'] }]))).toEqual([
      '2024-07-15',
      '2025-01-15',
      '2026-07-15',
    ]);
  });

  test('out of order they are refused', () => {
    expect(() => protocol([visit([{ at: ['P6M', 'P3M'] }])])).toThrow('out-of-order');
  });
});

describe('phases of equal intervals', () => {
  test('a phase with `from` begins there and continues in its interval', () => {
    expect(
      dated(
        visit([
          { every: 'P3M', until: 'P6M' },
          { every: 'P12M', from: 'P14M' },
        ]),
      ),
    ).toEqual(['2024-04-15', '2024-07-15', '2025-03-15', '2026-03-15']);
  });

  test('from alone delays the first', () => {
    expect(dated(visit([{ every: 'P6M', from: 'P1M', until: 'P13M' }]))).toEqual([
      '2024-02-15',
      '2024-08-15',
      '2025-02-15',
    ]);
  });

  test('until is included', () => {
    expect(dated(visit([{ every: 'P6M', until: 'P12M' }]))).toEqual(['2024-07-15', '2025-01-15']);
    expect(dated(visit([{ every: 'P6M', until: 'P17M' }]))).toEqual(['2024-07-15', '2025-01-15']);
  });

  test('weeks are counted in days, years as twelve months', () => {
    expect(dated(visit([{ every: 'P2W', until: 'P6W' }]))).toEqual([
      '2024-01-29',
      '2024-02-12',
      '2024-02-26',
    ]);
    expect(dated(visit([{ every: 'P1Y', until: 'P2Y' }]))).toEqual(['2025-01-15', '2026-01-15']);
  });

  test('a range is chosen once by the profile and kept', () => {
    const rule = visit([{ every: ['P4M', 'P6M'], until: 'P12M' }]);

    expect(windows(rule).map(([, due]) => due)).toEqual(['2024-05-15', '2024-09-15', '2025-01-15']);
    expect(windows(rule, [START], { profile: 'minimal' }).map(([, due]) => due)).toEqual([
      '2024-07-15',
      '2025-01-15',
    ]);
  });
});

describe('windows and limits', () => {
  test('the window of the text takes the place of the tolerance of the hospital', () => {
    const rule = visit([{ every: 'P6M', until: 'P12M', window: { before: 'P7D', after: 'P2W' } }]);

    expect(windows(rule)).toEqual([
      ['2024-07-08', '2024-07-15', '2024-07-30'],
      ['2025-01-08', '2025-01-15', '2025-01-30'],
    ]);
  });

  test('a window of no days leaves the day itself', () => {
    const rule = visit([{ at: ['P6M'], window: { before: 'P0D', after: 'P0D' } }]);

    expect(windows(rule)).toEqual([['2024-07-15', '2024-07-15', '2024-07-16']]);
  });

  test('a window reaches back to the day after the date before, and no further', () => {
    const rule = visit([{ every: 'P1M', until: 'P3M', window: { before: 'P90D', after: 'P90D' } }]);

    expect(windows(rule)).toEqual([
      ['2024-01-16', '2024-02-15', '2024-02-16'],
      ['2024-02-16', '2024-03-15', '2024-03-16'],
      ['2024-03-16', '2024-04-15', '2024-07-15'],
    ]);
  });

  test('a window in months is refused: a month has no fixed number of days', () => {
    expect(() => protocol([visit([{ at: ['P6M'], window: { before: 'P1M', after: 'P1M' } }])])).toThrow(
      'window-unit',
    );
  });

  test('a limit is late the day after, whatever the tolerance, and counts from the day after the clock', () => {
    expect(windows(visit([{ at: ['P6M'], limit: true }]))).toEqual([
      ['2024-01-16', '2024-07-15', '2024-07-16'],
    ]);
    expect(windows(visit([{ at: ['P6W'], limit: true }]))).toEqual([
      ['2024-01-16', '2024-02-26', '2024-02-27'],
    ]);
  });

  test.each([
    [{ upTo3Months: 1, upTo12Months: 2, longer: 3 }, ['2024-04-16', '2024-07-17', '2025-01-18']],
    [{ upTo3Months: 0, upTo12Months: 0, longer: 0 }, ['2024-04-15', '2024-07-15', '2025-01-15']],
  ] as const)('the hospital may choose its own tolerance: %j', (tolerances, last) => {
    const rule = visit([{ at: ['P3M', 'P6M', 'P12M'] }]);
    const expected = last.map((day) => addDays(calendarDate(day), 1));

    expect(windows(rule, [START], { tolerances }).map(([, , overdue]) => overdue)).toEqual(expected);
  });

  test('a tolerance wider than the interval makes no two windows overlap', () => {
    const year = { upTo3Months: 365, upTo12Months: 365, longer: 365 };
    const its = windows(visit([{ every: 'P1M', until: 'P12M' }]), [START], { tolerances: year });

    for (const [index, [earliest]] of its.entries())
      if (index > 0) expect(earliest).toBe(addDays(its[index - 1]![1]!, 1));
  });
});

describe('months that are too short', () => {
  const monthly = visit([{ every: 'P1M', until: 'P4M' }]);
  const yearly = visit([{ every: 'P12M', until: 'P48M' }]);
  const from = (date: string, monthEnd: 'clamp' | 'roll', rule: Rule = monthly) =>
    dues(plannedBy(protocol([rule], { monthEnd }), [started(date)], { until: '2030-12-31' }), rule.id);

  test.each([
    ['2023-01-29', ['2023-02-28', '2023-03-29', '2023-04-29', '2023-05-29']],
    ['2023-01-30', ['2023-02-28', '2023-03-30', '2023-04-30', '2023-05-30']],
    ['2023-01-31', ['2023-02-28', '2023-03-31', '2023-04-30', '2023-05-31']],
    ['2024-01-31', ['2024-02-29', '2024-03-31', '2024-04-30', '2024-05-31']],
  ])('clamp, from %s: the last day of the month', (date, expected) => {
    expect(from(date, 'clamp')).toEqual(expected);
  });

  test.each([
    ['2023-01-28', ['2023-02-28', '2023-03-28', '2023-04-28', '2023-05-28']],
    ['2023-01-29', ['2023-03-01', '2023-03-29', '2023-04-29', '2023-05-29']],
    ['2023-01-30', ['2023-03-01', '2023-03-30', '2023-04-30', '2023-05-30']],
    ['2023-01-31', ['2023-03-01', '2023-03-31', '2023-05-01', '2023-05-31']],
    ['2024-01-29', ['2024-02-29', '2024-03-29', '2024-04-29', '2024-05-29']],
    ['2024-01-30', ['2024-03-01', '2024-03-30', '2024-04-30', '2024-05-30']],
    ['2023-10-31', ['2023-12-01', '2023-12-31', '2024-01-31', '2024-03-01']],
  ])('roll, from %s: the first of the next month', (date, expected) => {
    expect(from(date, 'roll')).toEqual(expected);
  });

  test('a leap day comes back every four years', () => {
    expect(from('2024-02-29', 'clamp', yearly)).toEqual([
      '2025-02-28',
      '2026-02-28',
      '2027-02-28',
      '2028-02-29',
    ]);
    expect(from('2024-02-29', 'roll', yearly)).toEqual([
      '2025-03-01',
      '2026-03-01',
      '2027-03-01',
      '2028-02-29',
    ]);
  });

  test('chains, rolling dates and findings roll too', () => {
    const rules = [
      scope([{ when: { none: true }, from: 'clock', due: 'P1M', limit: false }]),
      visit([{ every: 'P1M', until: 'P2M' }], { anchor: 'rolling' }),
      look({ event: 'exam', where: { activity: ['liver_ultrasound'] } }, 'P1M'),
    ];
    const plan = plannedBy(protocol(rules, { monthEnd: 'roll' }), [
      started('2023-01-31'),
      exam('liver_ultrasound', '2023-01-31'),
    ]);

    expect(['scope', 'visit', 'look'].map((rule) => dues(plan, rule)[0])).toEqual([
      '2023-03-01',
      '2023-03-01',
      '2023-03-01',
    ]);
  });
});
