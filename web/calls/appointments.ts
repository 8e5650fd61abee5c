import type { z } from 'zod';
import type { AppointmentsController } from '../../src/worklist/appointments/appointments.controller.js';
import type { BookingInput } from '../../src/worklist/appointments/appointment-schemas.js';
import { type AnswerOf, call, type CallOptions } from './http.js';

export type Booking = z.input<typeof BookingInput>;

/** One appointment for several items of a patient. `ifMatch`: the `ETag` of each, in their order, with commas. */
export const book = (
  booking: Booking,
  options: CallOptions,
): Promise<AnswerOf<AppointmentsController['book']>> =>
  call('POST', '/appointments', { ...options, body: booking });
