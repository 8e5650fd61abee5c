import { z } from 'zod';
import { isCalendarDate } from '../guideline/calendar.js';
import { ACTIVITIES, type ClinicalFact, EVENT_FIELDS } from '../guideline/facts.js';
import { COMPARATORS } from '../guideline/measurements.js';
import { text } from '../platform/text.js';
import { issue } from '../platform/messages/issues.js';

// A date of no living patient and no plan is a slip of the pen; and every date that follows from these has four digits of year.
const [FIRST_DAY, LAST_DAY] = ['1850-01-01', '2200-12-31'];

/** A calendar day as people write it in JSON: `YYYY-MM-DD`, one that exists, from 1850 to 2200. */
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

const closing = <T extends string>(type: T) => z.strictObject({ type: z.literal(type), date: CalendarDay });

/** A measured value as it is written; `readMeasuredValues` says what is right for each measurement. */
const WrittenValue = z
  .strictObject({
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
  })
  .meta({ id: 'WrittenValue' });

/** The values of one exam, and that they are right although they contradict something. */
export const measured = {
  values: z.array(WrittenValue).max(20).optional(),
  confirmed: z
    .boolean()
    .optional()
    .describe('True: a value that contradicts the outcome or the record is right. Who said so is recorded.'),
};

/** Examinations recorded without a finding of their own; a colonoscopy is an event with a finding. */
export const EXAM_ACTIVITIES = ACTIVITIES.filter((activity) => activity !== 'colonoscopy');

export const EXAM_OUTCOMES = EVENT_FIELDS.exam.outcome;
export const COLONOSCOPY_FINDINGS = EVENT_FIELDS.colonoscopy.finding;
const RESECTION = EVENT_FIELDS.primary_resection;

export const ClinicalEventInput = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('primary_resection'),
      date: CalendarDay,
      site: z.enum(RESECTION.site),
      stage: z.enum(RESECTION.stage),
      intent: z.enum(RESECTION.intent),
      preoperativeColonoscopy: z.enum(RESECTION.preoperativeColonoscopy),
    }),
    z.strictObject({ type: z.literal('liver_metastasis_diagnosed'), date: CalendarDay }),
    z.strictObject({
      type: z.literal('liver_ned'),
      date: CalendarDay,
      by: z.enum(EVENT_FIELDS.liver_ned.by).optional(),
    }),
    z.strictObject({ type: z.literal('recurrence'), date: CalendarDay, site: text(100).optional() }),
    z.strictObject({
      type: z.literal('conversion_therapy_started'),
      date: CalendarDay,
      mmr: z.enum(EVENT_FIELDS.conversion_therapy_started.mmr),
    }),
    z.strictObject({ type: z.literal('conversion_therapy_ended'), date: CalendarDay }),
    z.strictObject({
      type: z.literal('colonoscopy'),
      date: CalendarDay,
      finding: z.enum(COLONOSCOPY_FINDINGS),
    }),
    z.strictObject({
      type: z.literal('exam'),
      date: CalendarDay,
      activity: z.enum(EXAM_ACTIVITIES),
      outcome: z.enum(EXAM_OUTCOMES).optional(),
      ...measured,
    }),
    z.strictObject({ type: z.literal('lynch_syndrome_confirmed'), date: CalendarDay }),
    closing('death'),
    closing('transferred_out'),
    closing('lost_to_follow_up'),
    closing('consent_withdrawn'),
  ])
  .meta({
    id: 'ClinicalEventInput',
    description: 'A dated fact of the history; which fields it has follows from its type.',
  });
export type ClinicalEventInput = z.output<typeof ClinicalEventInput>;

/** The fields beside type and date, which is how the event is stored. Unset ones are left out. */
export function detailOf(event: ClinicalEventInput | ClinicalFact): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(event).filter(
      ([field, value]) => !['type', 'date', 'id', 'confirmed'].includes(field) && value !== undefined,
    ),
  );
}
