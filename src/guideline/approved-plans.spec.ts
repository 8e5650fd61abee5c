import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  type Circumstances,
  colonoscopy,
  conversion,
  exam,
  fact,
  ned,
  plannedBy,
  recurrence,
  resection,
} from '../../test/planned.js';
import { look, protocol, scope, started, visit } from '../../test/protocol.js';
import { calendarDate } from './calendar.js';
import type { Choices } from './choices.js';
import type { ClinicalFact } from './facts.js';
import type { Guideline } from './guideline.js';
import { explanationOf, reasonFor } from './reason.js';
import { findGuideline } from './published/index.js';
import { type PlannedItem, statusOn } from './slot.js';

interface Case {
  readonly guideline: Guideline;
  readonly events: readonly ClinicalFact[];
  readonly given: Circumstances;
}

const by = (id: string): Guideline => findGuideline(id)!;
const crlm = (events: readonly ClinicalFact[], given: Circumstances = {}): Case => ({
  guideline: by('crlm-cn-2025@1.1.0'),
  events,
  given: { asOf: '2022-06-15', until: '2022-12-31', ...given },
});
const other = (id: string, stage = 'III', site = 'colon'): Case => ({
  guideline: by(id),
  events: [resection({ stage, site }), colonoscopy('2021-02-10')],
  given: { asOf: '2021-06-15', until: '2026-03-01' },
});
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
const rules = (decided: NonNullable<Choices['rules']>): Circumstances => ({ rules: decided });
const clinician = { by: 'clinician', author: 'Dr. Chen', reason: 'agreed' } as const;

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

