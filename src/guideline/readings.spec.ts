import {
  type Circumstances,
  colonoscopy,
  dues,
  exam,
  fact,
  month,
  months,
  of,
  plannedBy,
  resection,
  statusesOf,
  SURGERY,
} from '../../test/support/planned.js';
import {
  NOT_PRINTED,
  ANOTHER_READING,
  type Change,
  ruleOf,
  withRules,
  recurring,
  phasesOf,
  cases,
  both,
  declared,
  read,
} from '../../test/support/readings.js';
import { addDays } from './calendar.js';
import type { ClinicalFact } from './facts.js';
import type { AfterFindingRule, ChainCase, Phase, RecurringRule } from './guideline.js';

/**
 * Alternative readings that a hospital may choose, each as a change to the published data alone. The numbers are
 * those of the interpretations.
 */
const planned = (change: Change, events: readonly ClinicalFact[], given: Circumstances = {}) =>
  plannedBy(read(change), events, given);
const QUARTERS = [3, 6, 9, 12, 15, 18, 21, 24];
const HALF_YEARS = [30, 36, 42, 48, 54, 60];
const VISITS = ['postoperative_review', 'postoperative_liver_ultrasound', 'postoperative_markers'];

describe('1.3(1) review, ultrasound, markers', () => {
  test('A01 a hospital ends the yearly visits with year 10', () => {
    const end = phasesOf(VISITS, ([a, b, c]) => [a!, b!, { ...c!, until: 'P120M' }]);

    for (const rule of VISITS)
      expect(dues(planned(end, [resection()], { until: month(200) }), rule)).toEqual(
        months(SURGERY, ...QUARTERS, ...HALF_YEARS, 72, 84, 96, 108, 120),
      );
  });

  test('A02 after year 5 review and markers only', () => {
    const plan = planned(
      phasesOf(['postoperative_liver_ultrasound'], (phases) => phases.slice(0, 2)),
      [resection()],
      { until: month(84) },
    );

    expect(VISITS.map((rule) => dues(plan, rule).at(-1))).toEqual([month(84), month(60), month(84)]);
  });

  test('A03 each visit anywhere in 3 to 6 months of the last one', () => {
    const plan = planned(
      recurring(['postoperative_review'], { anchor: 'rolling' }),
      [resection(), exam('clinical_review', month(5))],
      { until: month(30) },
    );

    expect(dues(plan, 'postoperative_review')).toEqual([
      month(3),
      ...['2020-09-30', '2020-12-30', '2021-03-30', '2021-06-30', '2021-09-30', '2021-12-30', '2022-06-30'],
    ]);
    expect(of(plan, 'postoperative_review')[1]).toMatchObject({
      earliest: '2020-09-16',
      overdue: '2020-12-31',
    });
  });

  test('A04 the end of adjuvant treatment is the clock; without adjuvant treatment the resection', () => {
    const treated = { recorded: { event: 'adjuvant_treatment_started' } };
    const change = both(
      declared({ adjuvant_treatment_started: {}, adjuvant_treatment_ended: {} }),
      withRules((rule) =>
        rule.id !== 'postoperative_review'
          ? [rule]
          : [
              { ...rule, given: [{ neverRecorded: treated.recorded }] },
              {
                ...(rule as RecurringRule),
                id: 'review_after_adjuvant',
                given: [treated],
                countedFrom: { event: 'adjuvant_treatment_ended' },
              },
            ],
      ),
    );
    const untreated = planned(change, [resection()], { until: month(9) });
    const adjuvant = planned(
      change,
      [
        resection(),
        fact('adjuvant_treatment_started', '2020-03-10'),
        fact('adjuvant_treatment_ended', '2020-08-15'),
      ],
      { until: '2021-04-30' },
    );

    expect(dues(untreated, 'postoperative_review')).toEqual(months(SURGERY, 3, 6, 9));
    expect(dues(adjuvant, 'postoperative_review')).toEqual([]);
    expect(dues(adjuvant, 'review_after_adjuvant')).toEqual(['2020-11-15', '2021-02-15']);
  });
});

