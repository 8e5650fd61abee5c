import { z } from 'zod';
import { CLINICAL_EVENT_TYPES } from '../guideline/facts.js';
import { COMPARATORS } from '../guideline/measurements.js';
import type { ClinicalEvent } from './clinical-event.entity.js';
import { ExamReport, MOST_FINDINGS } from './exam-report.js';

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

/** Why a clinician has to judge an exam. */
export const ReviewReasonView = z
  .object({
    code: z.string().describe('Of the measurement; or the outcome, or the kind of the finding'),
    because: z
      .enum(['rise', 'outcome', 'finding'])
      .optional()
      .describe(
        "Absent: a value not certainly within its limit. rise: by the hospital's rule (policy.rises)",
      ),
    limit: appliedLimit.limit.optional(),
    limitOf: appliedLimit.limitOf.optional(),
    rise: z.enum(['percent', 'successive']).optional(),
    from: z.number().optional().describe('The earlier value from which it has risen'),
  })
  .meta({ id: 'ReviewReason' });

/** What a clinician has to judge, with the exam in which it was found. */
export const ReasonOfExam = ReviewReasonView.extend({
  ...{ eventId: z.uuid(), date: z.iso.date(), activity: z.string() },
  comparator: measuredValue.comparator,
  value: z.number().optional(),
  unit: z.string().optional(),
  referenceLimit: measuredValue.referenceLimit,
  flag: measuredValue.flag,
}).meta({ id: 'ReasonOfExam' });

/** What an answer shows of a recorded event; its other fields follow from its type. */
export const RecordedEventFields = {
  id: z.uuid(),
  type: z.string().describe(`One of ${CLINICAL_EVENT_TYPES.join(', ')}, or one that the guideline declares`),
  date: z.iso.date(),
  values: z.array(z.object(measuredValue)).optional(),
  findings: z
    .array(z.looseObject({ kind: z.string() }))
    .max(MOST_FINDINGS)
    .optional(),
  report: ExamReport.optional().describe('What was written about the exam'),
  toJudge: z.array(ReviewReasonView).describe('Why a clinician has to judge the exam, or had to'),
  judgedAt: z.iso.datetime().nullable().describe('When a clinician judged it'),
  recordedBy: z.string().nullable().describe('Null: it was recorded before names were kept'),
  seenAt: z.iso.datetime().nullable().describe('When somebody saw the result'),
  seenBy: z.string().nullable(),
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
  judgedAt,
  confirmedBy,
  copiedFrom,
  recordedBy,
  seenAt,
  seenBy,
}: ClinicalEvent): RecordedEventView => ({
  ...detail,
  id,
  type: type, // an event of another type is never recorded
  date,
  toJudge: [...(toJudge ?? [])],
  judgedAt: judgedAt?.toISOString() ?? null,
  confirmedBy,
  ...(copiedFrom !== null && { copiedFrom }),
  recordedBy,
  seenAt: seenAt?.toISOString() ?? null,
  seenBy,
});
