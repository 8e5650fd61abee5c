import { queryOptions } from '@tanstack/react-query';
import type { MeasurementsController } from '../../src/patients/measurements.controller.js';
import type { ActivitiesController } from '../../src/schedules/activities.controller.js';
import type { WorkloadsController } from '../../src/worklist/ownership/workloads.controller.js';
import { type AnswerOf, askEarly, get } from './http.js';

export type Activity = AnswerOf<ActivitiesController['list']>['items'][number];
export type Measurement = AnswerOf<MeasurementsController['list']>['items'][number];

// What a hospital decides once a year need not be asked on each page.
const HOUR_MS = 3_600_000;

const ACTIVITIES = '/activities';

export const readActivitiesEarly = (): void => askEarly(ACTIVITIES);

/** The kinds of exams, with their names. */
export const activitiesQuery = queryOptions({
  queryKey: ['activities'],
  queryFn: ({ signal }) => get<AnswerOf<ActivitiesController['list']>>(ACTIVITIES, undefined, signal),
  staleTime: HOUR_MS,
});

/** What exams measure, with units. */
export const measurementsQuery = queryOptions({
  queryKey: ['measurements'],
  queryFn: ({ signal }) => get<AnswerOf<MeasurementsController['list']>>('/measurements', undefined, signal),
  staleTime: HOUR_MS,
});

/** Who works in the ward. For head nurses and clinicians only. */
export const colleaguesQuery = queryOptions({
  queryKey: ['colleagues'],
  queryFn: ({ signal }) => get<AnswerOf<WorkloadsController['all']>>('/owners', undefined, signal),
  staleTime: HOUR_MS,
});

/** To whom patients can be handed over. */
export const possibleOwnersQuery = queryOptions({
  queryKey: ['possible-owners'],
  queryFn: ({ signal }) => get<AnswerOf<WorkloadsController['people']>>('/owners/people', undefined, signal),
  staleTime: HOUR_MS,
});
