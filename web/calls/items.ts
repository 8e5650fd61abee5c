import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { CompletionInput } from '../../src/schedules/completion-input.js';
import type { SchedulesController } from '../../src/schedules/schedules.controller.js';
import type { AppointmentsController } from '../../src/worklist/appointments/appointments.controller.js';
import type { ItemStepsController } from '../../src/worklist/steps/item-steps.controller.js';
import type { Language } from '../words/language.js';
import { type AnswerOf, call, type CallOptions, get } from './http.js';

export type Item = AnswerOf<ItemStepsController['get']>;
export type Reason = AnswerOf<SchedulesController['reason']>;
export type Completion = z.input<typeof CompletionInput>;

/** The step that an item has reached, and what the caller can do next. */
export const itemQuery = (id: string, language: Language) =>
  queryOptions({
    queryKey: ['item', id, language],
    queryFn: ({ signal }) => get<Item>(`/items/${id}`, undefined, signal),
  });

/** Why an item is due when it is, in both languages. */
export const reasonQuery = (id: string) =>
  queryOptions({
    queryKey: ['reason', id],
    queryFn: ({ signal }) => get<Reason>(`/items/${id}/reason`, undefined, signal),
  });

export const completeItem = (
  id: string,
  completion: Completion,
  options: CallOptions,
): Promise<AnswerOf<ItemStepsController['complete']>> =>
  call('POST', `/items/${id}/complete`, { ...options, body: completion });

export const undoStep = (id: string): Promise<AnswerOf<AppointmentsController['undo']>> =>
  call('POST', `/items/${id}/undo`);

/** Puts an item back on the list of those to be booked. */
export const reopenItem = (id: string): Promise<AnswerOf<ItemStepsController['reopen']>> =>
  call('POST', `/items/${id}/reopen`);
