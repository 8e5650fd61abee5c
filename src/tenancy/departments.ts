import { z } from 'zod';
import { text } from '../platform/text.js';

/** Of one account or key. */
export const MOST_DEPARTMENTS = 50;

export const Departments = z
  .array(text(100))
  .min(1)
  .max(MOST_DEPARTMENTS)
  .nullable()
  .describe('Whose patients are seen; null: of every department');
