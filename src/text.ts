import { z } from 'zod';

/** Free text of 1 to `max` characters, without space around it and without the NUL that PostgreSQL cannot store. */
export const text = (max: number): z.ZodString =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\0]*$/, 'Contains a NUL character, which cannot be stored.');
