import { dues, exam, of, plannedBy } from '../../test/support/planned.js';
import { ended, protocol, started, visit } from '../../test/support/protocol.js';
import type { Choices } from './choices.js';

const START = started('2023-01-31');

const slots = (rule: ReturnType<typeof visit>, more: Partial<Choices> = {}, start = START) =>
  of(plannedBy(protocol([rule]), [start], { ...more, until: '2025-06-30' }), 'visit');

test('keys hold the time from the clock: months, days, or both', () => {
  const rule = visit([{ every: 'P6W', until: 'P12W' }, { every: 'P3M' }]);

  expect(
    slots(rule)
      .slice(0, 4)
      .map(({ key, due }) => [key, due]),
  ).toEqual([
    ['visit@2023-01-31+P42D', '2023-03-14'],
    ['visit@2023-01-31+P84D', '2023-04-25'],
    ['visit@2023-01-31+P3M84D', '2023-07-23'],
    ['visit@2023-01-31+P6M84D', '2023-10-23'],
  ]);
  expect(slots(visit([{ at: ['P6M'] }]))[0]?.key).toBe('visit@2023-01-31+P6M');
});

test('two single dates on one day are one, and what follows stands', () => {
  const rule = visit([{ at: ['P4W', 'P1M', 'P2M'] }]);

  expect(slots(rule, {}, started('2023-02-10')).map(({ due }) => due)).toEqual(['2023-03-10', '2023-04-10']);
});

test('an interval of no time is passed over, and what follows stands', () => {
  const rule = visit([
    { every: 'P3M', until: 'P6M' },
    { every: 'P6M', until: 'P12M' },
  ]);
  const rules = { visit: { by: 'clinician', phases: { 0: { every: 'P0M' } } } } as const;

  expect(slots(rule, { rules }).map(({ due }) => due)).toEqual(['2023-07-31', '2024-01-31']);
});

test('at the long end, a range opens at its short end with the tolerance', () => {
  const rule = visit([{ every: ['P3M', 'P6M'] }]);

  expect(slots(rule, { profile: 'minimal' })[0]).toMatchObject({
    earliest: '2023-03-31', // 30 April less 30 days
    due: '2023-07-31',
    overdue: '2023-08-01',
  });
  expect(slots(rule, { profile: 'minimal' })[1]).toMatchObject({ earliest: '2023-10-01', due: '2024-01-31' });
});

test('a value decided below the range opens before its own due date, not before the range', () => {
  const rules = { visit: { by: 'clinician', phases: { 0: { every: 'P2M' } } } } as const;

  expect(slots(visit([{ every: ['P3M', 'P6M'] }]), { rules })[0]).toMatchObject({
    earliest: '2023-03-17',
    due: '2023-03-31',
    deviates: true,
  });
});

test('of limits, the first counts from the clock on, the next from half-way', () => {
  const limits = [
    visit([{ every: 'P6M', until: 'P12M', limit: true }]),
    visit([{ at: ['P6M', 'P12M'], limit: true }]),
  ];

  for (const rule of limits)
    expect(
      slots(rule).map(({ earliest, due, overdue, missedOn }) => [earliest, due, overdue, missedOn]),
    ).toEqual([
      ['2023-02-01', '2023-07-31', '2023-08-01', '2023-10-31'],
      ['2023-10-31', '2024-01-31', '2024-02-01', null],
    ]);
});

test('an exam on the day on which a pathway ends fulfils the open grid date, and none that opens that day', () => {
  const rule = protocol([visit([{ every: 'P3M' }])]);
  const done = (day: string) =>
    dues(plannedBy(rule, [START, exam('tumour_markers', day), ended(day)], {}), 'visit');

  expect(done('2023-04-17')).toEqual(['2023-04-30']); // open since the previous day
  expect(done('2023-04-16')).toEqual([]);
});

test('a window of the text, in days and weeks', () => {
  const rule = visit([{ every: 'P3M', window: { before: 'P5D', after: 'P2W' } }]);

  expect(slots(rule)[0]).toMatchObject({ earliest: '2023-04-25', due: '2023-04-30', overdue: '2023-05-15' });
});
