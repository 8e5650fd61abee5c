import { z } from 'zod';
import { CalendarDay, EventInput } from '../../patients/clinical-event-input.js';
import { text } from '../../platform/text.js';
import { PreviewDecision } from '../decision.js';

/** A hypothetical change. Its parts are applied together. */
export const PreviewInput = z
  .strictObject({
    events: z.array(EventInput).max(100).default([]).describe('Events to add'),
    void: z.array(z.uuid()).max(100).default([]).describe('Ids of events to void'),
    correct: z
      .array(z.strictObject({ eventId: z.uuid(), date: CalendarDay }))
      .max(100)
      .default([])
      .describe('Events to give another date'),
    decisions: z.array(PreviewDecision).max(100).default([]),
    guideline: text(100)
      .optional()
      .describe('Another guideline, published or of the hospital: its id, or id@version'),
    policy: z
      .strictObject({
        profile: z.enum(['intensive', 'minimal']).optional(),
        liverImaging: z.enum(['ct', 'mri']).optional(),
      })
      .optional()
      .describe("Changes of the hospital's policy"),
  })
  .meta({ id: 'PreviewInput', description: 'A hypothetical change. Nothing is saved.' });
export type PreviewInput = z.output<typeof PreviewInput>;
