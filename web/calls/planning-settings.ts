import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { CapacitiesController } from '../../src/planning/capacity/capacities.controller.js';
import type { CapacitiesInput } from '../../src/planning/capacity/capacity-schemas.js';
import type { DayInput, YearFile } from '../../src/work-calendar/calendar-schemas.js';
import type { WorkCalendarController } from '../../src/work-calendar/work-calendar.controller.js';
import type { Language } from '../words/language.js';
import { type AnswerOf, call, type Tagged, tagged } from './http.js';

export type WorkCalendar = AnswerOf<WorkCalendarController['year']>;
export type OwnDay = z.input<typeof DayInput>;
export type YearOfFile = z.input<typeof YearFile>;
export type Capacity = AnswerOf<CapacitiesController['all']>['capacities'][number];
type Capacities = AnswerOf<CapacitiesController['all']>;

/** The working days of a year, with the tag that a change names. */
export const workCalendarQuery = (year: number, language: Language) =>
  queryOptions({
    queryKey: ['work-calendar', year, language],
    queryFn: ({ signal }) => tagged<WorkCalendar>('GET', '/work-calendar', { query: { year }, signal }),
  });

export const enterDay = (date: string, day: OwnDay, ifMatch?: string): Promise<WorkCalendar> =>
  call('PUT', `/work-calendar/days/${date}`, { body: day, ifMatch });

export const removeDay = (date: string, ifMatch?: string): Promise<WorkCalendar> =>
  call('DELETE', `/work-calendar/days/${date}`, { ifMatch });

export const importYear = (file: unknown, ifMatch?: string): Promise<WorkCalendar> =>
  call('POST', '/work-calendar/imports', { body: file, ifMatch });

export const capacitiesQuery = queryOptions({
  queryKey: ['capacities'],
  queryFn: ({ signal }) => tagged<Capacities>('GET', '/capacities', { signal }),
});

export const replaceCapacities = (
  capacities: z.input<typeof CapacitiesInput>['capacities'],
  ifMatch?: string,
): Promise<Tagged<Capacities>> => tagged('PUT', '/capacities', { body: { capacities }, ifMatch });
