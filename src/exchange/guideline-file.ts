import { z } from 'zod';
import type { FieldFault } from '../platform/domain-error.js';
import { problemsOf } from '../guideline/check.js';
import { ACTIVITIES } from '../guideline/activities.js';
import { CLINICAL_EVENT_TYPES } from '../guideline/facts.js';
import type { Guideline, Period } from '../guideline/guideline.js';
import { COMPARATORS } from '../guideline/measurements.js';
import { PERIOD_FORM } from '../guideline/period.js';
import { faultsOfIssues } from '../platform/http/input-faults.js';
import { text } from '../platform/text.js';
import { msg } from '../platform/messages/dictionary.js';
import { issue } from '../platform/messages/issues.js';

/** The same schema with this maximum number of entries, because entries are compared with each other. */
const atMost = <T extends z.ZodType<object>>(limit: number, form: T): T =>
  form.refine((entries) => Object.keys(entries).length <= limit, issue('too-many-entries', { limit }));

const Id = z.string().regex(/^[a-z][a-z0-9_-]{0,60}$/, issue('id-form'));
const BothLanguages = z.strictObject({ zh: text(2000), en: text(2000) });
const Activity = Id.describe(
  `A kind of examination: ${ACTIVITIES.join(', ')}, or one declared under activities`,
);
const EventType = Id.describe(
  `A type of event: birth, diagnosis, ${CLINICAL_EVENT_TYPES.join(', ')}, or one declared under events`,
);
const LiverImaging = z.enum(['ct', 'mri']);
const Values = z
  .record(z.string(), z.array(z.string()).min(1).max(200))
  .describe('Fields of an event, and the values that count');
const EventPattern = z.strictObject({ event: EventType, where: Values.optional() });

const OnePeriod = z
  .string()
  .regex(PERIOD_FORM, issue('protocol-period-form'))
  .describe(
    'An ISO 8601 period: P3M, P6W; several units are added up, each may have a minus: P19M4W-1D',
  ) as unknown as z.ZodType<Period>;
const OneOrRange = z
  .union([OnePeriod, z.tuple([OnePeriod, OnePeriod])])
  .describe('A period (P3M), or the range of the text, short end first (["P3M", "P6M"])');

const Age = z.int().min(1).max(120);
const PlainCondition = z.union([
  z.strictObject({ onsetBefore: Age.describe('Younger at diagnosis') }),
  z.strictObject({ ageBelow: Age.describe('Younger on the day of planning') }),
  z.strictObject({ ageFrom: Age.describe('So old or older on the day of planning') }),
  z.strictObject({ recorded: EventPattern }),
  z.strictObject({ neverRecorded: EventPattern }),
]);
const Condition = z.union([PlainCondition, z.strictObject({ not: PlainCondition })]);

const Printed = { evidence: z.string().nullable(), grade: z.string().nullable() };

const ruleBase = {
  id: Id,
  activity: z
    .union([Activity, z.tuple([Activity, Activity], Activity)])
    .describe('The activity; several take turns, one date each'),
  section: text(100),
  title: BothLanguages,
  interpretation: BothLanguages,
  given: z.array(Condition).min(1).optional().describe('All of these must hold'),
  untilAge: Age.optional().describe('Nothing falls due from this birthday on'),
};

const neverLate = z.literal(true).optional().describe('It waits and is never late');

const phaseBase = {
  ...Printed,
  window: z
    .strictObject({ before: OnePeriod, after: OnePeriod })
    .optional()
    .describe('Weeks or days either side that the text itself allows; else the tolerance of the hospital'),
  limit: z.literal(true).optional().describe('The day after the due date is late'),
  neverLate,
};
const Phase = z.union([
  z.strictObject({
    every: z
      .union([OneOrRange, z.literal('clinician')])
      .describe('clinician: nothing until a clinician decides'),
    from: OnePeriod.optional().describe('The first date, from the clock; else one interval after the last'),
    until: OneOrRange.optional().describe('From the clock, included; only the last phase may have no end'),
    ...phaseBase,
  }),
  z.strictObject({
    at: atMost(200, z.tuple([OneOrRange], OneOrRange)).describe('Single dates from the clock'),
    ...phaseBase,
  }),
]);

