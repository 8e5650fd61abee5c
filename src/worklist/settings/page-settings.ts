import { z } from 'zod';
import { text } from '../../platform/text.js';

const bothLanguages = (max: number) =>
  z
    .strictObject({ zh: text(max), en: text(max) })
    .nullable()
    .default(null);

/** What the printed pages for patients say of the hospital. */
export const PageSettings = z.strictObject({
  hospital: bothLanguages(100).describe(
    'The name of the hospital on cards and letters; null: its registered name',
  ),
  ward: bothLanguages(100).describe('The ward or clinic that a patient calls'),
  phone: text(60).nullable().default(null).describe('The telephone number that a patient calls'),
  hours: bothLanguages(100).describe('When somebody answers'),
  address: bothLanguages(200),
  greeting: bothLanguages(1000).describe(
    "The first paragraph of a letter, instead of the program's own text",
  ),
  closing: bothLanguages(1000).describe("The last paragraph of a letter, instead of the program's own text"),
});
export type PageSettings = z.output<typeof PageSettings>;
