import fc from 'fast-check';
import { addDays, addMonths, type CalendarDate, calendarDate, toDayNumber } from './calendar.js';
import { type ClinicalFact, CLOSING_EVENTS, type PatientFacts } from './facts.js';
import type { Choices } from './choices.js';
import type { Period, Phase } from './guideline.js';
import { dayAt, longEnd, offsetOf, shortEnd } from './period.js';
import { type Plan, planSurveillance } from './planner.js';
import { findGuideline } from './published/index.js';
import { type PlannedItem, statusOn } from './slot.js';

const CRLM = findGuideline('crlm-cn-2025')!;
const EARLIEST = calendarDate('2012-01-01');
const DAYS = 5000;
// Mutation testing sets it lower: a mutant that lives meets the properties thousands of times.
// eslint-disable-next-line no-restricted-properties -- a test's own setting
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 150);

// Half of the days are ends of months, where month arithmetic goes wrong if it can.
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

const event: fc.Arbitrary<ClinicalFact> = fc.oneof(
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

/** What a hospital may choose within the ranges of the text. */
const withinRanges: fc.Arbitrary<NonNullable<Choices['rules']>> = fc
  .record({ visits: months(3, 6), imaging: months(6, 12), yearlyCt: months(36, 60), laterCt: months(12, 24) })
  .map(({ visits, imaging, yearlyCt, laterCt }) => ({
    postoperative_review: { ...byHospital, phases: { 0: { every: visits } } },
    ned_imaging_ct: { ...byHospital, phases: { 1: { every: imaging } } },
    postoperative_ct: { ...byHospital, phases: { 0: { until: yearlyCt }, 1: { every: laterCt } } },
  }));

interface Case {
  readonly patient: PatientFacts;
  readonly choices: Choices;
  readonly asOf: CalendarDate;
}

/** Any history, with most examinations done on or near a day on which the plan asks for them. */
const anyCase: fc.Arbitrary<Case> = fc
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

const planOf = ({ patient, choices, asOf }: Case): Plan => planSurveillance(CRLM, patient, choices, { asOf });
const ruleOf = ({ rule }: PlannedItem) => CRLM.rules.find(({ id }) => id === rule)!;
const isLive = (item: PlannedItem, on: CalendarDate): boolean =>
  ['due', 'overdue'].includes(statusOn(on, item));
const isOpen = (item: PlannedItem, on: CalendarDate): boolean =>
  isLive(item, on) || statusOn(on, item) === 'upcoming';

const always = (property: (given: Case, plan: Plan) => void): void =>
  fc.assert(
    fc.property(anyCase, (given) => property(given, planOf(given))),
    { numRuns: RUNS },
  );

/** No item of any plan may be as `wrong` says. */
const noItem = (wrong: (item: PlannedItem, where: Case & { readonly plan: Plan }) => boolean): void =>
  always((given, plan) => {
    expect(plan.items.filter((item) => wrong(item, { ...given, plan }))).toEqual([]);
  });

test('the order in which events were entered does not matter', () => {
  fc.assert(
    fc.property(
      anyCase.chain((given) =>
        fc.tuple(
          fc.constant(given),
          fc.shuffledSubarray([...given.patient.events], { minLength: given.patient.events.length }),
        ),
      ),
      ([given, events]) => {
        expect(planOf({ ...given, patient: { ...given.patient, events } })).toEqual(planOf(given));
      },
    ),
    { numRuns: RUNS },
  );
});

test('the same facts give the same plan, and an event told twice changes no date', () => {
  always((given, plan) => {
    const dates = ({ items }: Plan): string[] =>
      items.map(({ key, due, completedOn }) => `${key} ${due} ${completedOn ?? ''}`);
    const twice = {
      ...given,
      patient: { ...given.patient, events: [...given.patient.events, ...given.patient.events] },
    };

    expect(planOf(given)).toEqual(plan);
    expect(dates(planOf(twice))).toEqual(dates(plan));
  });
});

test('keys are unique, and items stand by due date and then activity', () => {
  always((_, { items }) => {
    const order = items.map(({ due, activity }) => `${due} ${activity}`);

    expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
    expect(order).toEqual([...order].sort());
  });
});

test('earliest, due and the first late day follow each other', () => {
  noItem(({ earliest, due, overdue }) => earliest > due || due >= overdue);
});

test('within a phase each interval lies in the range that the text states', () => {
  noItem(({ rule: id, sequence, due, phase, measuredFrom }, { plan }) => {
    const rule = CRLM.rules.find((one) => one.id === id);
    const before = plan.items.find(
      (one) => one.rule === id && one.measuredFrom === measuredFrom && one.sequence === sequence - 1,
    );
    // The one before may be covered by another of that day, or belong to another phase.
    if (rule?.kind !== 'recurring' || (sequence > 1 && before?.phase !== phase)) return false;
    const printed: Phase = rule.phases[phase]!;
    if ('at' in printed || printed.every === 'clinician') return false;
    const { every } = printed;
    const since = before?.due ?? measuredFrom;
    // Counted from the clock, so up to three days off what the last date alone would give.
    return (
      toDayNumber(due) < dayAt(since, offsetOf(shortEnd(every))) - 3 ||
      toDayNumber(due) > dayAt(since, offsetOf(longEnd(every))) + 3
    );
  });
});

test('every date of a grid is counted from its clock in one step, in whole months or weeks', () => {
  noItem((item) => {
    const rule = ruleOf(item);
    if (rule.kind !== 'recurring') return false;
    const { due, measuredFrom } = item;
    if (item.pathway === 'crlm_conversion') return (toDayNumber(due) - toDayNumber(measuredFrom)) % 7 !== 0;
    const years = Number(due.slice(0, 4)) - Number(measuredFrom.slice(0, 4));
    const count = years * 12 + Number(due.slice(5, 7)) - Number(measuredFrom.slice(5, 7));
    return addMonths(measuredFrom, count) !== due;
  });
});

test('nothing chosen within the ranges of the text deviates from it', () => {
  noItem(({ deviates }) => deviates);
});

test('whatever the facts, nothing undone is due sooner than its rule allows', () => {
  noItem((item) => {
    const rule = ruleOf(item);
    if (item.completedOn !== null || rule.kind === 'recurring') return false;
    const period = rule.kind === 'chain' ? rule.cases[item.phase]!.due : rule.due;
    return toDayNumber(item.due) < dayAt(item.measuredFrom, offsetOf(period as Period));
  });
});

test('nothing falls due on or after the end of its pathway, unless it was done', () => {
  noItem(
    (item, { plan: { runs } }) =>
      item.completedOn === null &&
      !runs.some(
        ({ pathway, start, end }) =>
          pathway.id === item.pathway && start <= item.due && (end === null || item.due < end),
      ),
  );
});

test('nothing of a pathway that has ended is open', () => {
  noItem(
    (item, { asOf, plan: { runs } }) =>
      isOpen(item, asOf) &&
      !runs.some(
        ({ pathway, start, end }) => pathway.id === item.pathway && start <= item.due && end === null,
      ),
  );
});

test.each(CLOSING_EVENTS)('%s leaves nothing open', (type) => {
  always(({ patient, choices, asOf }) => {
    const events = [...patient.events, { type, date: asOf } as const];
    const { items } = planOf({ patient: { ...patient, events }, choices, asOf });

    expect(items.filter((item) => isOpen(item, asOf))).toEqual([]);
  });
});

test('at most one item of an activity is live on any day', () => {
  fc.assert(
    fc.property(anyCase, fc.integer({ min: 0, max: 4000 }), (given, ahead) => {
      const on = addDays(given.asOf, ahead);
      const live = planOf(given).items.filter((item) => !item.projected && isLive(item, on));
      const activities = live.map(({ activity }) => activity);

      expect(activities).toEqual([...new Set(activities)]);
    }),
    { numRuns: RUNS },
  );
});

test('at most one colonoscopy is open, and none while the patient is on no follow-up pathway', () => {
  always(({ asOf }, { items, runs }) => {
    const following = runs.some(({ pathway, end }) => pathway.id !== 'crlm_conversion' && end === null);
    const open = items.filter(
      (item) => item.activity === 'colonoscopy' && !item.projected && isOpen(item, asOf),
    );

    expect(open.length).toBeLessThanOrEqual(following ? 1 : 0);
  });
});

test('what is completed stays completed, on the same key and day, whatever happens later', () => {
  fc.assert(
    fc.property(anyCase, fc.array(event, { minLength: 1, maxLength: 4 }), (given, more) => {
      const later = more.map((fact) => ({
        ...fact,
        date: addDays(given.asOf, 1 + (toDayNumber(fact.date) % 700)),
      }));
      const asOf = addDays(given.asOf, 701);
      const after = planOf({
        ...given,
        asOf,
        patient: { ...given.patient, events: [...given.patient.events, ...later] },
      });
      const completed = ({ items }: Plan): string[] =>
        items
          .filter(({ completedOn }) => completedOn !== null)
          .map(({ key, completedOn }) => `${key} ${completedOn ?? ''}`);

      // One examination that includes another may come to stand for both once it is done too.
      const included = new Set(
        after.items.flatMap(({ covers, due }) => covers.map((activity) => `${activity} ${due}`)),
      );
      const before = planOf(given);
      const kept = before.items.filter(({ activity, due }) => !included.has(`${activity} ${due}`));
      expect(completed(after)).toEqual(expect.arrayContaining(completed({ ...before, items: kept })));
    }),
    { numRuns: RUNS },
  );
});

test('no examination of one day completes two slots of one rule', () => {
  always(({ patient }, { items }) => {
    const done = items.filter((item) => item.completedOn !== null && ruleOf(item).kind === 'recurring');
    const slots = done.map(({ rule, completedOn }) => `${rule} ${completedOn ?? ''}`);

    expect(patient.events.every(({ forDue }) => forDue === undefined)).toBe(true);
    expect(slots).toEqual([...new Set(slots)]);
  });
});

test('before enrolment nothing on a grid is late', () => {
  noItem(
    (item, { patient: { enrolledOn }, asOf }) =>
      enrolledOn !== undefined &&
      item.due < enrolledOn &&
      ruleOf(item).kind === 'recurring' &&
      !['before_enrolment', 'completed'].includes(statusOn(asOf, item)),
  );
});

test('a shorter horizon shows the beginning of the same plan', () => {
  always(({ patient, choices, asOf }, { items }) => {
    const until = addDays(asOf, 200);
    const short = planSurveillance(CRLM, patient, choices, { asOf, until }).items;

    expect(short.filter(({ due }) => due <= items.at(-1)!.due)).toEqual(
      items.filter(({ due }) => due <= until),
    );
  });
});
