import {
  type Circumstances,
  dues,
  exam,
  fact,
  month,
  months,
  NED,
  ned,
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
  without,
  both,
  declared,
  clocked,
  read,
} from '../../test/support/readings.js';
import { addDays } from './calendar.js';
import type { ClinicalFact } from './facts.js';
import type { AfterFindingRule, ChainRule } from './guideline.js';

const planned = (change: Change, events: readonly ClinicalFact[], given: Circumstances = {}) =>
  plannedBy(read(change), events, given);
const QUARTERS = [3, 6, 9, 12, 15, 18, 21, 24];
const HALF_YEARS = [30, 36, 42, 48, 54, 60];
const BORROWED = ['ned_review', 'ned_liver_ultrasound', 'ned_chest_ct'];

describe('1.4 after NED', () => {
  const reached = (change: Change, given: Circumstances = {}, ...events: ClinicalFact[]) =>
    planned(change, [resection(), ned(), ...events], { until: month(90, NED), ...given });

  test('A26 only a liver resection is the clock', () => {
    const resected = clocked('crlm_ned', { event: 'liver_ned', where: { by: ['resection'] } });
    const by = (means: string) =>
      dues(planned(resected, [fact('liver_ned', NED, { by: means })]), 'ned_markers')[0];

    expect([by('resection'), by('ablation')]).toEqual([month(3, NED), undefined]);
  });

  test('A26 the confirmation by imaging is the clock', () => {
    const confirmed = both(declared({ ned_confirmed: {} }), clocked('crlm_ned', { event: 'ned_confirmed' }));
    const day = addDays(NED, 30);
    const plan = planned(confirmed, [ned(), fact('ned_confirmed', day)], { until: month(9, day) });

    expect(dues(plan, 'ned_markers')).toEqual(months(day, 3, 6, 9));
  });

  test('A29 five more years of imaging, to month 84', () => {
    const more = phasesOf(['ned_imaging_ct', 'ned_imaging_mri'], ([a, b, c]) => [
      a!,
      { ...b!, until: 'P84M' },
      c!,
    ]);

    expect(dues(reached(more, { liverImaging: 'mri', until: month(110, NED) }), 'ned_imaging_mri')).toEqual(
      months(NED, ...QUARTERS, ...HALF_YEARS, 66, 72, 78, 84, 96, 108),
    );
  });

  test('A30 either method satisfies a date, or the same method throughout', () => {
    const either = both(
      recurring(['ned_imaging_ct'], { satisfiedBy: ['mri_liver'] }),
      recurring(['ned_imaging_mri'], { satisfiedBy: ['ct_abdomen_pelvis'] }),
      (guideline) => ({
        ...guideline,
        flags: [
          ...guideline.flags,
          {
            code: 'method-changed',
            message: ANOTHER_READING,
            when: { otherMethodFor: ['ned_imaging_ct', 'ned_imaging_mri'] },
          },
        ],
      }),
    );
    const same = both(
      recurring(['ned_imaging_ct'], { satisfiedBy: undefined }),
      recurring(['ned_imaging_mri'], { satisfiedBy: undefined }),
    );
    const mri = exam('mri_liver', month(3, NED));
    const first = (change: Change) => statusesOf(reached(change, {}, mri), 'ned_imaging_ct')[0]?.[1];

    expect([first(either), first(same)]).toEqual(['completed', 'due']);
    expect(reached(either, {}, mri).flags.map(({ code }) => code)).toEqual(['method-changed']);
  });

  test('A33 all counted from NED, colonoscopy too', () => {
    const chain = ruleOf('colonoscopy') as ChainRule;
    const fromNed = withRules((rule) =>
      rule.kind === 'chain'
        ? [
            { ...chain, pathways: ['crc_postoperative'] },
            {
              ...chain,
              id: 'ned_colonoscopy',
              clock: { event: 'liver_ned' },
              pathways: ['crlm_ned'],
              // The incomplete preoperative colonoscopy belongs to the resection.
              cases: chain.cases.filter(({ when }) => when.clock === undefined),
            },
          ]
        : [rule],
    );
    const plan = reached(fromNed, { until: month(100, NED) });

    expect(dues(plan, 'colonoscopy')).toEqual([month(12)]);
    expect(dues(plan, 'ned_colonoscopy')).toEqual(months(NED, 12, 36, 96));
  });

  test('A33 all counted from the primary resection', () => {
    const fromSurgery = recurring([...BORROWED, 'ned_markers', 'ned_imaging_ct'], {
      countedFrom: { event: 'primary_resection' },
    });
    const plan = reached(fromSurgery, { until: month(84) });

    expect(dues(plan, 'ned_markers')).toEqual(months(SURGERY, 21, 24, ...HALF_YEARS, 72, 84));
    expect(dues(plan, 'ned_review')).toEqual(months(SURGERY, 21, 24, ...HALF_YEARS, 72, 84));
    expect(dues(plan, 'ned_chest_ct')).toEqual(months(SURGERY, 24, 36, 48, 60, 72, 84));
  });

  test('A34 CT or MRI takes the place of the ultrasound', () => {
    const plan = reached(without('ned_liver_ultrasound'));

    expect(plan.items.filter(({ activity, due }) => activity === 'liver_ultrasound' && due >= NED)).toEqual(
      [],
    );
    expect(dues(plan, 'ned_review').length).toBe(16);
  });

  test('A35 chest CT for primaries of stage II and III only', () => {
    const some = recurring(['ned_chest_ct'], {
      given: [{ recorded: { event: 'primary_resection', where: { stage: ['II', 'III'] } } }],
    });
    const first = (stage: string) => dues(planned(some, [resection({ stage }), ned()]), 'ned_chest_ct')[0];

    expect(['I', 'II', 'III', 'IV'].map(first)).toEqual([
      undefined,
      month(12, NED),
      month(12, NED),
      undefined,
    ]);
  });

  test('A36 the frequency of 1.3 is guidance: nothing until a clinician decides', () => {
    const guidance = phasesOf(BORROWED, () => [{ every: 'clinician', ...NOT_PRINTED }]);
    const decided = { ned_review: { by: 'clinician', phases: { 0: { every: 'P4M' } } } } as const;

    expect(BORROWED.flatMap((rule) => dues(reached(guidance), rule))).toEqual([]);
    expect(dues(reached(guidance, { rules: decided, until: month(12, NED) }), 'ned_review')).toEqual(
      months(NED, 4, 8, 12),
    );
  });
});

