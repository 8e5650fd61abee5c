import { z } from 'zod';
import { askedFields } from '../guideline/asked-fields.js';
import { EVENT_FIELDS } from '../guideline/facts.js';
import type { Guideline } from '../guideline/guideline.js';
import { GUIDELINES } from '../guideline/published/index.js';
import { CalendarDay, ClinicalEventInput, EXAM_ACTIVITIES } from '../patients/clinical-event-input.js';

/** One patient as `plan` reads it, with the events and activities that the guideline adds to the house's. */
export const planRequest = (guideline: Guideline) =>
  z.strictObject({
    birthDate: CalendarDay,
    diagnosisDate: CalendarDay,
    events: z.array(eventInput(guideline)),
    policy: z
      .strictObject({
        profile: z.enum(['intensive', 'minimal']).default('intensive'),
        liverImaging: z.enum(['ct', 'mri']).default('ct'),
      })
      .prefault({}),
    enrolledOn: CalendarDay.optional(),
    asOf: CalendarDay.optional(),
    until: CalendarDay.optional(),
  });
export type PlanRequest = z.output<ReturnType<typeof planRequest>>;

const Event = z.looseObject({ type: z.string(), date: CalendarDay });

/**
 * The house's events, and what the guideline declares: own types, more fields, more activities. Of a protocol from a file, a
 * field that nothing in it depends on may be left out; a published guideline takes what the program records.
 */
function eventInput(guideline: Guideline): z.ZodType<z.output<typeof Event>> {
  const { events = {}, activities = {} } = guideline;
  const isPublished = GUIDELINES.includes(guideline);
  if (isPublished && Object.keys(events).length + Object.keys(activities).length === 0)
    return ClinicalEventInput;
  const asked = askedFields(guideline);
  const house = ClinicalEventInput.options.map((strict) => {
    const type = strict.shape.type.value;
    const option = isPublished ? strict : strict.extend(optional(strict.shape, asked.get(type)));
    const more = fieldsOf(events[type]?.fields, EVENT_FIELDS[type]);
    return type === 'exam'
      ? option.extend({ activity: z.enum([...EXAM_ACTIVITIES, ...Object.keys(activities)]), ...more })
      : option.extend(more);
  });
  const known = ClinicalEventInput.options.map((option): string => option.shape.type.value);
  const own = Object.entries(events)
    .filter(([type]) => !known.includes(type))
    .map(([type, { fields }]) =>
      z.strictObject({ type: z.literal(type), date: CalendarDay, ...fieldsOf(fields) }),
    );
  const [first, ...others] = [...house, ...own];
  // Fields that a file names cannot be in the type; type and date always are.
  const input: z.ZodType = first === undefined ? Event : z.discriminatedUnion('type', [first, ...others]);
  return input as z.ZodType<z.output<typeof Event>>;
}

/** The fields beside type and date that nobody asks about, as optional ones. */
const optional = (
  shape: Readonly<Record<string, z.ZodType>>,
  asked: ReadonlySet<string> | undefined,
): Record<string, z.ZodType> =>
  Object.fromEntries(
    Object.entries(shape)
      .filter(([field]) => field !== 'type' && field !== 'date' && asked?.has(field) !== true)
      .map(([field, form]) => [field, form.optional()]),
  );

/** The declared fields; to one that the type has already they add values. */
const fieldsOf = (
  fields: Readonly<Record<string, readonly string[]>> = {},
  known: Readonly<Record<string, readonly string[] | null>> = {},
): Record<string, z.ZodType> =>
  Object.fromEntries(
    Object.entries(fields).map(([field, values]) => [
      field,
      known[field] === null ? z.string().optional() : z.enum([...(known[field] ?? []), ...values]).optional(),
    ]),
  );
