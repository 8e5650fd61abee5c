import type { EventType, Invented } from '../calls/guidelines.js';
import { addDays } from '../words/dates.js';

/** An event as it is typed: a text for each field. */
export interface TypedEvent {
  readonly key: number;
  readonly type: string;
  readonly date: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What is typed about an invented patient. */
export interface TypedPatient {
  readonly birthDate: string;
  readonly diagnosisDate: string;
  readonly events: readonly TypedEvent[];
  readonly profile: NonNullable<Invented['profile']>;
  readonly liverImaging: NonNullable<Invented['liverImaging']>;
}

const YEAR = 365;

/** A patient of sixty, treated a year ago: an example to begin with. */
export function firstPatient(types: readonly EventType[], today: string): TypedPatient {
  const clock = types.find(({ startsPathway }) => startsPathway);
  const treatedOn = addDays(today, -YEAR);
  return {
    birthDate: addDays(today, -60 * YEAR),
    diagnosisDate: addDays(treatedOn, -14),
    events: clock ? [newEvent(clock, 1, treatedOn)] : [],
    ...{ profile: 'intensive', liverImaging: 'ct' },
  };
}

/** An event with the first value of each field that is required. */
export const newEvent = ({ type, fields }: EventType, key: number, date: string): TypedEvent => ({
  ...{ key, type, date },
  fields: Object.fromEntries(
    fields.flatMap(({ name, required, values }) =>
      required ? [[name, values?.[0]?.value ?? ''] as const] : [],
    ),
  ),
});

/** The patient as the call takes it: without fields that are empty, or that another type of event has. */
export const inventedOf = (
  { events, ...patient }: TypedPatient,
  types: readonly EventType[],
  guidelines: readonly string[],
): Invented => ({
  ...patient,
  guidelines: [...guidelines],
  events: events.map(({ type, date, fields }) => {
    const known = types.find((one) => one.type === type)?.fields ?? [];
    const filled = known.flatMap(({ name }) => (fields[name] ? [[name, fields[name]] as const] : []));
    return { type, date, ...Object.fromEntries(filled) };
  }),
});
