import type { Language } from '../../guideline/guideline.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { Occasion } from '../settings/occasions.js';
import { defaultTemplate, type MessageTemplate } from './message-text.js';

/** A template of the hospital, with the author of its last change. */
export interface StoredTemplate extends MessageTemplate {
  readonly occasion: Occasion;
  readonly language: Language;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** All templates of the hospital; one query. */
export const storedTemplates = ({
  db,
  hospital,
}: Pick<HospitalTransaction, 'db' | 'hospital'>): Promise<StoredTemplate[]> =>
  db.query<StoredTemplate[]>(
    `SELECT occasion, language, text, relative_text AS "relativeText", changed_by AS "changedBy", changed_at AS "changedAt"
       FROM message_template WHERE hospital_id = $1 ORDER BY occasion, language`,
    [hospital.id],
  );

/** The hospital's own template of an occasion, else the program's. */
export const templateFor = (
  stored: readonly StoredTemplate[],
  occasion: Occasion,
  language: Language,
): MessageTemplate =>
  stored.find((one) => one.occasion === occasion && one.language === language) ??
  defaultTemplate(occasion, language);
