import { z } from 'zod';
import type { FieldFault } from '../domain-error.js';
import { problemsOf } from '../guideline/check.js';
import { ACTIVITIES, CLINICAL_EVENT_TYPES } from '../guideline/facts.js';
import type { Guideline, Period } from '../guideline/guideline.js';
import { faultsOfIssues } from '../input-faults.js';
import { text } from '../text.js';

const Id = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,60}$/, 'lower-case letters, digits, - and _, beginning with a letter');
const BothLanguages = z.strictObject({ zh: text(2000), en: text(2000) });
const Activity = z.enum(ACTIVITIES);
const EventType = z.enum(CLINICAL_EVENT_TYPES);
const LiverImaging = z.enum(['ct', 'mri']);
const Values = z
  .record(z.string(), z.array(z.string()).min(1))
  .describe('Fields of an event, and the values that count');
const EventPattern = z.strictObject({ event: EventType, where: Values.optional() });

const OnePeriod = z.templateLiteral([
  'P',
  z.int().min(0).max(9999),
  z.enum(['Y', 'M', 'W', 'D']),
]) as unknown as z.ZodType<Period>;
const OneOrRange = z
  .union([OnePeriod, z.tuple([OnePeriod, OnePeriod])])
  .describe(
    'An ISO 8601 period in one unit (P3M), or the range of the text, short end first (["P3M", "P6M"])',
  );

const Printed = { evidence: z.string().nullable(), grade: z.string().nullable() };

const ruleBase = {
  id: Id,
  activity: Activity,
  section: text(100),
  title: BothLanguages,
  interpretation: BothLanguages,
};

const RecurringRule = z.strictObject({
  ...ruleBase,
  kind: z.literal('recurring'),
  anchor: z.literal('grid'),
  pathway: Id,
  where: Values.optional(),
  liverImaging: LiverImaging.optional(),
  phases: z
    .tuple([z.strictObject({ every: OneOrRange, until: OneOrRange.optional(), ...Printed })])
    .rest(z.strictObject({ every: OneOrRange, until: OneOrRange.optional(), ...Printed })),
});

const ChainRule = z.strictObject({
  ...ruleBase,
  kind: z.literal('chain'),
  anchor: z.literal('rolling'),
  clock: EventPattern,
  pathways: z.array(Id).min(1),
  counts: z.strictObject({ event: EventType, field: z.string().min(1), results: z.array(z.string()).min(1) }),
  assumed: z.string(),
  cases: z
    .array(
      z.strictObject({
        when: z.strictObject({
          none: z.literal(true).optional(),
          clock: Values.optional(),
          last: z.array(z.string()).min(1).optional(),
          noneSince: OnePeriod.optional(),
        }),
        from: z.enum(['clock', 'last']),
        due: OnePeriod,
        earliest: OnePeriod.optional(),
        limit: z.boolean(),
        ...Printed,
      }),
    )
    .min(1),
});

const AfterFindingRule = z.strictObject({
  ...ruleBase,
  kind: z.literal('after-finding'),
  pathways: z.array(Id).min(1),
  activities: z.array(Activity).min(1),
  outcomes: z.array(z.string()).min(1),
  due: OnePeriod,
  ...Printed,
});

const FlagRule = z.strictObject({
  code: Id,
  message: BothLanguages,
  when: z.union([
    z.strictObject({ onsetBefore: z.int().min(1).max(120) }),
    z.strictObject({ recorded: EventPattern }),
    z.strictObject({ running: Id, where: Values }),
    z.strictObject({ running: Id, liverImaging: LiverImaging }),
    z.strictObject({ running: Id, neverRecorded: EventType }),
  ]),
});

/** The form of a guideline as a JSON file; what it means is said in `src/guideline/guideline.ts`. */
export const GuidelineFile = z
  .strictObject({
    id: Id,
    version: z.string().regex(/^\d+\.\d+\.\d+$/, 'three numbers, such as 1.0.0'),
    title: BothLanguages,
    source: text(500),
    pathways: z
      .array(
        z.strictObject({
          id: Id,
          section: text(100),
          title: BothLanguages,
          clock: EventPattern,
          endedBy: z.array(EventType),
        }),
      )
      .min(1),
    rules: z.array(z.discriminatedUnion('kind', [RecurringRule, ChainRule, AfterFindingRule])).min(1),
    covers: z.partialRecord(Activity, z.array(Activity).min(1)),
    flags: z.array(FlagRule),
  })
  .meta({ id: 'GuidelineFile', title: 'A guideline for nedwatch' });

/** A guideline that the planner can use, or every fault of the file by its JSON pointer. */
export function readGuideline(json: string): { guideline: Guideline } | { faults: FieldFault[] } {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return {
      faults: [
        {
          pointer: '',
          code: 'not-json',
          message: `Not JSON: ${error instanceof Error ? error.message : String(error)}`,
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