describe('3.2.2 conversion', () => {
  const start = fact('conversion_therapy_started', '2024-01-31', { mmr: 'pMMR' });
  const CONVERSION = ['conversion_liver_ultrasound', 'conversion_ct'];

  test('A37 after each block of treatment', () => {
    const blocks = both(
      declared({ treatment_block_ended: {} }),
      withRules((rule) =>
        rule.kind === 'recurring' && CONVERSION.includes(rule.id)
          ? [
              {
                kind: 'after-finding',
                id: rule.id,
                activity: rule.activity,
                pathways: [rule.pathway],
                section: rule.section,
                title: rule.title,
                interpretation: ANOTHER_READING,
                after: { event: 'treatment_block_ended' },
                due: 'P0D',
                ...NOT_PRINTED,
              },
            ]
          : [rule],
      ),
    );
    const ends = [fact('treatment_block_ended', '2024-03-20'), fact('treatment_block_ended', '2024-05-10')];
    const plan = planned(blocks, [start, ...ends]);

    for (const rule of CONVERSION) expect(dues(plan, rule)).toEqual(['2024-03-20', '2024-05-10']);
  });

  test('A37 from each new line of treatment', () => {
    const lines = both(
      declared({ treatment_line_started: { fields: { mmr: ['pMMR', 'dMMR'] } } }),
      clocked('crlm_conversion', { event: 'treatment_line_started' }),
    );
    const line = (date: string) => fact('treatment_line_started', date, { mmr: 'pMMR' });
    const plan = planned(lines, [line('2024-01-31'), line('2024-04-20')], { until: '2024-06-30' });

    expect(dues(plan, 'conversion_ct')).toEqual(['2024-03-13', '2024-06-01']);
  });

  test('A41 a recorded major decision asks for the MRI', () => {
    const decisions: Change = (guideline) => ({
      ...guideline,
      events: { major_decision: {} },
      rules: [
        ...guideline.rules,
        {
          ...(ruleOf('suspicious_finding_mri') as AfterFindingRule),
          id: 'decision_mri',
          pathways: ['crlm_conversion'],
          after: { event: 'major_decision' },
          ...NOT_PRINTED,
        },
      ],
    });

    expect(dues(planned(decisions, [start, fact('major_decision', '2024-03-05')]), 'decision_mri')).toEqual([
      '2024-03-05',
    ]);
  });
});
