import type { Capacity } from '../calls/planning-settings.js';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** A row as it is typed. An empty place is the whole hospital, an empty activity all kinds, an empty number no limit. */
export interface CapacityRow {
  readonly place: string;
  readonly activity: string;
  readonly perWeekday: readonly string[];
}

export const NEW_ROW: CapacityRow = { place: '', activity: '', perWeekday: WEEKDAYS.map(() => '') };

export const rowsOf = (capacities: readonly Capacity[]): readonly CapacityRow[] =>
  capacities.map(({ place, activity, perWeekday }) => ({
    place: place ?? '',
    activity: activity ?? '',
    perWeekday: perWeekday.map((number) => number?.toString() ?? ''),
  }));

export const capacitiesOf = (rows: readonly CapacityRow[]): Capacity[] =>
  rows.map(({ place, activity, perWeekday }) => ({
    place: place.trim() === '' ? null : place.trim(),
    activity: activity === '' ? null : activity,
    perWeekday: perWeekday.map((number) => (number === '' ? null : Number(number))),
  }));
