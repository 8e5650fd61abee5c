import { exam, of, plannedBy } from '../../test/support/planned.js';
import { drafted, ended, look, protocol, scope, started, visit } from '../../test/support/protocol.js';
import { calendarDate } from './calendar.js';
import { problemsOf } from './check.js';
import type { Choices } from './choices.js';
import type { ClinicalFact } from './facts.js';
import type { Rule } from './guideline.js';
import { reasonFor } from './reason.js';
import { NEVER, statusOn } from './planned-item.js';

const START = started('2024-01-15');
const CHOICES: Choices = { profile: 'intensive', liverImaging: 'ct' };
const DECADES_LATER = calendarDate('2060-01-01');

const items = (rule: Rule, events: readonly ClinicalFact[] = [START], choices: Partial<Choices> = {}) =>
  of(plannedBy(protocol([rule]), events, { until: '2026-12-31', ...choices }), rule.id);
const faults = (rule: Rule) => problemsOf(drafted([rule])).map(({ pointer, code }) => [pointer, code]);

const once = { when: { none: true }, from: 'clock', due: 'P6M', latest: 'never', limit: false } as const;
const waiting: [string, Rule][] = [
  ['a single date', visit([{ at: ['P6M'], neverLate: true }])],
  [
    'a single date with a window',
    visit([{ at: ['P6M'], neverLate: true, window: { before: 'P1W', after: 'P1W' } }]),
  ],
  ['a rolling date', visit([{ every: 'P6M', neverLate: true }], { anchor: 'rolling' })],
  ['a rolling range', visit([{ every: ['P6M', 'P9M'], neverLate: true }], { anchor: 'rolling' })],
  ['a range of a grid', visit([{ every: ['P6M', 'P9M'], until: 'P9M', neverLate: true }])],
  ['a case of a chain', scope([once])],
  ['a look after an event', look({ event: 'started' }, 'P6M', { neverLate: true })],
];

describe('what is never late', () => {
  test.each(waiting)('is due and waits, decades later too: %s', (_, rule) => {
    const [item] = items(rule);

    expect([item?.due, item?.overdue, item?.missedOn]).toEqual(['2024-07-15', NEVER, null]);
    expect(statusOn(calendarDate('2024-07-14'), item!)).toBe('upcoming');
    expect(statusOn(DECADES_LATER, item!)).toBe('due');
  });

  test.each(waiting)('says so in both languages: %s', (_, rule) => {
    const guideline = protocol([rule]);
    const [item] = items(rule);

    expect(reasonFor(guideline, item!, CHOICES, 'en')).toContain('the text names no last day: never late');
    expect(reasonFor(guideline, item!, CHOICES, 'zh')).toContain('永不逾期');
    expect(reasonFor(guideline, item!, CHOICES, 'en')).not.toContain('hospital policy');
  });

  test('is missed when the next one opens or the pathway ends, and never late before', () => {
    const grid = visit([{ every: 'P6M', until: 'P12M', neverLate: true }]);
    const [first, second] = items(grid, [START, ended('2025-03-01')]);

    expect([first?.missedOn, first?.overdue]).toEqual([second?.earliest, NEVER]);
    expect([second?.missedOn, second?.overdue]).toEqual(['2025-03-01', NEVER]);
  });

  test('stays so where a range moves the next date forward', () => {
    const range = visit([{ every: ['P6M', 'P9M'], until: 'P24M', neverLate: true }]);
    const later = items(range, [START, exam('tumour_markers', '2024-06-20')], { profile: 'minimal' });

    expect(later.map(({ overdue }) => overdue)).toEqual(later.map(() => NEVER));
  });

  test('stays so where a clinician decides the interval', () => {
    const [item] = items(scope([once]), [START], {
      rules: { scope: { by: 'clinician', interval: 'P3M' } },
    });

    expect([item?.due, item?.overdue]).toEqual(['2024-04-15', NEVER]);
  });

  test('is no limit', () => {
    expect(faults(scope([{ ...once, limit: true }]))).toEqual([['/rules/0/cases/0/latest', 'contradictory']]);
    expect(faults(visit([{ at: ['P6M'], limit: true, neverLate: true }]))).toEqual([
      ['/rules/0/phases/0/neverLate', 'contradictory'],
    ]);
  });
});
