import { z } from 'zod';
import { examActivities, examOutcomes, outcomesOf } from '../guideline/activities.js';
import { type CalendarDate, isCalendarDate } from '../guideline/calendar.js';
import {
  CLINICAL_EVENT_TYPES,
  type ClinicalEventType,
  type ClinicalFact,
  type EventField,
  EXAM_EVENT,
  fieldsOfEvent,
} from '../guideline/facts.js';
import type { Guideline } from '../guideline/guideline.js';
import { COMPARATORS } from '../guideline/measurements.js';
import { isExamEvent, isOutcomeOf } from '../guideline/recorded-exam.js';
import { activityTitle } from '../guideline/vocabulary.js';
import { invalid } from '../platform/domain-error.js';
import { faultsOfIssues } from '../platform/http/input-faults.js';
import { msg } from '../platform/messages/dictionary.js';
import { text } from '../platform/text.js';
import { issue } from '../platform/messages/issues.js';
import { ExamReport, Findings } from './exam-report.js';

// A date outside this range is a typing error; and every date computed from these has a four-digit year.
const [FIRST_DAY, LAST_DAY] = ['1850-01-01', '2200-12-31'];

/** A calendar day in JSON: `YYYY-MM-DD`, an existing one, from 1850 to 2200. */
export const CalendarDay = z
  .string()
  .refine(isCalendarDate, {
    error: ({ input }) => issue('no-such-date', { given: String(input) }),
    abort: true,
  })
  .refine((day) => day >= FIRST_DAY && day <= LAST_DAY, {
    error: ({ input }) => issue('date-outside', { given: String(input), first: FIRST_DAY, last: LAST_DAY }),
  })
  .meta({ format: 'date', type: 'string', description: 'Calendar day of the hospital, YYYY-MM-DD' });

/** A measured value as entered; `readMeasuredValues` checks it for each measurement. */
const WrittenValue = z.strictObject({
  code: text(20).describe(
    'What was measured: CEA or CA19-9 for tumour_markers; GET /measurements has them all',
  ),
  value: z
    .union([z.number(), text(40)])
    .describe('A number, or the text of the report: "<2", "＜0.5", ">1000", "12.7↑", "1.6 ng/mL"'),
  unit: text(20)
    .optional()
    .describe(
      'UCUM: ng/mL or ug/L for CEA, U/mL or kU/L for CA19-9. May be left out where the value says it.',
    ),
  comparator: z.enum(COMPARATORS).optional().describe('Beyond the measuring range; may stand in the value'),
  referenceLimit: z
    .number()
    .optional()
    .describe("The laboratory's own upper limit, in the unit of the value; else the hospital's counts"),
  flag: z
    .literal('high')
    .optional()
    .describe('The laboratory marked it as high; an arrow in the value says so'),
});

/** The values of one exam, and the confirmation that contradictory values are right. */
export const measured = {
  values: z.array(WrittenValue).max(20).optional(),
  confirmed: z
    .boolean()
    .optional()
    .describe('True: a value that contradicts the outcome or the record is right. Who said so is recorded.'),
};

/** What any event that records an exam may have: structured findings, and what people write about it. */
const examined = { findings: Findings.optional(), report: ExamReport.optional() };

/** The part of a guideline that declares recordable data in addition to what the program knows. */
type Declaring = Pick<Guideline, 'activities' | 'events'>;

const enumeration = (values: readonly string[]): z.ZodType<string> => z.enum([...new Set(values)]);

/** The fields that a guideline declares for a type of event; for a known field it adds values. */
function declaredFields(
  type: string,
  guideline: Declaring,
  known: readonly EventField[] = [],
): Record<string, z.ZodType> {
  const needed = neededOfOwn(type, guideline);
  const declared = Object.entries(guideline.events?.[type]?.fields ?? {});
  const fields = declared.map(([name, values]): [string, z.ZodType] => {
    const before = known.find((one) => one.name === name);
    if (before?.values === null) return [name, text(100).optional()];
    const form = enumeration([...(before?.values ?? []), ...values]);
    return [name, (before ? !before.optional : needed.includes(name)) ? form : form.optional()];
  });
  return Object.fromEntries(fields);
}

function knownFields(
  type: ClinicalEventType,
  guideline: Declaring,
  needed: Needed,
): Record<string, z.ZodType> {
  const fields = fieldsOfEvent(type).map(({ name, values, optional }): [string, z.ZodType] => {
    const field = fieldForm(type, name, values, guideline);
    return [name, optional || !needed(type, name) ? field.optional() : field];
  });
  return {
    ...Object.fromEntries(fields),
    ...(type === EXAM_EVENT && measured),
    ...(isExamEvent(type, guideline) && { ...examined, confirmed: measured.confirmed }),
  };
}

function fieldForm(
  type: ClinicalEventType,
  name: string,
  values: readonly string[] | null,
  guideline: Declaring,
): z.ZodType {
  if (type !== EXAM_EVENT) return values === null ? text(100) : enumeration(values);
  return enumeration(values === null ? examActivities(guideline) : examOutcomes(guideline));
}

