import { colonoscopy, dues, exam, fact, of, plannedBy, statusesOf } from '../../test/support/planned.js';
import { ended, look, protocol, scope, started, visit } from '../../test/support/protocol.js';
import { calendarDate } from './calendar.js';
import { problemsOf } from './check.js';
import type { Choices } from './choices.js';
import type { ClinicalFact } from './facts.js';
import type { Guideline, Rule } from './guideline.js';
import { statusOn } from './planned-item.js';

const START = started('2024-01-15');

/** Due dates of the rule until the end of 2026. */
const dated = (rule: Rule, events: readonly ClinicalFact[] = [START], more: Partial<Guideline> = {}) =>
  dues(plannedBy(protocol([rule], more), events, { until: '2026-12-31' }), rule.id);
const windows = (rule: Rule, events: readonly ClinicalFact[] = [START], choices: Partial<Choices> = {}) =>
  of(plannedBy(protocol([rule]), events, { until: '2026-12-31', ...choices }), rule.id).map(
    ({ earliest, due, overdue }) => [earliest, due, overdue],
  );

describe('chains', () => {
  const first = { when: { none: true }, from: 'clock', due: 'P12M', limit: false } as const;

  test('how many were counted so far says when the next is due', () => {
    const chain = scope([
      { when: { count: 0 }, from: 'clock', due: 'P12M', limit: false },
      { when: { count: 1 }, from: 'last', due: 'P6M', limit: false },
      { when: { count: 2 }, from: 'clock', due: 'P30M', limit: false },
    ]);

    expect(dated(chain)).toEqual(['2025-01-15', '2025-07-15', '2026-07-15']);
  });

  test('without a case that holds it ends', () => {
    expect(dated(scope([first]))).toEqual(['2025-01-15']);
    expect(dated(scope([first]), [START, colonoscopy('2024-12-20')])).toEqual(['2025-01-15']);
  });

  test('an incomplete one does not count', () => {
    const plan = plannedBy(protocol([scope([first])]), [START, colonoscopy('2024-12-20', 'incomplete')]);

    expect(statusesOf(plan, 'scope')).toEqual([['2025-01-15', 'upcoming']]);
  });

  test('of several moments the latest counts: an age and an interval', () => {
    const chain = scope([
      {
        when: { none: true },
        from: 'clock',
        due: [
          { from: 'birth', after: 'P50Y' },
          { from: 'clock', after: 'P12M' },
        ],
        limit: false,
      },
    ]);
    const born = (birthDate: string) =>
      of(plannedBy(protocol([chain]), [START], { birthDate }), 'scope').map(({ due, measuredFrom }) => [
        due,
        measuredFrom,
      ]);

    expect(born('1976-08-20')).toEqual([['2026-08-20', '1976-08-20']]);
    expect(born('1974-08-20')).toEqual([['2025-01-15', '2024-01-15']]);
  });

  test('earliest and latest may be moments too', () => {
    const chain = scope([
      {
        when: { none: true },
        from: 'clock',
        earliest: [
          { from: 'birth', after: 'P49Y' },
          { from: 'clock', after: 'P3M' },
        ],
        due: 'P6M',
        latest: [{ from: 'clock', after: 'P18M' }],
        limit: false,
      },
    ]);

    expect(
      of(plannedBy(protocol([chain]), [START], { birthDate: '1975-06-01' }), 'scope').map(
        ({ earliest, due, overdue }) => [earliest, due, overdue],
      ),
    ).toEqual([['2024-06-01', '2024-07-15', '2025-07-16']]);
  });

  test('an earliest day after the due date moves it, unless that is a limit', () => {
    const dueOf = (limit: boolean) =>
      of(
        plannedBy(
          protocol([
            scope([
              {
                when: { none: true },
                from: 'clock',
                earliest: [{ from: 'birth', after: 'P50Y' }],
                due: 'P6M',
                limit,
              },
            ]),
          ]),
          [START],
          { birthDate: '1974-09-01' },
        ),
        'scope',
      ).map(({ earliest, due }) => [earliest, due]);

    expect(dueOf(false)).toEqual([['2024-09-01', '2024-09-01']]);
    expect(dueOf(true)).toEqual([['2024-07-15', '2024-07-15']]);
  });

  test('a range is due at one end and late after the long one', () => {
    const chain = scope([{ when: { none: true }, from: 'clock', due: ['P6M', 'P9M'], limit: false }]);

    expect(windows(chain)).toEqual([['2024-06-15', '2024-07-15', '2024-10-16']]);
    expect(windows(chain, [START], { profile: 'minimal' })).toEqual([
      ['2024-06-15', '2024-10-15', '2024-10-16'],
    ]);
  });

  test('one that comes too early is repeated, counted from it; within the grace it counts', () => {
    const chain = scope(
      [
        { when: { none: true }, from: 'clock', earliest: 'P6M', due: 'P6M', limit: false },
        { when: { count: 1 }, from: 'last', earliest: 'P6M', due: 'P6M', limit: false },
      ],
      { repeatIfEarlierBy: 'P4D' },
    );

    expect(dated(chain, [START, colonoscopy('2024-07-11')])).toEqual(['2024-07-15', '2025-01-11']);
    expect(dated(chain, [START, colonoscopy('2024-07-10')])).toEqual(['2024-07-15', '2025-01-15']);
    expect(dated(chain, [START, colonoscopy('2024-07-15'), colonoscopy('2024-11-01')])).toEqual([
      '2024-07-15',
      '2025-05-01',
    ]);
  });

  test('a condition on the patient chooses the case', () => {
    const chain = scope([
      { when: { given: [{ recorded: { event: 'gene' } }] }, from: 'last', due: 'P12M', limit: false },
      { when: {}, from: 'last', due: 'P24M', limit: false },
    ]);
    const more = { events: { gene: {} } };

    expect(dated(chain, [START], more)).toEqual(['2026-01-15']);
    expect(dated(chain, [START, fact('gene', '2024-01-16')], more)).toEqual(['2025-01-15', '2026-01-15']);
  });

  test('birth may be its clock: due by age, whenever follow-up began', () => {
    const chain = scope(
      [
        { when: { none: true }, from: 'clock', due: 'P50Y', limit: false },
        { when: {}, from: 'last', due: 'P10Y', limit: false },
      ],
      { clock: { event: 'birth' } },
    );
    const plan = (birthDate: string, ...events: ClinicalFact[]) =>
      dues(plannedBy(protocol([chain]), [START, ...events], { birthDate, until: '2045-12-31' }), 'scope');

    expect(plan('1980-02-29')).toEqual(['2030-02-28', '2040-02-28']);
    expect(plan('1960-05-05')).toEqual(['2024-01-15', '2034-01-15', '2044-01-15']);
    expect(plan('1960-05-05', colonoscopy('2015-03-03'))).toEqual(['2025-03-03', '2035-03-03', '2045-03-03']);
  });
});