const RecurringRule = z.strictObject({
  ...ruleBase,
  kind: z.literal('recurring'),
  anchor: z
    .enum(['grid', 'rolling'])
    .describe('grid: fixed times from the clock; rolling: an interval after the last one done'),
  pathway: Id,
  where: Values.optional().describe("Values of the clock's event"),
  liverImaging: LiverImaging.optional(),
  countedFrom: EventPattern.optional().describe(
    "Counted from this event instead of the pathway's clock: the last on or before the run's start, else the first within it",
  ),
  satisfiedBy: z.array(Activity).min(1).optional().describe('Other examinations that satisfy a date too'),
  phases: atMost(50, z.tuple([Phase], Phase)),
});

const CountedStep = z
  .strictObject({ counted: z.int().min(1).max(1000) })
  .describe('The n-th counted one, from 1; until there is one the case does not apply');
const Moment = z.strictObject({
  from: z.union([z.enum(['clock', 'last', 'birth']), CountedStep]),
  after: OnePeriod,
});
const AnyOf = z.strictObject({ anyOf: z.tuple([Moment], Moment).describe('The earliest of these') });
const MomentOrAny = z.union([Moment, AnyOf]);
const Moments = z.tuple([MomentOrAny], MomentOrAny).describe('The latest of these');

const ChainRule = z.strictObject({
  ...ruleBase,
  kind: z.literal('chain'),
  anchor: z.literal('rolling'),
  clock: EventPattern,
  pathways: z.array(Id).min(1),
  counts: z.strictObject({
    event: EventType,
    where: Values.optional(),
    field: z.string().min(1).optional(),
    results: z.array(z.string()).min(1).max(200).optional(),
  }),
  assumed: z.string().optional(),
  repeatIfEarlierBy: OnePeriod.optional().describe(
    'One done more than this before earliest is to be repeated',
  ),
  cases: z
    .array(
      z.strictObject({
        when: z.strictObject({
          none: z.literal(true).optional(),
          count: z.int().min(0).max(1000).optional().describe('Exactly so many counted so far'),
          clock: Values.optional(),
          last: z.array(z.string()).min(1).max(200).optional(),
          noneSince: OnePeriod.optional(),
          given: z.array(Condition).min(1).optional(),
        }),
        untilAge: Age.optional().describe('From this birthday on the next case is tried'),
        from: z.union([z.enum(['clock', 'last']), CountedStep]),
        due: z.union([OneOrRange, Moments]),
        earliest: z.union([OnePeriod, Moments]).optional(),
        countsFrom: z
          .union([OnePeriod, Moments])
          .optional()
          .describe('One done before it does not count and is to be repeated'),
        latest: z.union([OnePeriod, Moments, z.literal('never')]).optional(),
        limit: z.boolean(),
        ...Printed,
      }),
    )
    .min(1)
    .max(100),
});

const AfterFindingRule = z.strictObject({
  ...ruleBase,
  kind: z.literal('after-finding'),
  pathways: z.array(Id).min(1),
  after: EventPattern,
  due: OnePeriod,
  neverLate,
  ...Printed,
});

const Outcome = text(60);
const ActivityDeclaration = z.strictObject({
  title: BothLanguages,
  outcomes: atMost(20, z.tuple([Outcome], Outcome))
    .optional()
    .describe('What an exam can find, the expected outcome first; else normal, suspicious, inconclusive'),
  determinesNextDate: z
    .literal(true)
    .optional()
    .describe('The next date depends on the outcome: no exam is recorded without one'),
  notDone: z
    .array(Outcome)
    .min(1)
    .max(20)
    .optional()
    .describe('After one of these outcomes the exam counts as not done'),
  recordedAs: z
    .strictObject({ event: EventType, field: z.string().min(1) })
    .optional()
    .describe('The declared type of event that records an exam, and its field for the outcome; else exam'),
});

