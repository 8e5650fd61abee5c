import { z } from 'zod';

/** Which days the lists count with. */
export const ListSettings = z.strictObject({
  bookAheadDays: z
    .int()
    .min(7)
    .max(180)
    .default(28)
    .describe('An item is to be booked from so many days before its due date'),
  resultWithinDays: z
    .int()
    .min(0)
    .max(180)
    .default(7)
    .describe('An examination without a result is listed (awaiting_result) from so many days after it'),
});
export type ListSettings = z.output<typeof ListSettings>;
