import type { LoadFilter } from '../calls/calendar.js';
import { writeAddress } from '../routing/address.js';
import { type View, VIEWS } from './ranges.js';

export const FORECAST_WEEKS = [13, 26, 52] as const;
export type ForecastWeeks = (typeof FORECAST_WEEKS)[number];

/** What the address of the calendar says. */
export interface CalendarAddress extends LoadFilter {
  readonly view: View;
  /** Undefined: today. */
  readonly date?: string | undefined;
  readonly weeks: ForecastWeeks;
  /** The patient whose visits are proposed. */
  readonly patient?: string | undefined;
}

/** Reads the parameters; leaves out what is not understood. */
export function readCalendarAddress(parameters: Readonly<Record<string, string>>): CalendarAddress {
  const { view, date, weeks, activity, place, patient } = parameters;
  return {
    view: VIEWS.find((one) => one === view) ?? 'month',
    weeks: FORECAST_WEEKS.find((one) => String(one) === weeks) ?? 13,
    ...(isDay(date) && { date }),
    ...(activity !== undefined && activity !== '' && { activity }),
    ...(place !== undefined && place !== '' && { place }),
    ...(patient !== undefined && patient !== '' && { patient }),
  };
}

export const addressOf = ({ view, date, weeks, activity, place, patient }: CalendarAddress): string =>
  writeAddress('/calendar', {
    ...{ view: view === 'month' ? undefined : view, date },
    ...{ weeks: view === 'forecast' && weeks !== 13 ? weeks : undefined, activity, place, patient },
  });

const isDay = (text: string | undefined): text is string =>
  text !== undefined &&
  /^\d{4}-\d\d-\d\d$/.test(text) &&
  !Number.isNaN(new Date(`${text}T12:00:00Z`).getTime());
