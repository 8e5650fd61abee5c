import { z } from 'zod';
import { issue } from './messages/issues.js';

/** Free text of 1 to `max` characters, without space around it and without what PostgreSQL cannot store: NUL, half a character. */
export const text = (max: number): z.ZodString =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\0\uD800-\uDFFF]*$/u, issue('not-text'));
