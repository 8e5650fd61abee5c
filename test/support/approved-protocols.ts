import { calendarDate } from '../../src/guideline/calendar.js';
import type { ClinicalFact } from '../../src/guideline/facts.js';
import { type Case, clinician, rules } from './approved-patients.js';
import { type Circumstances, colonoscopy, exam, fact, recurrence } from './planned.js';
import { look, protocol, scope, started, visit } from './protocol.js';

const own = (
  rules: Parameters<typeof protocol>[0],
  events: readonly ClinicalFact[],
  given: Circumstances = {},
  more: Parameters<typeof protocol>[1] = {},
): Case => ({
  guideline: protocol(rules, more),
  events: [started('2020-01-31'), ...events],
  given: { asOf: '2021-06-15', until: '2023-07-31', ...given },
});
const STEPS = [
  { when: { none: true }, from: 'clock', due: ['P3M', 'P6M'], limit: true },
  { when: { last: ['abnormal'] }, from: 'last', due: 'P1Y', limit: true },
  { when: { count: 1 }, from: 'last', due: 'P3Y', limit: false },
  {
    when: {},
    from: 'last',
    due: [
      { from: 'last', after: 'P4Y' },
      { from: 'clock', after: 'P10Y' },
    ],
    earliest: 'P3Y',
    latest: [{ from: 'last', after: 'P5Y' }],
    limit: false,
  },
] as const;

