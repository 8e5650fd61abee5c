import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { AppointmentsController } from '../../src/worklist/appointments/appointments.controller.js';
import type { BookingInput, MoveInput } from '../../src/worklist/appointments/appointment-schemas.js';
import type { Language } from '../words/language.js';
import { type AnswerOf, call, type CallOptions, get } from './http.js';

export type Booking = z.input<typeof BookingInput>;
export type MoveRequest = z.input<typeof MoveInput>;
export type Appointment = AnswerOf<AppointmentsController['open']>['items'][number];
export type AppointmentAnswer = AnswerOf<AppointmentsController['move']>;

/** One appointment for several items of a patient. `ifMatch`: the `ETag` of each, in their order, with commas. */
export const book = (
  booking: Booking,
  options: CallOptions,
): Promise<AnswerOf<AppointmentsController['book']>> =>
  call('POST', '/appointments', { ...options, body: booking });

/** Another day or time, or other items. */
export const moveAppointment = (
  id: string,
  move: MoveRequest,
  options: CallOptions,
): Promise<AppointmentAnswer> => call('PATCH', `/appointments/${id}`, { ...options, body: move });

const PAGE = 500;

/** All open appointments of these days, with patients and items. */
export const appointmentsQuery = (from: string, to: string, language: Language) =>
  queryOptions({
    queryKey: ['calendar', 'appointments', from, to, language],
    queryFn: async ({ signal }) => {
      const found: Appointment[] = [];
      let cursor: string | undefined;
      do {
        const page = await get<AnswerOf<AppointmentsController['open']>>(
          '/appointments',
          { from, to, limit: PAGE, cursor },
          signal,
        );
        found.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return found;
    },
  });
