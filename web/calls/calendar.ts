import { queryOptions } from '@tanstack/react-query';
import type { CalendarFeedsController } from '../../src/planning/calendar-feeds/calendar-feeds.controller.js';
import type { CapacitiesController } from '../../src/planning/capacity/capacities.controller.js';
import type { WardCalendarController } from '../../src/planning/capacity/ward-calendar.controller.js';
import type { VisitsController } from '../../src/planning/visits/visits.controller.js';
import type { WorklistItem } from '../../src/worklist/lists/worklist-views.js';
import type { z } from 'zod';
import type { Language } from '../words/language.js';
import { type AnswerOf, call, get } from './http.js';

export type WardCalendar = AnswerOf<WardCalendarController['calendar']>;
export type CalendarDay = WardCalendar['days'][number];
export type CalendarWeek = WardCalendar['weeks'][number];
export type Forecast = AnswerOf<WardCalendarController['forecast']>;
export type ForecastWeek = Forecast['weeks'][number];
export type Leveling = AnswerOf<WardCalendarController['leveling']>;
export type Visits = AnswerOf<VisitsController['ofPatient']>;
export type Visit = Visits['visits'][number];
export type Feed = AnswerOf<CalendarFeedsController['all']>['items'][number];
export type CreatedFeed = AnswerOf<CalendarFeedsController['create']>;
export type DueItem = z.input<typeof WorklistItem>;

/** What the load is narrowed to. */
export interface LoadFilter {
  readonly activity?: string | undefined;
  readonly place?: string | undefined;
}

/** Appointments and due items by day, against what the day can do. */
export const calendarQuery = (
  from: string,
  to: string,
  { activity, place }: LoadFilter,
  language: Language,
) =>
  queryOptions({
    queryKey: ['calendar', 'load', from, to, activity, place, language],
    queryFn: ({ signal }) => get<WardCalendar>('/calendar', { from, to, activity, place }, signal),
    placeholderData: (before) => before, // the grid does not collapse while the next month is read
  });

/** The demand of the coming weeks: each item on its first day, each on its last. */
export const forecastQuery = (weeks: number, activity: string | undefined) =>
  queryOptions({
    queryKey: ['calendar', 'forecast', weeks, activity],
    queryFn: ({ signal }) => get<Forecast>('/forecast', { weeks, activity }, signal),
  });

/** Which patients to move so that no day of the week is overfull. */
export const levelingQuery = (week: string) =>
  queryOptions({
    queryKey: ['leveling', week], // moves do not change while the reader chooses
    queryFn: ({ signal }) => get<Leveling>('/calendar/leveling', { week }, signal),
    gcTime: 0,
  });

/** The places that have a capacity. */
export const capacitiesQuery = queryOptions({
  queryKey: ['capacities'],
  queryFn: ({ signal }) => get<AnswerOf<CapacitiesController['all']>>('/capacities', undefined, signal),
});

/** As few trips as possible for what a patient has open. */
export const visitsQuery = (patientId: string, language: Language) =>
  queryOptions({
    queryKey: ['patient', patientId, 'visits', language],
    queryFn: ({ signal }) => get<Visits>(`/patients/${patientId}/visits`, undefined, signal),
    gcTime: 0,
  });

const MOST_DUE_SHOWN = 200;

/** Open items that are due on this day; the earliest 200. */
export const dueItemsQuery = (day: string, activity: string | undefined) =>
  queryOptions({
    queryKey: ['calendar', 'due', day, activity],
    queryFn: ({ signal }) =>
      get<{ readonly items: readonly DueItem[]; readonly nextCursor: string | null }>(
        '/worklist',
        { view: 'items', from: day, to: day, activity, limit: MOST_DUE_SHOWN },
        signal,
      ),
  });

export const feedsQuery = queryOptions({
  queryKey: ['calendar-feeds'],
  queryFn: ({ signal }) =>
    get<AnswerOf<CalendarFeedsController['all']>>('/calendar-feeds', undefined, signal),
});

export type NewFeed = Partial<Parameters<CalendarFeedsController['create']>[0]>;

export const createFeed = (feed: NewFeed): Promise<CreatedFeed> =>
  call('POST', '/calendar-feeds', { body: feed });

export const removeFeed = (id: string): Promise<void> => call('DELETE', `/calendar-feeds/${id}`);
