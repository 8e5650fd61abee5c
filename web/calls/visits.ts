import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { MoveInput, OutcomeInput } from '../../src/worklist/appointments/appointment-schemas.js';
import type { AppointmentsController } from '../../src/worklist/appointments/appointments.controller.js';
import type { ContactsController } from '../../src/worklist/contacts/contacts.controller.js';
import type { RelativeCorrection, RelativeInput } from '../../src/worklist/contacts/relative-schemas.js';
import type { RelativesController } from '../../src/worklist/contacts/relatives.controller.js';
import type { PatientStepsController } from '../../src/worklist/steps/patient-steps.controller.js';
import type { Language } from '../words/language.js';
import { type AnswerOf, call, type CallOptions, get } from './http.js';

export type PatientAppointment = AnswerOf<AppointmentsController['ofPatient']>['items'][number];
export type AppointmentChange = z.input<typeof MoveInput>;
export type AppointmentEnd = z.input<typeof OutcomeInput>;
export type Relative = AnswerOf<RelativesController['list']>['items'][number];
export type NewRelative = z.input<typeof RelativeInput>;

const MOST_SHOWN = 50;

/** The appointments of a patient, the latest day first. */
export const patientAppointmentsQuery = (id: string, language: Language) =>
  queryOptions({
    queryKey: ['patient', id, 'appointments', language],
    queryFn: ({ signal }) =>
      get<AnswerOf<AppointmentsController['ofPatient']>>(
        `/patients/${id}/appointments`,
        { limit: MOST_SHOWN },
        signal,
      ),
  });

/** One appointment with the items that it covers. */
export const appointmentQuery = (patientId: string, id: string, language: Language) =>
  queryOptions({
    queryKey: ['patient', patientId, 'appointment', id, language],
    queryFn: ({ signal }) =>
      get<AnswerOf<AppointmentsController['get']>>(`/appointments/${id}`, undefined, signal),
  });

export const changeAppointment = (
  id: string,
  change: AppointmentChange,
  options: CallOptions,
): Promise<AnswerOf<AppointmentsController['move']>> =>
  call('PATCH', `/appointments/${id}`, { ...options, body: change });

export const endAppointment = (
  id: string,
  end: AppointmentEnd,
  options: CallOptions,
): Promise<AnswerOf<AppointmentsController['end']>> =>
  call('POST', `/appointments/${id}/outcome`, { ...options, body: end });

/** The attempts to reach the patient, more of them than a panel shows. */
export const allContactsQuery = (id: string) =>
  queryOptions({
    queryKey: ['patient', id, 'contacts', MOST_SHOWN],
    queryFn: ({ signal }) =>
      get<AnswerOf<ContactsController['list']>>(`/patients/${id}/contacts`, { limit: MOST_SHOWN }, signal),
  });

export const relativesQuery = (id: string) =>
  queryOptions({
    queryKey: ['patient', id, 'relatives'],
    queryFn: ({ signal }) =>
      get<AnswerOf<RelativesController['list']>>(`/patients/${id}/relatives`, undefined, signal),
  });

export const addRelative = (id: string, relative: NewRelative, options: CallOptions): Promise<Relative> =>
  call('POST', `/patients/${id}/relatives`, { ...options, body: relative });

export const correctRelative = (
  id: string,
  relativeId: string,
  correction: z.input<typeof RelativeCorrection>,
): Promise<Relative> => call('PATCH', `/patients/${id}/relatives/${relativeId}`, { body: correction });

export const removeRelative = (id: string, relativeId: string): Promise<void> =>
  call('DELETE', `/patients/${id}/relatives/${relativeId}`);

/** Every step of people about the items of the patient, the newest first. */
export const stepsQuery = (id: string, language: Language) =>
  infiniteQueryOptions({
    queryKey: ['patient', id, 'steps', language],
    queryFn: ({ pageParam, signal }) =>
      get<AnswerOf<PatientStepsController['list']>>(
        `/patients/${id}/steps`,
        { limit: MOST_SHOWN, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
