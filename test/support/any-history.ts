import fc from 'fast-check';
import { addDays, addMonths, type CalendarDate, calendarDate } from '../../src/guideline/calendar.js';
import { type ClinicalFact, CLOSING_EVENTS, type PatientFacts } from '../../src/guideline/facts.js';
import type { Choices } from '../../src/guideline/choices.js';
import type { Period } from '../../src/guideline/guideline.js';
import { type Plan, planSurveillance } from '../../src/guideline/planner.js';
import { findGuideline } from '../../src/guideline/published/index.js';
import { type PlannedItem, statusOn } from '../../src/guideline/planned-item.js';

export const CRLM = findGuideline('crlm-cn-2025')!;
const EARLIEST = calendarDate('2012-01-01');
const DAYS = 5000;
// Mutation testing sets it lower: a surviving mutant runs the properties thousands of times.
export const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 100);

// Half of the days are ends of months, where errors of month arithmetic occur.
const day: fc.Arbitrary<CalendarDate> = fc.oneof(
  fc.integer({ min: 0, max: DAYS }).map((count) => addDays(EARLIEST, count)),
  fc.integer({ min: 0, max: 160 }).map((count) => addMonths(calendarDate('2012-01-31'), count)),
);

const oneOf = <T extends string>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const ACTIVITIES_DONE = [
  'clinical_review',
  'liver_ultrasound',
  'tumour_markers',
  'ct_chest_abdomen_pelvis',
  'ct_abdomen_pelvis',
  'mri_liver',
] as const;

export const event: fc.Arbitrary<ClinicalFact> = fc.oneof(
  fc.record({
    type: fc.constant('primary_resection' as const),
    date: day,
    stage: oneOf('I', 'II', 'III', 'IV'),
    intent: oneOf('curative', 'curative', 'curative', 'palliative'),
    preoperativeColonoscopy: oneOf('complete', 'incomplete'),
  }),
  fc.record({ type: oneOf('liver_ned', 'liver_ned', 'recurrence', 'liver_metastasis_diagnosed'), date: day }),
  fc.record({
    type: fc.constant('conversion_therapy_started' as const),
    date: day,
    mmr: oneOf('pMMR', 'dMMR'),
  }),
  fc.record({ type: oneOf('conversion_therapy_ended', 'lynch_syndrome_confirmed'), date: day }),
  fc.record({
    type: fc.constant('colonoscopy' as const),
    date: day,
    finding: oneOf('normal', 'abnormal', 'incomplete'),
  }),
  fc.record({
    type: fc.constant('exam' as const),
    date: day,
    activity: oneOf(...ACTIVITIES_DONE),
    outcome: oneOf('normal', 'normal', 'normal', 'suspicious', 'inconclusive'),
  }),
);

const closing: fc.Arbitrary<ClinicalFact> = fc.record({
  type: oneOf(...CLOSING_EVENTS),
  date: fc.constant(addDays(EARLIEST, DAYS)),
});

const months = (min: number, max: number): fc.Arbitrary<Period> =>
  fc.integer({ min, max }).map((count): Period => `P${count}M`);
const byHospital = { by: 'hospital' } as const;

/** A hospital's possible choices within the ranges of the text. */
const withinRanges: fc.Arbitrary<NonNullable<Choices['rules']>> = fc
  .record({ visits: months(3, 6), imaging: months(6, 12), yearlyCt: months(36, 60), laterCt: months(12, 24) })
  .map(({ visits, imaging, yearlyCt, laterCt }) => ({
    postoperative_review: { ...byHospital, phases: { 0: { every: visits } } },
    ned_imaging_ct: { ...byHospital, phases: { 1: { every: imaging } } },
    postoperative_ct: { ...byHospital, phases: { 0: { until: yearlyCt }, 1: { every: laterCt } } },
  }));

export interface Case {
  readonly patient: PatientFacts;
  readonly choices: Choices;
  readonly asOf: CalendarDate;
}

/** Any history, with most exams done on or near a planned day. */
export const anyCase: fc.Arbitrary<Case> = fc
  .record({
    clocks: fc.array(event, { minLength: 1, maxLength: 9 }),
    end: fc.option(closing, { freq: 4, nil: undefined }),
    profile: oneOf('intensive', 'minimal'),
    liverImaging: oneOf('ct', 'mri'),
    rules: fc.option(withinRanges, { freq: 3, nil: undefined }),
    later: fc.integer({ min: 0, max: 900 }),
    enrolledOn: fc.option(day, { freq: 3, nil: undefined }),
    done: fc.array(fc.record({ pick: fc.nat(400), off: fc.constantFrom(0, 0, 0, -5, 9, -40, 70) }), {
      maxLength: 12,
    }),
  })
  .map(({ clocks, end, profile, liverImaging, rules, later, enrolledOn, done }) => {
    const events = [...clocks, ...(end ? [end] : [])];
    const last = events.map(({ date }) => date).reduce((a, b) => (a > b ? a : b));
    const asOf = end ? last : addDays(last, later);
    const choices = { profile, liverImaging, rules };
    const patient = { birthDate: calendarDate('1955-02-28'), diagnosisDate: EARLIEST, enrolledOn, events };
    const { items } = planSurveillance(CRLM, patient, choices, { asOf });
    const exams = done.flatMap(({ pick, off }): ClinicalFact[] => {
      const item = items[pick % Math.max(items.length, 1)];
      if (!item) return [];
      const date = addDays(item.due, off);
      if (date > asOf) return [];
      if (item.activity === 'colonoscopy') return [{ type: 'colonoscopy', date, finding: 'normal' }];
      return [{ type: 'exam', date, activity: item.activity, outcome: 'normal' }];
    });
    return { patient: { ...patient, events: [...events, ...exams] }, choices, asOf };
  });

export const planOf = ({ patient, choices, asOf }: Case): Plan =>
  planSurveillance(CRLM, patient, choices, { asOf });
export const ruleOf = ({ rule }: PlannedItem) => CRLM.rules.find(({ id }) => id === rule)!;
export const isLive = (item: PlannedItem, on: CalendarDate): boolean =>
  ['due', 'overdue'].includes(statusOn(on, item));
export const isOpen = (item: PlannedItem, on: CalendarDate): boolean =>
  isLive(item, on) || statusOn(on, item) === 'upcoming';

/** The original grid date, before a range moved it forward. */
export const gridDate = ({ movedFrom, due }: Pick<PlannedItem, 'movedFrom' | 'due'>): CalendarDate =>
  movedFrom ?? due;

export const always = (property: (given: Case, plan: Plan) => void): void =>
  fc.assert(
    fc.property(anyCase, (given) => property(given, planOf(given))),
    { numRuns: RUNS },
  );

/** Fails for an item of any plan that `wrong` accepts. */
export const noItem = (wrong: (item: PlannedItem, where: Case & { readonly plan: Plan }) => boolean): void =>
  always((given, plan) => {
    expect(plan.items.filter((item) => wrong(item, { ...given, plan }))).toEqual([]);
  });
