import { z } from 'zod';
import { issue } from './messages/issues.js';

/**
 * Free text of 1 to `max` characters, without surrounding white space and without characters that PostgreSQL cannot
 * store: NUL, an unpaired surrogate.
 */
export const text = (max: number): z.ZodString =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\0\uD800-\uDFFF]*$/u, issue('not-text'));
