import { z } from 'zod';
import { CLINICAL_EVENT_TYPES } from '../guideline/facts.js';
import { COMPARATORS } from '../guideline/measurements.js';
import type { ClinicalEvent } from './clinical-event.entity.js';

const measuredValue = {
  code: z.string(),
  comparator: z.enum(COMPARATORS).optional(),
  value: z.number(),
  unit: z.string().describe('UCUM; the one unit of each measurement'),
  referenceLimit: z.number().optional().describe("The laboratory's own"),
  flag: z.literal('high').optional().describe('The laboratory marked it as high'),
};

const appliedLimit = {
  limit: z.number().describe('The reference limit that held when it was recorded'),
  limitOf: z
    .enum(['laboratory', 'hospital', 'default'])
    .describe('Whose limit it is; default: the usual one'),
};

/** A value that a clinician has to judge, with the exam in which it was measured. */
export const ValueToJudge = z
  .object({
    ...{ eventId: z.uuid(), date: z.iso.date(), activity: z.string() },
    ...measuredValue,
    ...appliedLimit,
  })
  .meta({ id: 'ValueToJudge' });

/** What an answer shows of a recorded event; its other fields follow from its type. */
export const RecordedEventFields = {
  id: z.uuid(),
  type: z.string().describe(`One of ${CLINICAL_EVENT_TYPES.join(', ')}, or one that the guideline declares`),
  date: z.iso.date(),
  values: z.array(z.object(measuredValue)).optional(),
  toJudge: z
    .array(z.object({ code: z.string(), ...appliedLimit }))
    .describe('Values that are not certainly within their reference limit'),
  confirmedBy: z
    .string()
    .nullable()
    .describe('Who confirmed values that contradict the outcome or another value of the day'),
  copiedFrom: z
    .uuid()
    .optional()
    .describe('The event of a merged record of the same person of which this is a copy'),
};

type RecordedEventView = z.input<z.ZodObject<typeof RecordedEventFields, z.core.$loose>>;

/** The fields of one event. */
export const recordedEventFields = ({
  id,
  type,
  date,
  detail,
  toJudge,
  confirmedBy,
  copiedFrom,
}: ClinicalEvent): RecordedEventView => ({
  ...detail,
  id,
  type: type, // an event of another type is never recorded
  date,
  toJudge: [...(toJudge ?? [])],
  confirmedBy,
  ...(copiedFrom !== null && { copiedFrom }),
});
