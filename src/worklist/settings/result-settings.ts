import { z } from 'zod';

const days = z.int().min(0).max(90);

/** When a result that waits to be seen or judged is listed, and who may see results. */
export const ResultSettings = z.strictObject({
  unseenAfterDays: days
    .default(3)
    .describe('Results that nobody has seen for so many days are on the list unseen_result'),
  nursesSee: z
    .boolean()
    .default(true)
    .describe(
      'Whether nurses may mark results as seen that need no judgement and that they did not record themselves',
    ),
  clinicianAfterDays: days
    .default(3)
    .describe('What nobody has judged for so many days is escalated to the responsible clinician'),
  headNurseAfterDays: days.default(7).describe('And after so many days to the head nurse'),
  undoMinutes: z.int().min(1).max(10_080).default(1440).describe('How long a judgement can be undone'),
});
export type ResultSettings = z.output<typeof ResultSettings>;
