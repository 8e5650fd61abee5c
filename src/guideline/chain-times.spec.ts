import fc from 'fast-check';
import { colonoscopy, dues, of, plannedBy } from '../../test/support/planned.js';
import { drafted, protocol, scope, started } from '../../test/support/protocol.js';
import { addDays, calendarDate } from './calendar.js';
import { problemsOf } from './check.js';
import type { Choices } from './choices.js';
import type { ClinicalFact } from './facts.js';
import type { ChainCase, ChainRule } from './guideline.js';
import { explanationOf } from './reason.js';
import { earlier, later } from './planned-item.js';

const START = started('2024-01-15');
const CHOICES: Choices = { profile: 'intensive', liverImaging: 'ct' };
const dated = (chain: ChainRule, ...done: ClinicalFact[]) =>
  dues(
    plannedBy(protocol([chain]), [START, ...done], { birthDate: '1976-06-01', until: '2028-12-31' }),
    'scope',
  );
const next = (chain: ChainRule, ...done: ClinicalFact[]) => dated(chain, ...done)[done.length];
const faults = (chain: ChainRule) => problemsOf(drafted([chain])).map(({ pointer, code }) => [pointer, code]);

const first = { when: { none: true }, from: 'clock', due: 'P1M', limit: false } as const;
const second = { when: { count: 1 }, from: 'last', due: 'P4W', limit: false } as const;

describe('a time from the first or n-th counted examination', () => {
  const third = {
    when: { count: 2 },
    from: 'last',
    due: [
      { from: 'last', after: 'P8W' },
      { from: { counted: 1 }, after: 'P16W' },
    ],
    limit: false,
  } as const;
  const series = scope([first, second, third]);

  test('the third is due 8 weeks after the second and 16 after the first, whichever is later', () => {
    expect(next(series, colonoscopy('2024-02-15'), colonoscopy('2024-03-14'))).toBe('2024-06-06');
    expect(next(series, colonoscopy('2024-02-15'), colonoscopy('2024-05-01'))).toBe('2024-06-26');
  });

  test('what does not count is no step: the number goes by those that do', () => {
    expect(
      next(
        series,
        colonoscopy('2024-02-15'),
        colonoscopy('2024-02-20', 'incomplete'),
        colonoscopy('2024-03-14'),
      ),
    ).toBeUndefined();
    expect(
      dated(
        series,
        colonoscopy('2024-02-15'),
        colonoscopy('2024-02-20', 'incomplete'),
        colonoscopy('2024-03-14'),
      ),
    ).toEqual(['2024-02-15', '2024-03-14', '2024-06-06']);
  });

  test('a whole case may count from it, and says so in both languages', () => {
    const chain = scope([
      first,
      second,
      { when: { count: 2 }, from: { counted: 1 }, due: 'P3Y', limit: false },
    ]);
    const guideline = protocol([chain]);
    const done = [START, colonoscopy('2024-02-10'), colonoscopy('2024-03-14')];
    const item = of(plannedBy(guideline, done), 'scope')[2];
    const explained = (language: 'zh' | 'en') => explanationOf(guideline, item!, CHOICES, language);

    expect([item?.due, item?.measuredFrom]).toEqual(['2027-02-10', '2024-02-10']);
    expect([explained('en').clock?.event, explained('en').arithmetic]).toEqual([
      'counted examination 1',
      '2024-02-10 + 36 months → 2027-02-10',
    ]);
    expect(explained('zh').clock?.event).toBe('第1次计入的检查');
  });

  test('while there is no such examination the case does not apply', () => {
    const chain = scope([
      { when: {}, from: { counted: 1 }, due: 'P3Y', limit: false },
      { when: {}, from: 'clock', due: 'P6M', limit: false },
    ]);

    expect(dated(chain)).toEqual(['2024-07-15', '2027-07-15']);
  });

  test('a case for fewer than it counts from is refused', () => {
    const from = { counted: 2 };
    const pointer = '/rules/0/cases/0/when';

    expect(faults(scope([{ when: { count: 1 }, from, due: 'P1Y', limit: false }]))).toEqual([
      [pointer, 'contradictory'],
    ]);
    expect(
      faults(scope([{ when: { none: true }, from: 'last', due: [{ from, after: 'P1Y' }], limit: false }])),
    ).toEqual([[pointer, 'contradictory']]);
    expect(faults(scope([{ when: { count: 2 }, from, due: 'P1Y', limit: false }]))).toEqual([]);
  });
});

