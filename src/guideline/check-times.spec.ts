import { drafted, look, scope, visit } from '../../test/support/protocol.js';
import { problemsOf } from './check.js';
import type { Rule } from './guideline.js';
import { type Message, rendered } from './message.js';
import { GUIDELINE_MESSAGES } from './messages.js';

const inEnglish = (message: Message): string => rendered(message, 'en', GUIDELINE_MESSAGES);

/** Problems of the times of these rules, one line each. */
const problemTexts = (rules: readonly Rule[]): string[] =>
  problemsOf(drafted(rules)).map(({ pointer, code, message }) => `${pointer} ${code}: ${inEnglish(message)}`);

const phases = (...all: Parameters<typeof visit>[0]): string[] => problemTexts([visit(all)]);
const cases = (one: object): string[] =>
  problemTexts([scope([{ when: {}, from: 'last', due: 'P12M', limit: false, ...one }])]);

test('ranges the right way round, no time at all, longer than a life', () => {
  expect(phases({ every: ['P6M', 'P3M'] })).toEqual([
    '/rules/0/phases/0/every range-upside-down: P6M is longer than P3M: write the short end first.',
  ]);
  expect(phases({ every: ['P6M', 'P6M'] })).toEqual([]);
  expect(phases({ every: 'P0M' })).toEqual([
    '/rules/0/phases/0/every no-time: P0M is or can be no time at all: the planner would never get on.',
  ]);
  expect(phases({ every: 'P6M', until: 'P101Y' })).toEqual([
    '/rules/0/phases/0/until too-long: P101Y is longer than 100 years.',
  ]);
  expect(phases({ every: 'P6M', until: 'P100Y' })).toEqual([]);
  expect(problemTexts([look({ event: 'started' }, 'P101Y')])).toEqual([
    '/rules/0/due too-long: P101Y is longer than 100 years.',
  ]);
  expect(problemTexts([look({ event: 'started' }, 'P0D')])).toEqual([]);
});

test('nothing is repeated more than once a week', () => {
  const often = (at: string, period: string): string =>
    `/rules/0/${at} too-often: ${period} is less than a week: nothing is repeated more often.`;
  expect(phases({ every: 'P6D' })).toEqual([often('phases/0/every', 'P6D')]);
  expect(phases({ every: ['P1D', 'P1M'] })).toEqual([often('phases/0/every', 'P1D')]);
  expect(phases({ every: 'P7D' })).toEqual([]);
  expect(cases({ due: 'P6D' })).toEqual([often('cases/0/due', 'P6D')]);
  expect(cases({ due: 'P1W' })).toEqual([]);
  expect(cases({ from: 'clock', due: 'P1D' })).toEqual([]);
});

test('single dates one after the other, by either end of their ranges', () => {
  const order = (index: number, period: string): string =>
    `/rules/0/phases/0/at/${index} out-of-order: ${period} is not later than the date before it.`;
  expect(phases({ at: ['P6M', 'P12M'] })).toEqual([]);
  expect(phases({ at: ['P6M', 'P6M'] })).toEqual([order(1, 'P6M')]);
  expect(
    phases({
      at: [
        ['P3M', 'P6M'],
        ['P4M', 'P6M'],
      ],
    }),
  ).toEqual([order(1, 'P4M')]);
  expect(
    phases({
      at: [
        ['P3M', 'P6M'],
        ['P3M', 'P9M'],
      ],
    }),
  ).toEqual([order(1, 'P3M')]);
  expect(phases({ at: ['P12M', ['P9M', 'P6M']] })).toEqual([
    '/rules/0/phases/0/at/1 range-upside-down: P9M is longer than P6M: write the short end first.',
    order(1, 'P9M'),
  ]);
});

test('a phase that begins before the one before it has ended', () => {
  const from = (period: 'P6M' | 'P7M' | 'P3M'): string[] =>
    phases({ at: ['P6M'] }, { every: 'P6M', from: period, until: 'P24M' });
  expect(from('P7M')).toEqual([]);
  expect(from('P6M')).toEqual([
    '/rules/0/phases/1/from out-of-order: P6M is not later than the date before it.',
  ]);
  expect(from('P3M')).toEqual([
    '/rules/0/phases/1/from out-of-order: P3M is not later than the date before it.',
  ]);
  expect(phases({ every: 'P6M', from: 'P0M', until: 'P24M' })[0]).toBe(
    '/rules/0/phases/0/from no-time: P0M is or can be no time at all: the planner would never get on.',
  );
});