describe('1.3(2) CT and imaging', () => {
  const ct = (...phases: readonly Phase[]): Change => phasesOf(['postoperative_ct'], () => phases);
  const its = (change: Change, given: Circumstances = {}, ...events: ClinicalFact[]) =>
    dues(planned(change, [resection(), ...events], { until: month(110), ...given }), 'postoperative_ct');

  test('A05 mixed: 5 years yearly, then every 2', () => {
    const mixed = ct({ every: 'P12M', until: 'P60M', ...NOT_PRINTED }, { every: 'P24M', ...NOT_PRINTED });

    expect(its(mixed)).toEqual(months(SURGERY, 12, 24, 36, 48, 60, 84, 108));
  });

  test('A06 the 2-yearly tail in even postoperative years', () => {
    const even = ct(
      { every: 'P12M', until: 'P36M', ...NOT_PRINTED },
      { every: 'P24M', from: 'P48M', ...NOT_PRINTED },
    );

    expect(its(even)).toEqual(months(SURGERY, 12, 24, 36, 48, 72, 96));
  });

  test('A07 for stage I the clinician decides', () => {
    const open: Change = (guideline) => ({
      ...guideline,
      rules: [
        ...guideline.rules,
        {
          ...(ruleOf('postoperative_ct') as RecurringRule),
          id: 'stage_i_ct',
          where: { stage: ['I'] },
          phases: [{ every: 'clinician', until: 'P60M', ...NOT_PRINTED }],
        },
      ],
      flags: [
        ...guideline.flags,
        {
          code: 'interval-to-be-decided-stage-i',
          message: ANOTHER_READING,
          when: { running: 'crc_postoperative', where: { stage: ['I'] } },
          settledBy: ['stage_i_ct'],
        },
      ],
    });
    const plan = (rules: Circumstances['rules']) => planned(open, [resection({ stage: 'I' })], { rules });
    const decided = plan({ stage_i_ct: { by: 'clinician', phases: { 0: { every: 'P24M' } } } });

    expect(dues(plan({}), 'stage_i_ct')).toEqual([]);
    expect(plan({}).flags.map(({ code }) => code)).toEqual(['interval-to-be-decided-stage-i']);
    expect(dues(decided, 'stage_i_ct')).toEqual(months(SURGERY, 24, 48));
    expect(decided.flags).toEqual([]);
  });

  test('A09 a CT of any of the regions satisfies the date', () => {
    const any = recurring(['postoperative_ct'], { satisfiedBy: ['ct_chest_abdomen', 'ct_abdomen_pelvis'] });
    const done = (change: Change) =>
      statusesOf(
        planned(change, [resection(), exam('ct_chest_abdomen', month(12))]),
        'postoperative_ct',
      )[0]?.[1];

    expect([done(any), done((same) => same)]).toEqual(['completed', 'due']);
  });

  const afterSuspicion = (change: Partial<AfterFindingRule>): Change =>
    withRules((rule) => [rule.kind === 'after-finding' ? { ...rule, ...change } : rule]);

  test('A10 MRI after suspicious imaging for stages II and III only', () => {
    const some = afterSuspicion({
      given: [{ recorded: { event: 'primary_resection', where: { stage: ['II', 'III'] } } }],
    });
    const looks = (stage: string) =>
      dues(
        planned(some, [resection({ stage }), exam('liver_ultrasound', '2020-05-02', 'suspicious')]),
        'suspicious_finding_mri',
      );

    expect(['I', 'II', 'III'].map(looks)).toEqual([[], ['2020-05-02'], ['2020-05-02']]);
  });

  test('A11 after suspicious imaging AFP and contrast ultrasound beside the MRI', () => {
    const titled = { title: ANOTHER_READING };
    const list = both(
      declared({}, { afp: titled, contrast_ultrasound: titled }),
      withRules((rule) =>
        rule.kind === 'after-finding'
          ? [
              rule,
              { ...rule, id: 'suspicious_finding_afp', activity: 'afp' },
              { ...rule, id: 'suspicious_finding_ultrasound', activity: 'contrast_ultrasound' },
            ]
          : [rule],
      ),
    );
    const plan = planned(list, [resection(), exam('liver_ultrasound', '2020-05-02', 'suspicious')]);

    expect(plan.items.filter(({ due }) => due === '2020-05-02').map(({ activity }) => activity)).toEqual([
      'afp',
      'contrast_ultrasound',
      'mri_liver',
    ]);
  });
});

