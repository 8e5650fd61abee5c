import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { GuidelineFilesController } from '../../src/exchange/guideline-files.controller.js';
import type { EventTypesController } from '../../src/schedules/event-types.controller.js';
import type { GuidelinesController } from '../../src/schedules/guidelines.controller.js';
import type { InventedPatientController } from '../../src/schedules/previews/invented-patient.controller.js';
import type { InventedPatient } from '../../src/schedules/previews/invented-patient.js';
import type { PreviewController } from '../../src/schedules/previews/preview.controller.js';
import type { Language } from '../words/language.js';
import { addressOf, type AnswerOf, call, get } from './http.js';

export type GuidelineSummary = AnswerOf<GuidelinesController['list']>['items'][number];
export type Guideline = AnswerOf<GuidelinesController['version']>;
export type Rule = Guideline['rules'][number];
export type EventType = AnswerOf<EventTypesController['list']>['items'][number];
export type Comparison = AnswerOf<PreviewController['compare']>;
export type Invented = z.input<typeof InventedPatient>;
export type StoredFile = AnswerOf<GuidelineFilesController['store']>;

/** `id@version`, as the API names one version. */
export const nameOf = ({ id, version }: Pick<Guideline, 'id' | 'version'>): string => `${id}@${version}`;

export const guidelinesQuery = queryOptions({
  queryKey: ['guidelines'],
  queryFn: ({ signal }) => get<AnswerOf<GuidelinesController['list']>>('/guidelines', undefined, signal),
});

const pathOf = (name: string): string => `/guidelines/${name.split('@').map(encodeURIComponent).join('/')}`;

/** Where the browser gets one version as a file. */
export const guidelineAddress = (name: string): string => addressOf(pathOf(name));

/** One version with its rules, which never changes. */
export const guidelineQuery = (name: string) =>
  queryOptions({
    queryKey: ['guideline', name],
    queryFn: ({ signal }) => get<Guideline>(pathOf(name), undefined, signal),
    staleTime: Infinity,
  });

/** The events of a guideline with their fields; undefined: of the one in force. */
export const eventTypesQuery = (guideline: string | undefined) =>
  queryOptions({
    queryKey: ['event-types', guideline],
    queryFn: ({ signal }) =>
      get<AnswerOf<EventTypesController['list']>>('/event-types', { guideline }, signal),
    staleTime: Infinity,
  });

/** One patient under several guidelines. */
export const comparisonQuery = (patientId: string, guidelines: readonly string[], language: Language) =>
  queryOptions({
    queryKey: ['patient', patientId, 'comparison', guidelines, language],
    queryFn: ({ signal }) =>
      get<Comparison>(
        `/patients/${patientId}/comparison`,
        { guidelines: guidelines.join(','), lang: language },
        signal,
      ),
    enabled: guidelines.length > 0,
  });

export const compareInvented = (
  invented: Invented,
): Promise<AnswerOf<InventedPatientController['compare']>> =>
  call('POST', '/guidelines/comparison', { body: invented });

/** Stores a protocol file of the hospital; the server checks it. */
export const storeGuideline = (file: unknown): Promise<StoredFile> =>
  call('POST', '/guidelines', { body: file });
