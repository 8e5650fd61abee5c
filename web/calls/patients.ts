import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { PatientsController } from '../../src/patients/patients.controller.js';
import type { SchedulesController } from '../../src/schedules/schedules.controller.js';
import type { StreamController } from '../../src/worklist/changes/stream.controller.js';
import type { ContactsController } from '../../src/worklist/contacts/contacts.controller.js';
import type { ContactInput } from '../../src/worklist/contacts/contact-schemas.js';
import type { OwnersController } from '../../src/worklist/ownership/owners.controller.js';
import type { Language } from '../words/language.js';
import { type AnswerOf, call, type CallOptions, get } from './http.js';

export type Patient = AnswerOf<PatientsController['get']>;
export type Schedule = AnswerOf<SchedulesController['schedule']>;
export type Contacts = AnswerOf<ContactsController['list']>;
export type Attempt = z.input<typeof ContactInput>;

export const patientQuery = (id: string) =>
  queryOptions({
    queryKey: ['patient', id],
    queryFn: ({ signal }) => get<Patient>(`/patients/${id}`, undefined, signal),
  });

export const scheduleQuery = (id: string, language: Language) =>
  queryOptions({
    queryKey: ['patient', id, 'schedule', language],
    queryFn: ({ signal }) => get<Schedule>(`/patients/${id}/schedule`, { lang: language }, signal),
  });

/** The newest attempts to reach the patient, and what follows from all of them. */
export const contactsQuery = (id: string) =>
  queryOptions({
    queryKey: ['patient', id, 'contacts'],
    queryFn: ({ signal }) => get<Contacts>(`/patients/${id}/contacts`, { limit: 5 }, signal),
  });

export const recordContact = (
  id: string,
  attempt: Attempt,
  options: CallOptions,
): Promise<AnswerOf<ContactsController['record']>> =>
  call('POST', `/patients/${id}/contacts`, { ...options, body: attempt });

export const voidContact = (id: string, contactId: string, reason: string): Promise<unknown> =>
  call('POST', `/patients/${id}/contacts/${contactId}/void`, { body: { reason } });

export const nameOwner = (id: string, personId: string | null): Promise<AnswerOf<OwnersController['name']>> =>
  call('PUT', `/patients/${id}/owner`, { body: { personId } });

/** Says for a minute that the caller works on this patient. */
export const notePresence = (id: string, working: boolean): Promise<AnswerOf<StreamController['presence']>> =>
  call('PUT', `/patients/${id}/presence`, { body: { working } });