/** The same for hospitals' own protocols, each for one feature of protocols. */
export const OWN_PROTOCOLS: Readonly<Record<string, Case>> = {
  'own: rolling, counted from the last one done': own(
    [visit([{ every: ['P3M', 'P4M'], until: 'P1Y' }, { every: 'P6M' }], { anchor: 'rolling' })],
    [exam('tumour_markers', '2020-05-20'), exam('tumour_markers', '2020-10-01')],
  ),
  'own: single dates with a window and a limit, months that roll': own(
    [
      visit([{ at: ['P1M', ['P6W', 'P8W'], 'P13M'], window: { before: 'P5D', after: 'P2W' } }]),
      visit([{ every: 'P1M', until: 'P4M', limit: true }], { id: 'limit', activity: 'clinical_review' }),
    ],
    [],
    {},
    { monthEnd: 'roll' },
  ),
  'own: two rules ask for one activity': own(
    [
      visit([{ every: 'P6M' }]),
      visit([{ every: 'P4M', until: 'P2Y' }], { id: 'other' }),
      visit([{ every: 'P5M' }], { id: 'rolls', anchor: 'rolling' }),
    ],
    [exam('tumour_markers', '2020-07-10')],
  ),
  'own: in turn, one covering the other': own(
    [
      visit([{ every: 'P6M' }], { activity: ['liver_ultrasound', 'ct_chest_abdomen_pelvis'] }),
      visit([{ every: 'P6M' }], { id: 'abdomen', activity: 'ct_abdomen_pelvis', satisfiedBy: ['mri_liver'] }),
    ],
    [exam('mri_liver', '2020-08-02'), exam('ct_chest_abdomen_pelvis', '2021-02-01')],
    {},
    { covers: { ct_chest_abdomen_pelvis: ['ct_abdomen_pelvis', 'liver_ultrasound'] } },
  ),
  'own: a chain by findings and counts': own(
    [scope(STEPS)],
    [colonoscopy('2020-05-15'), colonoscopy('2021-05-01', 'abnormal')],
    { until: '2040-01-01', birthDate: '1955-03-31' },
  ),
  'own: a chain in which nothing was done yet': own([scope(STEPS)], [], {
    until: '2035-01-01',
    profile: 'minimal',
  }),
  'own: too early, so repeated; until an age': own(
    [
      scope([{ when: {}, from: 'last', due: 'P2Y', limit: false }], {
        repeatIfEarlierBy: 'P4D',
        untilAge: 70,
      }),
    ],
    [colonoscopy('2021-01-10')],
    { until: '2032-01-01' },
  ),
  'own: a chain, its interval decided by a clinician': own([scope(STEPS)], [colonoscopy('2020-04-20')], {
    ...{ until: '2026-01-01', ...rules({ scope: { ...clinician, interval: 'P18M' } }) },
  }),
  'own: a chain with an interval sooner than its limit': own(
    [scope(STEPS)],
    [colonoscopy('2021-05-01', 'abnormal')],
    {
      ...{ until: '2024-01-01', ...rules({ scope: { ...clinician, interval: 'P6M' } }) },
    },
  ),
  'own: a chain with no case for what was found, its interval decided': own(
    [scope([{ when: { none: true }, from: 'clock', due: 'P1Y', limit: false }])],
    [colonoscopy('2021-01-10')],
    { until: '2025-01-01', ...rules({ scope: { ...clinician, interval: 'P12M' } }) },
  ),
  'own: a chain on two clocks, with examinations on the days between': own(
    [scope([{ when: {}, from: 'last', due: 'P1Y', earliest: 'P10M', limit: false }])],
    [
      colonoscopy('2019-12-01'),
      colonoscopy('2020-01-31'),
      colonoscopy('2020-12-20'),
      colonoscopy('2021-06-01'),
      started('2021-06-01'),
      started('2021-06-01'),
      colonoscopy('2022-03-01'),
    ],
    { asOf: '2022-03-01', until: '2024-12-31' },
  ),
  'own: a chain from birth': own(
    [
      scope(
        [
          { when: { none: true }, from: 'clock', due: [{ from: 'birth', after: 'P50Y' }], limit: false },
          { when: {}, from: 'last', due: 'P5Y', limit: false },
        ],
        { clock: { event: 'birth' } },
      ),
    ],
    [colonoscopy('2020-08-01')],
    { birthDate: '1972-02-29', until: '2032-01-01' },
  ),
  'own: a chain that counts every examination, two of one day': own(
    [
      scope(
        [
          { when: { noneSince: 'P1Y' }, from: 'clock', due: 'P1Y', limit: true },
          { when: {}, from: 'last', due: 'P3Y', limit: false },
        ],
        {
          counts: { event: 'colonoscopy' },
          assumed: undefined,
        },
      ),
    ],
    [colonoscopy('2020-06-01', 'abnormal'), colonoscopy('2020-06-01'), colonoscopy('2021-05-01')],
    { until: '2028-01-01' },
  ),
  'own: of two results on one day the one that nobody assumes': own(
    [
      scope([
        { when: { last: ['abnormal', 'incomplete'] }, from: 'last', due: 'P1Y', limit: false },
        { when: {}, from: 'last', due: 'P3Y', limit: false },
      ]),
    ],
    [
      colonoscopy('2020-06-01', 'abnormal'),
      colonoscopy('2020-06-01'),
      colonoscopy('2020-05-01', 'incomplete'),
    ],
    { until: '2026-01-01' },
  ),
  'own: too early by more than a month and ten days': own(
    [
      scope([{ when: {}, from: 'last', due: 'P2Y', earliest: 'P1Y', limit: false }], {
        repeatIfEarlierBy: 'P1M',
      }),
      scope([{ when: {}, from: 'last', due: 'P2Y', earliest: 'P1Y', limit: false }], {
        ...{ id: 'days', repeatIfEarlierBy: 'P10D', activity: 'mri_liver' },
        counts: { event: 'exam', where: { activity: ['mri_liver'] }, field: 'outcome', results: ['normal'] },
      }),
    ],
    [
      colonoscopy('2020-12-31'),
      colonoscopy('2021-11-29'),
      exam('mri_liver', '2021-01-21'),
      exam('mri_liver', '2022-01-10'),
      exam('mri_liver', '2022-02-01', 'suspicious'),
    ],
    { asOf: '2022-02-01', until: '2027-01-01' },
  ),
  'own: rolling, single dates done too early, on the first day, twice': own(
    [
      visit([{ at: ['P3M', 'P6M', 'P12M'], window: { before: 'P10D', after: 'P10D' } }], {
        anchor: 'rolling',
      }),
      visit([{ every: 'P6M', until: 'P18M' }, { at: ['P30M'] }], {
        ...{ id: 'turns', anchor: 'rolling', activity: ['liver_ultrasound', 'mri_liver'] },
      }),
      visit(
        [
          { every: 'clinician', until: 'P2Y' },
          { every: ['P3M', 'P6M'], limit: true },
        ],
        {
          ...{ id: 'decided', anchor: 'rolling', activity: 'clinical_review' },
        },
      ),
    ],
    [
      exam('tumour_markers', '2020-01-31'),
      exam('tumour_markers', '2020-04-19'),
      exam('tumour_markers', '2020-04-20'),
      exam('tumour_markers', '2020-07-01'),
      exam('liver_ultrasound', '2020-08-01'),
      exam('mri_liver', '2020-08-01'),
      exam('mri_liver', '2021-02-01'),
      exam('clinical_review', '2020-01-30'),
      exam('clinical_review', '2020-05-01'),
    ],
    rules({ decided: { ...clinician, phases: { 0: { every: 'P5M' } } } }),
  ),
  'own: rolling, nobody has decided, and no event to count from': own(
    [
      visit([{ every: 'clinician' }], { anchor: 'rolling' }),
      visit([{ every: 'P6M' }], { id: 'none', anchor: 'rolling', countedFrom: { event: 'recurrence' } }),
    ],
    [exam('tumour_markers', '2020-05-01')],
  ),
  'own: findings one after the other, in turn, up to the last day planned': own(
    [
      look({ event: 'exam', where: { activity: ['liver_ultrasound'], outcome: ['suspicious'] } }, 'P30D', {
        activity: ['mri_liver', 'ct_abdomen_pelvis'],
      }),
    ],
    [
      exam('liver_ultrasound', '2020-09-01', 'suspicious'),
      exam('liver_ultrasound', '2020-09-20', 'suspicious'),
      exam('ct_abdomen_pelvis', '2020-09-20'),
      exam('liver_ultrasound', '2021-06-15', 'suspicious'),
    ],
    { until: '2021-07-15' },
  ),
  'own: a finding on the day of the examination that answers it; one whose answer was named for it': own(
    [look({ event: 'recurrence' }, 'P2W')],
    [
      recurrence('2020-09-01'),
      exam('mri_liver', '2020-09-01'),
      recurrence('2021-01-10'),
      { ...exam('mri_liver', '2021-06-01'), forDue: calendarDate('2021-01-24') },
      fact('ended', '2021-05-01'),
    ],
  ),
  'own: asked for by hand, on and off the pathway': own(
    [visit([{ every: 'P6M' }], { activity: 'mri_liver' })],
    [
      fact('ended', '2021-01-10'),
      exam('mri_liver', '2020-10-18'),
      { ...exam('mri_liver', '2021-03-01'), id: 'e1', forDue: calendarDate('2021-06-20') },
      fact('death', '2021-06-10'),
    ],
    {
      added: [
        { id: 'a', activity: 'mri_liver', due: calendarDate('2020-11-01'), ...clinician },
        { id: 'b', activity: 'mri_liver', due: calendarDate('2021-06-20'), ...clinician },
        { id: 'c', activity: 'mri_liver', due: calendarDate('2021-06-10'), ...clinician },
        { id: 'd', activity: 'colonoscopy', due: calendarDate('2021-06-09'), ...clinician },
        { id: 'e', activity: 'colonoscopy', due: calendarDate('2023-07-31'), by: 'hospital' },
      ],
    },
  ),
  'own: the last day planned, by hand and by rule': own([visit([{ every: 'P6M' }])], [], {
    ...{ asOf: '2020-02-01', until: '2020-07-31' },
    added: [
      { id: 'a', activity: 'mri_liver', due: calendarDate('2020-07-31'), ...clinician },
      { id: 'b', activity: 'mri_liver', due: calendarDate('2020-08-01'), ...clinician },
    ],
  }),
  'own: because of a finding': own(
    [
      look({ event: 'exam', where: { activity: ['liver_ultrasound'], outcome: ['suspicious'] } }, 'P2W'),
      look({ event: 'recurrence' }, 'P0D', { id: 'at once', activity: 'clinical_review' }),
    ],
    [
      exam('liver_ultrasound', '2020-09-01', 'suspicious'),
      exam('mri_liver', '2020-09-09'),
      exam('liver_ultrasound', '2021-06-10', 'suspicious'),
      recurrence('2021-06-12'),
    ],
  ),
};