/** Patients and what the program plans for them, as it was read and approved. */
const CASES: Readonly<Record<string, Case>> = {
  'stage III colon, nothing done': crlm([resection()]),
  'stage III colon, minimal': crlm([resection()], { profile: 'minimal' }),
  'stage I': crlm([resection({ stage: 'I' })]),
  'rectum, complete colonoscopies, examinations early, late and twice': crlm([
    resection({ site: 'rectum', stage: 'II' }),
    exam('tumour_markers', '2020-04-25'),
    exam('tumour_markers', '2020-05-20'),
    exam('ct_chest_abdomen_pelvis', '2021-03-31'),
    exam('liver_ultrasound', '2020-08-01', 'suspicious'),
    exam('mri_liver', '2020-08-20'),
    exam('clinical_review', '2022-02-01'),
    colonoscopy('2021-01-20'),
  ]),
  'incomplete colonoscopy before the operation, then abnormal': crlm([
    resection({ preoperativeColonoscopy: 'incomplete' }),
    colonoscopy('2020-06-20', 'incomplete'),
    colonoscopy('2020-07-20', 'abnormal'),
    colonoscopy('2021-08-01'),
  ]),
  'enrolled two years after the operation': crlm([resection()], { enrolledOn: '2022-03-01' }),
  'liver metastases, conversion, NED, recurrence, second NED': crlm([
    resection({ stage: 'IV' }),
    fact('liver_metastasis_diagnosed', '2020-02-20'),
    conversion('2020-03-10'),
    exam('ct_abdomen_pelvis', '2020-05-05'),
    fact('conversion_therapy_ended', '2020-10-01'),
    ned('2020-11-30'),
    exam('mri_liver', '2021-03-02'),
    recurrence('2021-09-10'),
    ned('2022-01-15'),
  ]),
  'NED imaged by MRI': crlm([resection(), ned('2021-08-31')], { liverImaging: 'mri' }),
  'dMMR under conversion, decided by a clinician': crlm(
    [resection({ stage: 'IV' }), conversion('2022-01-10', 'dMMR')],
    {
      ...rules({ conversion_ct_dmmr: { ...clinician, phases: { 0: { every: 'P9W' } } } }),
    },
  ),
  'transferred out': crlm([resection(), fact('transferred_out', '2021-10-05')]),
  'Lynch and onset before 50': crlm([resection(), fact('lynch_syndrome_confirmed', '2020-03-01')], {
    ...{ birthDate: '1975-04-30', ...rules({ colonoscopy: { ...clinician, interval: 'P1Y' } }) },
  }),
  'hospital and clinician chose': crlm([resection()], {
    ...{ tolerances: { upTo3Months: 7, upTo12Months: 10, longer: 20 } },
    ...rules({
      postoperative_markers: { by: 'hospital', phases: { 0: { every: 'P4M', until: 'P2Y' } } },
      postoperative_ct: { ...clinician, phases: { 0: { every: 'P18M' } } },
      postoperative_review: { ...clinician, offFrom: calendarDate('2022-09-01') },
    }),
  }),
  'added by hand': crlm(
    [resection(), exam('mri_liver', '2022-05-20'), fact('lost_to_follow_up', '2023-05-01')],
    {
      ...{ asOf: '2023-05-01' },
      added: [
        { id: 'a', activity: 'mri_liver', due: calendarDate('2022-05-25'), ...clinician },
        { id: 'b', activity: 'mri_liver', due: calendarDate('2022-11-25'), ...clinician },
        { id: 'c', activity: 'mri_liver', due: calendarDate('2023-06-25'), ...clinician },
      ],
    },
  ),
  'NHC 2023, stage III': other('nhc-china-2023'),
  'NHC 2023, stage I': other('nhc-china-2023', 'I', 'rectum'),
  'ASCO 2013': other('asco-2013'),
  'ASCO 2013, rectum': other('asco-2013', 'II', 'rectum'),
  'ESMO colon': other('esmo-colon'),
  'NICE NG151': other('nice-ng151', 'II'),
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

const line = (item: PlannedItem, asOf: Parameters<typeof statusOn>[0]): string => {
  const { earliest, due, overdue, rule, activity, covers, sequence, phase, measuredFrom, missedOn } = item;
  const marks = [
    covers.length > 0 && `+ ${covers.join(' ')}`,
    `from ${measuredFrom}`,
    missedOn && `missed ${missedOn}`,
    item.completedOn && `done ${item.completedOn}`,
    item.otherMethod && 'other method',
    item.projected && 'projected',
    item.deviates && 'deviates',
  ].filter(Boolean);
  const window = `${earliest} [${due}] ${overdue}`;
  return `  ${window} ${statusOn(asOf, item)} ${rule}.${phase}#${sequence} ${activity}, ${marks.join(', ')}`;
};

function written({ guideline, events, given }: Case, told: Set<string>): string {
  const plan = plannedBy(guideline, events, given);
  const choices: Choices = { profile: 'intensive', liverImaging: 'ct', ...given };
  const reasons: string[] = [];
  for (const item of plan.items) {
    const zh = reasonFor(guideline, item, choices, 'zh');
    // One sentence for each kind of reason, over all patients.
    const kind = zh.replace(/\d{4}-\d\d-\d\d/g, '').replace(/\d+ ?个月/, '');
    if (told.has(kind)) continue;
    told.add(kind);
    const { window, anchor, clock, decision, caution } = explanationOf(guideline, item, choices, 'en');
    reasons.push(
      `  ${item.due} ${item.rule}`,
      `    ${zh}`,
      `    ${reasonFor(guideline, item, choices, 'en')}`,
      `    ${[clock?.event, clock?.date, anchor, window, decision, caution].join(' | ')}`,
    );
  }
  const flags = plan.flags.map(({ code, message }) => `  ${code}: ${message.zh} / ${message.en}`);
  const lasts = `  stands until ${plan.standsUntil ?? 'an event'}`;
  return [...plan.items.map((item) => line(item, plan.asOf)), lasts, ...flags, ...reasons].join('\n');
}

test('the plans of these patients are what was approved', () => {
  const approved = new URL('approved-plans.txt', import.meta.url);
  const received = new URL('approved-plans.received.txt', import.meta.url);
  const told = new Set<string>();
  const text = Object.entries(CASES)
    .map(([name, one]) => `${name} (${one.guideline.id}@${one.guideline.version})\n${written(one, told)}\n`)
    .join('\n');
  // To approve a change, read the difference, and put the received file in the place of the approved one.
  if (text !== readFileSync(approved, 'utf8')) writeFileSync(received, text);
  else rmSync(received, { force: true });
  expect(text.split('\n')).toEqual(readFileSync(approved, 'utf8').split('\n'));
});