describe('any of several times', () => {
  const birthday = { from: 'birth', after: 'P50Y' } as const;
  const either = (after: 'P12M' | 'P36M') =>
    scope([
      {
        when: { none: true },
        from: 'clock',
        due: [{ anyOf: [{ from: 'clock', after }, birthday] }],
        limit: false,
      },
    ]);

  test('the earliest counts: an interval or an age', () => {
    expect(dated(either('P12M'))).toEqual(['2025-01-15']);
    expect(dated(either('P36M'))).toEqual(['2026-06-01']);
  });

  test('the reason names the one that counts', () => {
    const guideline = protocol([either('P36M')]);
    const [item] = of(plannedBy(guideline, [START], { birthDate: '1976-06-01' }), 'scope');
    const explained = explanationOf(guideline, item!, CHOICES, 'en');

    expect([explained.clock, explained.arithmetic]).toEqual([
      { event: expect.stringMatching(/birth/i), date: '1976-06-01' },
      '1976-06-01 + 600 months → 2026-06-01',
    ]);
  });

  test('beside other moments the latest of all counts', () => {
    const anyOf = [{ from: 'clock', after: 'P36M' }, birthday] as const;
    const both = (after: 'P12M' | 'P30M') =>
      scope([
        { when: { none: true }, from: 'clock', due: [{ from: 'clock', after }, { anyOf }], limit: false },
      ]);

    expect([dated(both('P12M')), dated(both('P30M'))]).toEqual([['2026-06-01'], ['2026-07-15']]);
  });

  test('whatever the dates, one is never due after the earlier of two, nor before the later where both are asked', () => {
    const day = fc
      .integer({ min: -9000, max: 9000 })
      .map((days) => addDays(calendarDate('1980-01-01'), days));
    const time = fc.integer({ min: 1, max: 900 }).map((months): `P${number}M` => `P${months}M`);
    fc.assert(
      fc.property(day, time, time, (birthDate, age, wait) => {
        const moments = [
          { from: 'birth', after: age },
          { from: 'clock', after: wait },
        ] as const;
        const dueBy = (due: ChainCase['due']) => {
          const chain = scope([{ when: { none: true }, from: 'clock', due, limit: true }]);
          const plan = plannedBy(protocol([chain]), [START], { birthDate, until: '2150-12-31' });
          return of(plan, 'scope')[0]!.due;
        };
        const each = moments.map((moment) => dueBy([moment]));
        expect(dueBy([{ anyOf: moments }])).toBe(each.reduce(earlier));
        expect(dueBy(moments)).toBe(each.reduce(later));
      }),
      { numRuns: 200 },
    );
  });

  test('each is checked', () => {
    const anyOf = [birthday, { from: 'clock', after: 'P101Y' }] as const;

    expect(faults(scope([{ when: {}, from: 'last', due: [{ anyOf }], limit: false }]))).toEqual([
      ['/rules/0/cases/0/due/0/anyOf/1/after', 'too-long'],
    ]);
  });
});

describe('the day from which one counts, apart from the earliest day', () => {
  const minimum = { when: { count: 1 }, from: 'last', earliest: 'P6M', due: 'P6M', limit: false } as const;
  const end = { when: { count: 2 }, from: 'last', due: 'P12M', limit: false } as const;
  const chain = scope([first, { ...minimum, countsFrom: 'P5M' }, end]);
  const done = colonoscopy('2024-02-15');

  test('one done from then on counts, though it came before the earliest day', () => {
    expect(dated(chain, done, colonoscopy('2024-07-15'))).toEqual(['2024-02-15', '2024-08-15', '2025-07-15']);
  });

  test('one done the day before does not count and is repeated, counted from it', () => {
    expect(dated(chain, done, colonoscopy('2024-07-14'))).toEqual(['2024-02-15', '2025-01-14', '2026-01-14']);
  });

  test('an unexpected result counts, however early the exam was', () => {
    const heeding = scope([
      first,
      { when: { last: ['abnormal'] }, from: 'last', due: 'P3M', limit: true },
      { ...minimum, countsFrom: 'P5M' },
    ]);

    expect(dated(heeding, done, colonoscopy('2024-04-01', 'abnormal')).slice(0, 2)).toEqual([
      '2024-02-15',
      '2024-07-01',
    ]);
  });

  test('it holds for its case alone; for the others the rule says how early is too early', () => {
    const graced = scope(
      [
        { ...first, earliest: 'P1M' },
        { ...minimum, countsFrom: 'P3M' },
      ],
      {
        repeatIfEarlierBy: 'P4D',
      },
    );

    expect(dated(graced, colonoscopy('2024-02-10')).slice(0, 2)).toEqual(['2024-02-15', '2024-08-15']);
    expect(dated(graced, colonoscopy('2024-02-11'), colonoscopy('2024-05-11'))).toEqual([
      '2024-02-15',
      '2024-08-11',
    ]);
    expect(dated(graced, colonoscopy('2024-02-11'), colonoscopy('2024-05-10'))).toEqual([
      '2024-02-15',
      '2024-11-10',
    ]);
  });

  test('no date lies before it', () => {
    const moment = scope([{ ...first, countsFrom: [{ from: 'birth', after: 'P50Y' }] }]);

    expect(dated(moment)).toEqual(['2026-06-01']);
  });

  test('later than the earliest day or the due date it is refused', () => {
    expect(faults(scope([{ ...minimum, countsFrom: 'P7M' }]))).toEqual([
      ['/rules/0/cases/0/countsFrom', 'range-upside-down'],
      ['/rules/0/cases/0/countsFrom', 'range-upside-down'],
    ]);
  });
});

describe('an age at which one case ends', () => {
  const chain = scope([
    { when: {}, untilAge: 50, from: 'last', due: 'P12M', limit: false },
    { when: {}, untilAge: 52, from: 'last', due: 'P18M', limit: false },
  ]);

  test('a date on or after that birthday is left to the next case, and then to none', () => {
    expect(dated(chain)).toEqual(['2025-01-15', '2026-01-15', '2027-07-15']);
  });

  test('the day before the birthday still counts', () => {
    expect(next(chain, colonoscopy('2025-05-31'))).toBe('2026-05-31');
    expect(next(chain, colonoscopy('2025-06-01'))).toBe('2026-12-01');
  });
});
