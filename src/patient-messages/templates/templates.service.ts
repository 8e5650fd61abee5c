import { Injectable } from '@nestjs/common';
import type { Language } from '../../guideline/guideline.js';
import { type FieldFault, invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { type Occasion, OCCASIONS } from '../settings/occasions.js';
import { knownPlaceholders, unknownPlaceholders } from './message-text.js';
import {
  TEMPLATE_LANGUAGES,
  type TemplateInput,
  type TemplatesView,
  type TemplateView,
} from './template-schemas.js';
import { type StoredTemplate, storedTemplates, templateFor } from './templates.js';

/** The texts of messages by occasion and language. */
@Injectable()
export class TemplatesService {
  constructor(private readonly scope: HospitalScope) {}

  async list(): Promise<TemplatesView> {
    return this.scope.transaction(async (tx) => {
      const stored = await storedTemplates(tx);
      return {
        items: OCCASIONS.flatMap((occasion) =>
          TEMPLATE_LANGUAGES.map((language) => viewOf(stored, occasion, language)),
        ),
      };
    });
  }

  /** Refuses (422) a word in braces that the occasion does not know. A message whose first attempt was made keeps its text. */
  async replace(occasion: Occasion, language: Language, input: TemplateInput): Promise<TemplateView> {
    refuseUnknownWords(occasion, input);
    return this.scope.transaction(async (tx) => {
      const { db, hospital, caller, now } = tx;
      const before = templateFor(await storedTemplates(tx), occasion, language);
      await db.query(
        `INSERT INTO message_template (hospital_id, occasion, language, text, relative_text, changed_by, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (hospital_id, occasion, language) DO UPDATE
                SET text = excluded.text, relative_text = excluded.relative_text, changed_by = excluded.changed_by,
                    changed_at = excluded.changed_at`,
        [
          ...[hospital.id, occasion, language, input.text],
          ...[input.relativeText ?? before.relativeText, caller.name, now],
        ],
      );
      return viewOf(await storedTemplates(tx), occasion, language);
    });
  }
}

function viewOf(stored: readonly StoredTemplate[], occasion: Occasion, language: Language): TemplateView {
  const own = stored.find((one) => one.occasion === occasion && one.language === language);
  const { text, relativeText } = templateFor(stored, occasion, language);
  return {
    ...{ occasion, lang: language, text, relativeText, isOwn: own !== undefined },
    placeholders: [...knownPlaceholders(occasion, false)],
    relativePlaceholders: [...knownPlaceholders(occasion, true)],
    changedBy: own?.changedBy ?? null,
    changedAt: own?.changedAt.toISOString() ?? null,
  };
}

function refuseUnknownWords(occasion: Occasion, { text, relativeText }: TemplateInput): void {
  const fault = (pointer: string, forRelative: boolean): FieldFault => ({
    pointer,
    code: 'template-placeholders',
    message: msg('template-placeholders', {
      occasion,
      known: knownPlaceholders(occasion, forRelative).map((name) => `{${name}}`),
    }),
  });
  const faults = [
    ...(unknownPlaceholders(text, occasion, false).length > 0 ? [fault('/text', false)] : []),
    ...(relativeText !== undefined && unknownPlaceholders(relativeText, occasion, true).length > 0
      ? [fault('/relativeText', true)]
      : []),
  ];
  if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
}
