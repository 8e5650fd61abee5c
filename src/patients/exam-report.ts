import { z } from 'zod';
import type { Finding } from '../guideline/findings.js';
import { text } from '../platform/text.js';

/** Of one exam. */
export const MOST_FINDINGS = 20;
const [MOST_WORDS, MOST_DOCUMENTS] = [20, 10];

const WrittenFinding = z
  .object({ kind: text(60).describe('GET /findings has the kinds of each activity, and their fields') })
  .catchall(z.union([z.number(), text(60), z.array(text(60)).max(MOST_WORDS)]))
  .meta({ id: 'Finding' }) as unknown as z.ZodType<Finding>;

/** Structured findings of one exam; `findingFaults` says what is right for each kind. */
export const Findings = z.array(WrittenFinding).max(MOST_FINDINGS);

/** A document in another system. The program stores where it is, and no file. */
const DocumentReference = z
  .strictObject({
    system: text(100).describe('Which system has it: PACS, the laboratory system, another hospital'),
    id: text(500).describe('Its id or address there'),
  })
  .meta({ id: 'DocumentReference' });

/** What people write about an exam beside outcome, values and findings. */
export const reportFields = {
  place: text(200).optional().describe('Where it was done, if elsewhere: the other hospital or laboratory'),
  note: text(4000).optional().describe('The report in free text'),
  documents: z.array(DocumentReference).max(MOST_DOCUMENTS).optional(),
  laboratory: text(100)
    .optional()
    .describe('Which laboratory measured the values; the policy may list its limits (laboratoryLimits)'),
  method: text(200).optional().describe('How they were measured, or by which technique'),
};

export const ExamReport = z.strictObject(reportFields).meta({ id: 'ExamReport' });
export type ExamReport = z.output<typeof ExamReport>;

/** The report as the field of an event; undefined where nothing is written. */
export function reportOf({ place, note, documents, laboratory, method }: ExamReport): ExamReport | undefined {
  const written = Object.entries({ place, note, documents, laboratory, method }).filter(
    ([, value]) => value !== undefined && (!Array.isArray(value) || value.length > 0),
  );
  return written.length === 0 ? undefined : Object.fromEntries(written);
}
