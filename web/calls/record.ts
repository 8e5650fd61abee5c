import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { ClinicalEventInput } from '../../src/patients/clinical-event-input.js';
import type { ConsentsController } from '../../src/patients/consents.controller.js';
import type { ConsentInput } from '../../src/patients/consent-schemas.js';
import type { PatientCorrection } from '../../src/patients/patient-input.js';
import type { PatientsController } from '../../src/patients/patients.controller.js';
import type { DecisionInput } from '../../src/schedules/decision.js';
import type { DecisionsController } from '../../src/schedules/decisions.controller.js';
import type { EventTypesController } from '../../src/schedules/event-types.controller.js';
import type { GuidelinesController } from '../../src/schedules/guidelines.controller.js';
import type { PreviewInput } from '../../src/schedules/previews/preview-input.js';
import type { PreviewController } from '../../src/schedules/previews/preview.controller.js';
import type { SchedulesController } from '../../src/schedules/schedules.controller.js';
import { addressOf, type AnswerOf, call, type CallOptions, get } from './http.js';

export type ClinicalEvent = AnswerOf<PatientsController['history']>['items'][number];
export type EventType = AnswerOf<EventTypesController['list']>['items'][number];
export type EventField = EventType['fields'][number];
export type Preview = AnswerOf<PreviewController['preview']>;
export type PreviewRequest = Partial<
  Omit<z.input<typeof PreviewInput>, 'events'> & { readonly events: readonly NewEvent[] }
>;
export type Decision = AnswerOf<DecisionsController['list']>['items'][number];
export type NewDecision = z.input<typeof DecisionInput>;
export type Consents = AnswerOf<ConsentsController['list']>;
export type NewConsent = z.input<typeof ConsentInput>;
export type Correction = z.input<typeof PatientCorrection>;
export type PlanGuideline = AnswerOf<GuidelinesController['version']>;
/** An event as it is typed: what its type allows is for the server to say. */
export type NewEvent = Omit<ClinicalEventInput, 'date'> & { readonly date: string };

const HOUR_MS = 3_600_000;

/** The types of events that can be recorded, with their fields. */
export const eventTypesQuery = queryOptions({
  queryKey: ['event-types'],
  queryFn: ({ signal }) => get<AnswerOf<EventTypesController['list']>>('/event-types', undefined, signal),
  staleTime: HOUR_MS,
});

/** Everything that was recorded about the course of the disease, voided events included. */
export const eventsQuery = (id: string) =>
  queryOptions({
    queryKey: ['patient', id, 'events'],
    queryFn: ({ signal }) =>
      get<AnswerOf<PatientsController['history']>>(`/patients/${id}/events`, undefined, signal),
  });

/** What a change would do to the plan. Nothing is saved. */
export const previewQuery = (id: string, request: PreviewRequest) =>
  queryOptions({
    queryKey: ['patient', id, 'preview', request],
    queryFn: ({ signal }) => call<Preview>('POST', `/patients/${id}/preview`, { body: request, signal }),
    staleTime: 0,
    gcTime: 0,
  });

export const recordEvent = (
  id: string,
  event: NewEvent,
  options: CallOptions,
): Promise<AnswerOf<SchedulesController['recordEvent']>> =>
  call('POST', `/patients/${id}/events`, { ...options, body: event });

export const voidEvent = (
  id: string,
  eventId: string,
  reason: string,
): Promise<AnswerOf<SchedulesController['voidEvent']>> =>
  call('POST', `/patients/${id}/events/${eventId}/void`, { body: { reason } });

export const correctPatient = (
  id: string,
  correction: Correction,
): Promise<AnswerOf<SchedulesController['correct']>> =>
  call('PATCH', `/patients/${id}`, { body: correction });

export const decisionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['patient', id, 'decisions'],
    queryFn: ({ signal }) =>
      get<AnswerOf<DecisionsController['list']>>(`/patients/${id}/decisions`, undefined, signal),
  });

export const decide = (
  id: string,
  decision: NewDecision,
  options: CallOptions,
): Promise<AnswerOf<DecisionsController['decide']>> =>
  call('POST', `/patients/${id}/decisions`, { ...options, body: decision });

export const revokeDecision = (
  id: string,
  decisionId: string,
  reason: string,
): Promise<AnswerOf<DecisionsController['revoke']>> =>
  call('POST', `/patients/${id}/decisions/${decisionId}/revoke`, { body: { reason } });

/** The version of the guideline by which a plan was made. It never changes. */
export const planGuidelineQuery = (named: { readonly id: string; readonly version: string } | undefined) =>
  queryOptions({
    queryKey: ['guideline', `${named?.id}@${named?.version}`],
    queryFn: ({ signal }) =>
      get<PlanGuideline>(`/guidelines/${named?.id ?? ''}/${named?.version ?? ''}`, undefined, signal),
    enabled: named !== undefined,
    staleTime: Infinity,
  });

export const consentsQuery = (id: string) =>
  queryOptions({
    queryKey: ['patient', id, 'consents'],
    queryFn: ({ signal }) => get<Consents>(`/patients/${id}/consents`, undefined, signal),
  });

export const recordConsent = (id: string, consent: NewConsent, options: CallOptions): Promise<Consents> =>
  call('POST', `/patients/${id}/consents`, { ...options, body: consent });

/** Where a printed page of the patient is. */
export const printedPage = (id: string, kind: 'card' | 'letter', lang: string): string =>
  addressOf(`/patients/${id}/${kind}`, { lang });

/** Everything that is stored about the patient, as a file. */
export const exportAddress = (id: string): string => addressOf(`/patients/${id}/export`);
