import type { ClinicalEvent, EventType } from '../calls/record.js';
import type { Language } from '../words/language.js';

type Recorded = Pick<ClinicalEvent, 'type'> & { readonly [field: string]: unknown };

/** The name of an event; of an exam the name of what was examined. */
export function titleOf(event: Recorded, types: readonly EventType[], language: Language): string {
  const type = types.find((one) => one.type === event.type);
  if (type === undefined) return event.type;
  return examined(event, type, language) ?? type.title[language];
}

/** Types that record several kinds of exams name the kind in the first field. */
function examined(event: Recorded, type: EventType, language: Language): string | undefined {
  const [field] = type.fields;
  if (!type.recordsExams || field === undefined || type.fields.length < 2) return undefined;
  return field.values?.find(({ value }) => value === event[field.name])?.title[language];
}

/** The fields of an event in words, without the one that names it. */
export function factsOf(event: Recorded, types: readonly EventType[], language: Language): readonly string[] {
  const type = types.find((one) => one.type === event.type);
  const named = type && examined(event, type, language) !== undefined;
  const fields = (type?.fields ?? []).slice(named === true ? 1 : 0);
  return fields.flatMap(({ name, values }) => {
    const value = event[name];
    if (typeof value !== 'string') return [];
    return values?.find((one) => one.value === value)?.title[language] ?? value;
  });
}

/** `CEA 3.2 ng/mL, CA19-9 <2 U/mL` */
export const measuredIn = (event: Pick<ClinicalEvent, 'values'>): readonly string[] =>
  (event.values ?? []).map(
    ({ code, comparator, value, unit }) => `${code} ${comparator ?? ''}${value} ${unit}`,
  );
