import { z } from 'zod';
import { text } from '../platform/text.js';

export const Departments = z
  .array(text(100))
  .min(1)
  .max(50)
  .nullable()
  .describe('Whose patients are seen; null: of every department');
