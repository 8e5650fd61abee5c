import type { EventType, NewEvent } from '../calls/record.js';

/** What was typed into the fields of an event, by field. */
export type Typed = Readonly<Record<string, string>>;

/** The event as it was typed; undefined while something that is required is missing. */
export function eventOf(type: EventType | undefined, date: string, typed: Typed): NewEvent | undefined {
  if (type === undefined || date === '') return undefined;
  const fields = type.fields.map(({ name, required }) => ({
    ...{ name, required, value: (typed[name] ?? '').trim() },
  }));
  if (fields.some(({ required, value }) => required && value === '')) return undefined;
  const written = fields.filter(({ value }) => value !== '').map(({ name, value }) => [name, value] as const);
  return { type: type.type, date, ...Object.fromEntries(written) };
}

/** Types by what they are for: those that change a plan, and exams. */
export const byUse = (types: readonly EventType[]): readonly (readonly EventType[])[] => [
  types.filter(({ recordsExams }) => !recordsExams),
  types.filter(({ recordsExams }) => recordsExams),
];
