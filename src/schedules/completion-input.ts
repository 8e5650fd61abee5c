import { z } from 'zod';
import { ACTIVITIES, determinesNextDate, EXAM_OUTCOMES, outcomesOf } from '../guideline/activities.js';
import { CalendarDay, measured } from '../patients/clinical-event-input.js';
import { Findings, reportFields } from '../patients/exam-report.js';
import { text } from '../platform/text.js';

const OUTCOMES = [
  `One of the outcomes of the activity: ${EXAM_OUTCOMES.join(', ')}, or those that its declaration lists.`,
  ...ACTIVITIES.filter((activity) => determinesNextDate(activity, {})).map(
    (activity) => `Of ${activity}, required: ${outcomesOf(activity, {}).join(', ')}.`,
  ),
].join(' ');

export const CompletionInput = z
  .strictObject({
    date: CalendarDay.describe('The day on which the examination was done'),
    outcome: text(60).optional().describe(OUTCOMES),
    ...measured,
    findings: Findings.optional(),
    ...reportFields,
  })
  .meta({ id: 'CompletionInput' });
export type CompletionInput = z.output<typeof CompletionInput>;