describe('because of an event of its own', () => {
  const more = { events: { report: { fields: { says: ['clear', 'doubtful'] } } } };
  const rule = look({ event: 'report', where: { says: ['doubtful'] } }, 'P6W');
  const report = (date: string, says = 'doubtful') => fact('report', date, { says });

  test('it is due that long after it, once for each, and the next one overtakes it', () => {
    const plan = plannedBy(protocol([rule], more), [START, report('2024-02-01'), report('2024-06-01')]);

    expect(of(plan, 'look').map(({ due, missedOn }) => [due, missedOn])).toEqual([
      ['2024-03-14', '2024-06-01'],
      ['2024-07-13', null],
    ]);
  });

  test('a report that says otherwise asks for nothing, nor does one off the pathway', () => {
    expect(dated(rule, [START, report('2024-02-01', 'clear')], more)).toEqual([]);
    expect(dated(rule, [report('2024-01-14'), START], more)).toEqual([]);
    expect(dated(rule, [START, ended('2024-05-01'), report('2024-05-01')], more)).toEqual([]);
  });

  test('what would fall due after the end of the pathway is not asked for', () => {
    expect(dated(rule, [START, report('2024-02-01'), ended('2024-03-01')], more)).toEqual([]);
  });

  test('a declared activity is planned, recorded and covered like any other', () => {
    const activities = { pet: { title: { zh: '某检查', en: 'scan' } } };
    const plan = plannedBy(
      protocol([visit([{ every: 'P6M', until: 'P12M' }], { activity: 'pet' })], { activities }),
      [START, exam('pet', '2024-07-10')],
    );

    expect(statusesOf(plan, 'visit')).toEqual([
      ['2024-07-15', 'completed'],
      ['2025-01-15', 'upcoming'],
    ]);
  });

  test('what is not declared is refused', () => {
    expect(() => protocol([rule])).toThrow('unknown-event');
    expect(() => protocol([visit([{ at: ['P1M'] }], { activity: 'pet' })])).toThrow('unknown-activity');
  });

  test('on the day of closing, own events come before the closing one', () => {
    expect(
      dated(
        look({ event: 'report' }, 'P0D'),
        [START, report('2024-05-01'), fact('death', '2024-05-01')],
        more,
      ),
    ).toEqual([]);
  });
});

