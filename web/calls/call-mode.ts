import { queryOptions } from '@tanstack/react-query';
import type { CallsController } from '../../src/worklist/calls/calls.controller.js';
import type { WorklistSettingsController } from '../../src/worklist/settings/worklist-settings.controller.js';
import { type AnswerOf, call, get, type Query } from './http.js';
import type { ListQuery } from './lists.js';

export type NextCall = AnswerOf<CallsController['next']>;
export type CallCard = NonNullable<NextCall['call']>;
export type CallNumber = CallCard['numbers'][number];
export type WardSettings = AnswerOf<WorklistSettingsController['get']>;

interface Wanted {
  /** This patient, also one who was called today. */
  readonly patientId?: string | undefined;
  /** Patients who are left out. */
  readonly without?: readonly string[];
  /** The patient who is being called meanwhile. */
  readonly keep?: string | undefined;
}

/** The next patient of the list, whom no other caller is offered for ten minutes. */
export const nextCall = (
  query: ListQuery,
  { patientId, without = [], keep }: Wanted,
  signal?: AbortSignal,
): Promise<NextCall> =>
  get(
    '/calls/next',
    { ...(query as Query), patientId, keep, without: without.length > 0 ? without.join(',') : undefined },
    signal,
  );

/** Other callers are offered the patients that were kept for this one. */
export const stopCalling = (): Promise<void> => call('DELETE', '/calls/claims');

/** What the hospital decided about the work of the ward. */
export const wardSettingsQuery = queryOptions({
  queryKey: ['worklist-settings'],
  queryFn: ({ signal }) => get<WardSettings>('/worklist-settings', undefined, signal),
  staleTime: 3_600_000,
});
