import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { HandoversController } from '../../src/worklist/handovers/handovers.controller.js';
import type { WorklistSettingsInput } from '../../src/worklist/settings/worklist-settings.js';
import type { WorklistSettingsController } from '../../src/worklist/settings/worklist-settings.controller.js';
import { type AnswerOf, call, type Tagged, tagged } from './http.js';
import { allOf } from './pages.js';

export type WardSettings = AnswerOf<WorklistSettingsController['get']>;
export type NewWardSettings = z.input<typeof WorklistSettingsInput>;
export type Handover = AnswerOf<HandoversController['list']>['items'][number];

export interface NewHandover {
  readonly from: string;
  readonly to: string;
  readonly firstDay: string;
  readonly lastDay: string;
}

/** What the hospital decided about the work of the ward, with the tag that a change names. */
export const wardSettingsQuery = queryOptions({
  queryKey: ['worklist-settings'],
  queryFn: ({ signal }) => tagged<WardSettings>('GET', '/worklist-settings', { signal }),
});

export const replaceWardSettings = (
  settings: NewWardSettings,
  ifMatch?: string,
): Promise<Tagged<WardSettings>> => tagged('PUT', '/worklist-settings', { body: settings, ifMatch });

export const handoversQuery = queryOptions({
  queryKey: ['handovers'],
  queryFn: ({ signal }) => allOf<Handover>('/handovers', { limit: 100 }, signal),
});

export const handOver = (handover: NewHandover): Promise<AnswerOf<HandoversController['create']>> =>
  call('POST', '/handovers', { body: handover });

export const endHandover = (id: string): Promise<void> => call('DELETE', `/handovers/${id}`);