describe('1.3(3) colonoscopy', () => {
  const its = (change: Change, events: readonly ClinicalFact[] = [], until = 190) =>
    dues(planned(change, [resection(), ...events], { until: month(until) }), 'colonoscopy');
  const clean = (from: 'clock' | 'last', due: ChainCase['due'], when: ChainCase['when']): ChainCase => ({
    when,
    from,
    due,
    limit: false,
    ...NOT_PRINTED,
  });

  test('A14 at month 12, not a limit: late after the tolerance of the hospital', () => {
    const at = cases((all) => all.map((one, index) => (index === 1 ? { ...one, limit: false } : one)));

    expect(of(planned(at, [resection()]), 'colonoscopy')[0]).toMatchObject({
      due: month(12),
      earliest: addDays(month(12), -60),
      overdue: addDays(month(12), 61),
    });
  });

  test('A15 only the first one being abnormal calls for a repeat within a year', () => {
    const first = cases((all) =>
      all.map((one, index) => (index === 2 ? { ...one, when: { ...one.when, count: 1 } } : one)),
    );
    const atYear3 = [colonoscopy(month(12)), colonoscopy(month(36), 'abnormal')];

    expect(its(first, [colonoscopy(month(12), 'abnormal')], 40)).toEqual(months(SURGERY, 12, 24, 36));
    expect(its(first, atYear3, 100)).toEqual(months(SURGERY, 12, 36, 96));
    expect(its((same) => same, atYear3, 50)).toEqual(months(SURGERY, 12, 36, 48));
  });

  test('A16 about 12 months after the abnormal one: late after the tolerance of the hospital', () => {
    const about = cases((all) => all.map((one, index) => (index === 2 ? { ...one, limit: false } : one)));
    const plan = planned(about, [resection(), colonoscopy(month(12), 'abnormal')]);

    expect(of(plan, 'colonoscopy')[1]).toMatchObject({ due: month(24), overdue: addDays(month(24), 61) });
  });

  test('A17 after a clean repeat 3 years on', () => {
    const on = cases(([none, first, abnormal, , rest]) => [
      none!,
      first!,
      abnormal!,
      clean('clock', 'P36M', { noneSince: 'P30M', count: 1 }),
      clean('last', 'P36M', { noneSince: 'P30M' }),
      rest!,
    ]);

    expect(its(on, [colonoscopy(month(12), 'abnormal')], 130)).toEqual(months(SURGERY, 12, 24, 60, 120));
    expect(its(on, [], 100)).toEqual(months(SURGERY, 12, 36, 96));
  });

  test('A18 year 3 is a window of months 24 to 36', () => {
    const window = cases(([none, first, abnormal, , rest]) => [
      none!,
      first!,
      abnormal!,
      clean('clock', ['P24M', 'P36M'], { noneSince: 'P24M' }),
      rest!,
    ]);
    const plan = planned(window, [resection()], { until: month(90) });

    expect(of(plan, 'colonoscopy')[1]).toMatchObject({ due: month(24), overdue: addDays(month(36), 1) });
    expect(dues(plan, 'colonoscopy')).toEqual(months(SURGERY, 12, 24, 84));
  });

  test('A18 year 3 is 3 years after the first', () => {
    const later = cases(([none, first, abnormal, , rest]) => [
      none!,
      first!,
      abnormal!,
      clean('last', 'P36M', { count: 1 }),
      rest!,
    ]);

    expect(its(later, [], 110)).toEqual(months(SURGERY, 12, 48, 108));
  });

  test('A19 then in years 5 and 10 and every 5 from the operation', () => {
    const fixed = cases((all) => [
      ...all.slice(0, 4),
      clean('clock', 'P60M', { noneSince: 'P54M' }),
      clean('clock', 'P120M', { noneSince: 'P114M' }),
      clean('clock', 'P180M', { noneSince: 'P174M' }),
    ]);

    expect(its(fixed)).toEqual(months(SURGERY, 12, 36, 60, 120, 180));
  });

  const incomplete = resection({ preoperativeColonoscopy: 'incomplete' });

  test('A22 a limit of 6 months: nothing is too early', () => {
    const limit = cases(([none, ...rest]) => {
      return [{ ...none!, earliest: undefined }, ...rest];
    });

    expect(of(planned(limit, [incomplete]), 'colonoscopy')[0]).toMatchObject({
      earliest: SURGERY,
      due: month(6),
      overdue: addDays(month(6), 1),
    });
  });

  test('A23 the one at 3 to 6 months and the one within a year, both', () => {
    const two = cases(([none, first, abnormal, ...rest]) => [
      none!,
      first!,
      abnormal!,
      {
        ...clean('clock', 'P12M', {
          clock: { preoperativeColonoscopy: ['incomplete'] },
          noneSince: 'P9M',
        }),
        limit: true,
      },
      ...rest,
    ]);
    const after = (...events: ClinicalFact[]) =>
      dues(planned(two, [incomplete, ...events], { until: month(100) }), 'colonoscopy');

    expect(after()).toEqual(months(SURGERY, 6, 12, 36, 96));
    expect(after(colonoscopy(month(5), 'abnormal'))).toEqual(months(SURGERY, 6, 17, 36, 96));
    expect(its(two, [], 40)).toEqual(months(SURGERY, 12, 36));
  });

  test('A24 only obstruction brings it forward', () => {
    const obstructed = both(
      declared({ primary_resection: { fields: { incompleteBy: ['obstruction', 'other'] } } }),
      cases(([none, ...rest]) => [
        {
          ...none!,
          when: {
            none: true,
            clock: { preoperativeColonoscopy: ['incomplete'], incompleteBy: ['obstruction'] },
          },
        },
        ...rest,
      ]),
    );
    const first = (incompleteBy: string) =>
      dues(planned(obstructed, [{ ...incomplete, incompleteBy }]), 'colonoscopy')[0];

    expect([first('obstruction'), first('other')]).toEqual(months(SURGERY, 6, 12));
  });
});
