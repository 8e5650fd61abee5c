import type { ImportField } from '../calls/imports.js';
import type { Option } from '../parts/field.js';
import type { Language } from '../words/language.js';

/** Visits that a column can be assigned to; more where the file has more. */
const VISITS = 6;

const visitOf = (name: string): number => Number(/_(\d+)$/.exec(name)?.[1] ?? 0);
const baseOf = (name: string): string => name.replace(/_\d+$/, '');

/** What a column can contain: fields of the patient, and those of each visit with its number. */
export function fieldChoices(
  fields: readonly ImportField[],
  present: string | null,
  language: Language,
): readonly Option[] {
  const visits = Math.max(VISITS, visitOf(present ?? ''));
  return fields.flatMap(({ field, title, repeats }) =>
    repeats
      ? Array.from({ length: visits }, (_, at) => ({
          value: `${field}_${at + 1}`,
          text: `${title[language]} ${at + 1}`,
        }))
      : [{ value: field, text: title[language] }],
  );
}

/** `cea_2` as `CEA 2`; a name without a title stays as it is. */
export function titleOfField(fields: readonly ImportField[], name: string, language: Language): string {
  const exact = fields.find(({ field }) => field === name);
  if (exact) return exact.title[language];
  const repeated = fields.find(({ field, repeats }) => repeats && field === baseOf(name));
  return repeated ? `${repeated.title[language]} ${visitOf(name)}` : name;
}

/**
 * The words of the codes by which a message names columns that the file does not have. Of other fields only codes that are no
 * words of the language.
 */
export const codesInWords = (
  fields: readonly ImportField[],
  present: string,
  language: Language,
): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(
    fields.filter(({ field }) => field.includes('_')).map(({ field, title }) => [field, title[language]]),
  ),
  ...(present !== '' && { [present]: titleOfField(fields, present, language) }),
});