const FlagRule = z.strictObject({
  code: Id,
  message: BothLanguages,
  when: z.union([
    Condition,
    z.strictObject({ running: Id, where: Values }),
    z.strictObject({ running: Id, liverImaging: LiverImaging }),
    z.strictObject({ running: Id, neverRecorded: EventPattern }),
    z.strictObject({ otherMethodFor: z.array(Id).min(1) }),
  ]),
  settledBy: z.array(Id).min(1).optional(),
});

const positive = z.number().min(1e-6).max(1e12);
const Span = z.strictObject({ from: positive, to: positive });
const Measurement = z.strictObject({
  code: text(20),
  title: BothLanguages,
  unit: text(20).describe('The UCUM unit in which values are stored and compared'),
  otherUnits: z
    .record(z.string().min(1).max(20), z.int().min(-12).max(12))
    .optional()
    .describe('Units that convert exactly: the power of ten by which a value is multiplied'),
  plausible: Span.describe('Beyond these stands a slip'),
  comparators: z
    .array(z.enum(COMPARATORS))
    .optional()
    .describe('Those that may stand before a value; default: all'),
  referenceLimit: Span.extend({ default: positive }).describe(
    'The largest value that needs no judgement; from and to: what such a limit can be',
  ),
  basis: BothLanguages.describe('Why these numbers'),
});

/** The schema of a guideline as a JSON file; `src/guideline/guideline.ts` describes its meaning. */
export const GuidelineFile = z
  .strictObject({
    id: Id,
    version: z.string().regex(/^\d+\.\d+\.\d+$/, issue('version-form')),
    title: BothLanguages,
    sources: z.array(text(500)).min(1),
    caution: BothLanguages.optional().describe('What a reader must know before relying on it'),
    monthEnd: z
      .enum(['clamp', 'roll'])
      .optional()
      .describe("A day that the month does not have: its last day (clamp), or the next month's first (roll)"),
    activities: atMost(200, z.record(Id, ActivityDeclaration)).optional(),
    events: atMost(
      200,
      z.record(Id, z.strictObject({ title: BothLanguages.optional(), fields: Values.optional() })),
    )
      .optional()
      .describe("Types of events beside the house's own, or more fields of those, each with its values"),
    measurements: z
      .record(Activity, z.array(Measurement).min(1).max(20))
      .optional()
      .describe('What exams measure beside CEA and CA19-9, by activity'),
    pathways: z
      .array(
        z.strictObject({
          id: Id,
          section: text(100),
          title: BothLanguages,
          clock: EventPattern,
          endedBy: z.array(EventType).max(200),
        }),
      )
      .min(1)
      .max(50),
    rules: z
      .array(z.discriminatedUnion('kind', [RecurringRule, ChainRule, AfterFindingRule]))
      .min(1)
      .max(100),
    covers: atMost(200, z.record(Activity, z.array(Activity).min(1).max(100))),
    notRoutine: z
      .array(z.strictObject({ activities: z.array(Id).min(1), section: text(100), sentence: BothLanguages }))
      .optional(),
    flags: z.array(FlagRule).max(200),
  })
  .meta({ id: 'GuidelineFile', title: 'A guideline for nedwatch' });

/** A guideline that the planner can use, or every problem of the file by its JSON pointer. */
export function readGuideline(json: string): { guideline: Guideline } | { faults: FieldFault[] } {
  let value: unknown;
  try {
    value = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (error) {
    return {
      faults: [
        {
          pointer: '',
          code: 'not-json',
          message: msg('guideline-not-json', {
            detail: error instanceof Error ? error.message : String(error),
          }),
        },
      ],
    };
  }
  const parsed = GuidelineFile.safeParse(value);
  if (!parsed.success) return { faults: faultsOfIssues(parsed.error.issues) };
  const guideline: Guideline = parsed.data;
  const faults = problemsOf(guideline);
  return faults.length > 0 ? { faults } : { guideline };
}