test('a phase without a single date', () => {
  const empty = (index: number, until: string): string =>
    `/rules/0/phases/${index} empty-phase: Not one date falls before ${until}: the phase would be empty.`;
  expect(phases({ every: 'P12M', until: 'P6M' })).toEqual([empty(0, 'P6M')]);
  expect(phases({ every: 'P6M', until: 'P6M' })).toEqual([]);
  expect(phases({ every: 'P6M', until: 'P24M' }, { every: 'P12M', until: 'P30M' })).toEqual([
    empty(1, 'P30M'),
  ]);
  expect(phases({ every: 'P6M', until: 'P24M' }, { every: 'P6M', until: 'P30M' })).toEqual([]);
  expect(phases({ every: 'P6M', from: 'P12M', until: 'P9M' })).toEqual([empty(0, 'P9M')]);
  expect(phases({ every: 'P6M', from: 'P12M', until: 'P12M' })).toEqual([]);
  expect(phases({ every: ['P3M', 'P6M'], until: 'P4M' })).toEqual([empty(0, 'P4M')]);
  // 26 weeks are about a day shorter than six months: close enough.
  expect(phases({ every: 'P26W', until: 'P6M' })).toEqual([]);
  // By the long ends: two years plus half a year are later than the two and a third years of the second phase.
  expect(
    phases({ every: 'P6M', until: ['P12M', 'P24M'] }, { every: 'P6M', until: ['P18M', 'P28M'] }),
  ).toEqual([empty(1, 'P18M')]);
});

test('a phase that is never reached', () => {
  expect(phases({ every: 'P6M' }, { every: 'P12M' }, { every: 'P0M' })).toEqual([
    '/rules/0/phases/0/until required: Only the last phase may have no end: what follows is never reached.',
  ]);
});

test('a window in months', () => {
  expect(phases({ every: 'P6M', window: { before: 'P1M', after: 'P2W' } })).toEqual([
    '/rules/0/phases/0/window/before window-unit: P1M: write a window in weeks or days.',
  ]);
  expect(phases({ every: 'P6M', window: { before: 'P10D', after: 'P1Y' } })).toEqual([
    '/rules/0/phases/0/window/after window-unit: P1Y: write a window in weeks or days.',
  ]);
});

test('the windows of a chain’s cases', () => {
  const upsideDown = (at: string, short: string, long: string): string =>
    `/rules/0/cases/0/${at} range-upside-down: ${short} is longer than ${long}: write the short end first.`;
  const tooLong = (at: string): string => `/rules/0/cases/0/${at} too-long: P101Y is longer than 100 years.`;
  expect(cases({ earliest: 'P9M', latest: 'P15M' })).toEqual([]);
  expect(cases({ earliest: 'P12M', latest: 'P12M' })).toEqual([]);
  expect(cases({ earliest: 'P13M' })).toEqual([upsideDown('earliest', 'P13M', 'P12M')]);
  expect(cases({ latest: 'P11M' })).toEqual([upsideDown('latest', 'P12M', 'P11M')]);
  expect(cases({ due: ['P3M', 'P12M'], earliest: 'P6M' })).toEqual([upsideDown('earliest', 'P6M', 'P3M')]);
  expect(cases({ due: ['P3M', 'P12M'], latest: 'P6M' })).toEqual([upsideDown('latest', 'P12M', 'P6M')]);
  expect(cases({ due: ['P12M', 'P3M'] })).toEqual([upsideDown('due', 'P12M', 'P3M')]);
  expect(cases({ due: 'P101Y' })).toEqual([tooLong('due')]);
  expect(cases({ earliest: 'P101Y' })[0]).toBe(tooLong('earliest'));
  expect(cases({ latest: 'P101Y' })).toEqual([tooLong('latest')]);
  const moments = [
    { from: 'last', after: 'P1Y' },
    { from: 'clock', after: 'P101Y' },
  ];
  expect(cases({ due: moments, earliest: moments, latest: moments })).toEqual([
    tooLong('earliest/1/after'),
    tooLong('latest/1/after'),
    tooLong('due/1/after'),
  ]);
});
