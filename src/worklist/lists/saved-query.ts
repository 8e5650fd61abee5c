import { z } from 'zod';
import { ListFilterFields } from './worklist-query.js';

/** What a saved list asks for: the parameters of GET /worklist by the same names. */
export const SavedQuery = z
  .strictObject(ListFilterFields)
  .required({ list: true })
  .meta({ id: 'SavedListQuery' });
export type SavedQuery = z.output<typeof SavedQuery>;