/** Whether a field of a known type of event is required. */
type Needed = (type: string, field: string) => boolean;

const EVENT_META = {
  id: 'ClinicalEventInput',
  description: 'A dated fact of the history; which fields it has follows from its type.',
};

/** The schema of the events that can be recorded under this guideline: the known types, and the declared ones. */
export function eventForm(guideline: Declaring, needed: Needed = () => true): z.ZodType<ClinicalEventInput> {
  const known = CLINICAL_EVENT_TYPES.map((type) => {
    const form = z.strictObject({
      type: z.literal(type),
      date: CalendarDay,
      ...knownFields(type, guideline, needed),
      ...declaredFields(type, guideline, fieldsOfEvent(type)),
    });
    return type === EXAM_EVENT ? form.superRefine(refuseOutcome(guideline)) : form;
  });
  const own = Object.keys(guideline.events ?? {})
    .filter((type) => !CLINICAL_EVENT_TYPES.some((one) => one === type))
    .map((type) =>
      z.strictObject({
        type: z.literal(type),
        date: CalendarDay,
        ...declaredFields(type, guideline),
        ...(isExamEvent(type, guideline) && examined),
      }),
    );
  const [first, ...others] = [...known, ...own];
  if (first === undefined) throw new Error('There is no type of event.');
  // The compiler cannot know declared fields; type and date always exist.
  return z.discriminatedUnion('type', [first, ...others]).meta(EVENT_META);
}

/** The required fields of this type of event under the guideline. */
export const fieldsNeeded = (type: string, guideline: Declaring): readonly string[] => {
  const known = CLINICAL_EVENT_TYPES.find((one) => one === type);
  if (known === undefined) return neededOfOwn(type, guideline);
  return fieldsOfEvent(known).flatMap(({ name, optional }) => (optional ? [] : [name]));
};

/** For a declared type: the outcome, where the next date depends on it. */
const neededOfOwn = (type: string, { activities = {} }: Declaring): readonly string[] =>
  Object.values(activities).flatMap(({ recordedAs, determinesNextDate }) =>
    recordedAs?.event === type && determinesNextDate === true ? [recordedAs.field] : [],
  );

/** Refuses an outcome that exams of the activity do not have, and a missing one where the next date depends on it. */
const refuseOutcome =
  (guideline: Declaring) =>
  (exam: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void => {
    const { activity, outcome } = exam;
    if (typeof activity !== 'string' || isOutcomeOf(activity, outcome as string | undefined, guideline))
      return;
    const title = activityTitle(activity, guideline);
    const message = issue('outcomes-of-activity', {
      activity: title,
      known: outcomesOf(activity, guideline),
    });
    context.addIssue({ code: 'custom', path: ['outcome'], message, input: outcome ?? null });
  };

/** The events that can be recorded under every guideline. */
export const ClinicalEventInput = eventForm({});

const forms = new WeakMap<Declaring, typeof ClinicalEventInput>();

/** The schema under one guideline, cached. */
function formUnder(guideline: Declaring | undefined): typeof ClinicalEventInput {
  if (guideline === undefined || (guideline.events === undefined && guideline.activities === undefined))
    return ClinicalEventInput;
  const known = forms.get(guideline);
  if (known) return known;
  const form = eventForm(guideline);
  forms.set(guideline, form);
  return form;
}

const TypeAndDate = z.looseObject({ type: text(61), date: CalendarDay });

/**
 * An event in a request. Its types and fields depend on the hospital's guideline, so `readEvent` checks them. The API
 * document shows those that every guideline knows.
 */
export const EventInput = z
  .unknown()
  .superRefine((input, context) => {
    for (const { path, message, ...rest } of TypeAndDate.safeParse(input).error?.issues ?? [])
      context.addIssue({ ...rest, code: 'custom', path, message, input });
  })
  .meta({
    ...(z.toJSONSchema(ClinicalEventInput, { io: 'input', target: 'openapi-3.0' }) as object),
    ...EVENT_META,
  }) as unknown as z.ZodType<ClinicalEventInput>;

/** The event in the form of the hospital's guideline. Refuses (422) any other; `at` is the pointer to the event. */
export function readEvent(
  input: ClinicalEventInput,
  guideline: Declaring | undefined,
  at = '',
): ClinicalEventInput {
  const parsed = formUnder(guideline).safeParse(input);
  if (parsed.success) return parsed.data;
  const faults = faultsOfIssues(parsed.error.issues);
  throw invalid(
    'invalid-input',
    msg('invalid-input'),
    faults.map((fault) => ({ ...fault, pointer: `${at}${fault.pointer}` })),
  );
}

/** A dated fact in a request; its other fields depend on its type. */
export interface ClinicalEventInput {
  readonly type: string;
  readonly date: CalendarDate;
  readonly [field: string]: unknown;
}

/** The fields apart from type and date, in their stored form. Unset ones are left out. */
export function detailOf(event: ClinicalEventInput | ClinicalFact): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(event).filter(
      ([field, value]) => !['type', 'date', 'id', 'confirmed'].includes(field) && value !== undefined,
    ),
  );
}
