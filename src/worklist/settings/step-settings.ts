import { z } from 'zod';

/** How long steps can be undone, and when a patient who declines is asked again. */
export const StepSettings = z.strictObject({
  undoMinutes: z
    .int()
    .min(1)
    .max(1440)
    .default(60)
    .describe('How long a step about an item can be undone; a head nurse or a clinician has 24 hours'),
  askAgainAfterDays: z
    .int()
    .min(1)
    .max(400)
    .default(90)
    .describe('When a patient who declines is asked again, unless the call names the day'),
});