describe('what the guideline itself calls no routine', () => {
  const notRoutine = [
    { activities: ['pet_ct', 'mri_liver'], section: '1', sentence: { zh: '不常规', en: 'No routine.' } },
  ];

  test('is refused in every kind of rule, and as one of several in turn', () => {
    const problems = (rule: Rule) =>
      problemsOf({ ...protocol([visit([{ at: ['P1M'] }])]), rules: [rule], notRoutine }).map(
        ({ code, pointer }) => [code, pointer],
      );
    const refused = [['not-routine', '/rules/0/activity']];

    expect(problems(visit([{ at: ['P1M'] }], { activity: 'mri_liver' }))).toEqual(refused);
    expect(problems(visit([{ at: ['P1M'] }], { activity: ['liver_ultrasound', 'mri_liver'] }))).toEqual(
      refused,
    );
    expect(problems(look({ event: 'started' }, 'P1M'))).toEqual(refused);
    expect(problems(visit([{ at: ['P1M'] }]))).toEqual([]);
  });
});

describe('several clocks', () => {
  const second = {
    id: 'therapy',
    section: '2',
    title: { zh: '治疗', en: 'Therapy' },
    clock: { event: 'therapy' },
    endedBy: ['therapy', 'ended'],
  };

  test('run side by side, each by its own; of two that ask for one activity only one item waits', () => {
    const base = protocol([visit([{ every: 'P3M', until: 'P6M' }])], { events: { therapy: {} } });
    const both: Guideline = {
      ...base,
      pathways: [...base.pathways, second],
      rules: [...base.rules, visit([{ every: 'P4W', until: 'P8W' }], { id: 'watch', pathway: 'therapy' })],
    };
    const plan = plannedBy(both, [START, fact('therapy', '2024-03-10')]);
    const waiting = (day: string) =>
      plan.items
        .filter((item) => ['due', 'overdue'].includes(statusOn(calendarDate(day), item)))
        .map(({ rule, due }) => [rule, due]);

    expect(problemsOf(both)).toEqual([]);
    expect(dues(plan, 'watch')).toEqual(['2024-04-07', '2024-05-05']);
    expect(dues(plan, 'visit')).toEqual(['2024-04-15', '2024-07-15']);
    // From 1 April on the exam counts for the item of 15 April, so the item of 7 April is closed.
    expect(waiting('2024-04-07')).toEqual([['watch', '2024-04-07']]);
    expect([waiting('2024-04-10'), waiting('2024-04-16'), waiting('2024-05-06')]).toEqual([
      [],
      [['visit', '2024-04-15']],
      [['watch', '2024-05-05']],
    ]);
  });
});
