import { z } from 'zod';
import { text } from '../../platform/text.js';
import { OCCASIONS } from '../settings/occasions.js';
import { LONGEST_TEMPLATE } from './message-text.js';

const LANGUAGES = ['zh', 'en'] as const;

export const TemplateParams = z.object({ occasion: z.enum(OCCASIONS), lang: z.enum(LANGUAGES) });
export type TemplateParams = z.output<typeof TemplateParams>;

export const TemplateInput = z
  .strictObject({
    text: text(LONGEST_TEMPLATE).describe('To the patient, with the words in braces that the occasion knows'),
    relativeText: text(LONGEST_TEMPLATE)
      .optional()
      .describe('To a relative, about the patient in the third person; left out: as before'),
  })
  .meta({ id: 'MessageTemplateInput' });
export type TemplateInput = z.output<typeof TemplateInput>;

export const TemplateView = z
  .object({
    occasion: z.enum(OCCASIONS),
    lang: z.enum(LANGUAGES),
    text: z.string(),
    relativeText: z.string(),
    isOwn: z.boolean().describe("Whether the text is the hospital's own, and not the program's"),
    placeholders: z.array(z.string()).max(20).describe('The words in braces of the text to the patient'),
    relativePlaceholders: z.array(z.string()).max(20),
    changedBy: z.string().nullable(),
    changedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'MessageTemplate' });
export type TemplateView = z.output<typeof TemplateView>;

export const TemplatesView = z
  .object({ items: z.array(TemplateView).max(OCCASIONS.length * LANGUAGES.length) })
  .meta({ id: 'MessageTemplates' });
export type TemplatesView = z.output<typeof TemplatesView>;

export { LANGUAGES as TEMPLATE_LANGUAGES };
