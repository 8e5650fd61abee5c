import { z } from 'zod';
import {
  CalendarDay,
  COLONOSCOPY_FINDINGS,
  EXAM_OUTCOMES,
  measured,
} from '../patients/clinical-event-input.js';

export const CompletionInput = z
  .strictObject({
    date: CalendarDay.describe('The day on which the examination was done'),
    outcome: z.enum([...new Set([...EXAM_OUTCOMES, ...COLONOSCOPY_FINDINGS])]).optional(),
    ...measured,
  })
  .meta({ id: 'CompletionInput' });
export type CompletionInput = z.output<typeof CompletionInput>;
