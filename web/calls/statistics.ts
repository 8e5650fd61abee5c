import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { AdherenceController } from '../../src/statistics/adherence.controller.js';
import type { InspectionReportsController } from '../../src/statistics/inspection-reports.controller.js';
import type { Measure } from '../../src/statistics/measures.js';
import type { Language } from '../words/language.js';
import { addressOf, type AnswerOf, call, get } from './http.js';

export type Adherence = AnswerOf<AdherenceController['figures']>;
export type Figures = Adherence['total'];
export type Share = Figures['adherence'];
export type Dimension = Adherence['by'];
export type ItemOutcome = keyof Figures['items'];
export type Months = AnswerOf<AdherenceController['months']>;
export type Month = Months['months'][number];
export type BehindPage = AnswerOf<AdherenceController['behind']>;
export type Behind = BehindPage['items'][number];
export type Report = AnswerOf<InspectionReportsController['create']>;
export type ReportSummary = AnswerOf<InspectionReportsController['list']>['items'][number];
export type Verification = AnswerOf<InspectionReportsController['verify']>;
export type { Measure };

export interface Period {
  readonly from: string;
  readonly to: string;
}

/** What is counted behind a figure: of one group, or of all. */
export interface BehindWhat extends Period {
  readonly measure: Measure;
  readonly by?: Dimension | undefined;
  readonly group?: string | undefined;
}

const PAGE = 50;

/** The figures of a period. */
export const adherenceQuery = (period: Period, by: Dimension, language: Language) =>
  queryOptions({
    queryKey: ['adherence', period, by, language],
    queryFn: ({ signal }) => get<Adherence>('/adherence', { ...period, by }, signal),
    staleTime: 60_000,
  });

/** The figures of each of twelve months. */
export const monthsQuery = (to: string, by: Dimension, language: Language) =>
  queryOptions({
    queryKey: ['adherence-months', to, by, language],
    queryFn: ({ signal }) => get<Months>('/adherence/months', { to, by }, signal),
    staleTime: 60_000,
  });

/** The patients behind a figure, page by page. */
export const behindQuery = (what: BehindWhat) =>
  infiniteQueryOptions({
    queryKey: ['behind', what],
    queryFn: ({ pageParam, signal }) =>
      get<BehindPage>('/adherence/patients', { ...what, limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

/** Where the browser gets the figures as a file. */
export const exportAddress = (
  period: Period,
  by: Dimension,
  format: 'xlsx' | 'csv',
  language: Language,
): string => addressOf(`/exports/adherence.${format}`, { ...period, by, lang: language });

export const reportsQuery = queryOptions({
  queryKey: ['inspection-reports'],
  queryFn: ({ signal }) =>
    get<AnswerOf<InspectionReportsController['list']>>('/inspection-reports', { limit: 100 }, signal),
});

export const verificationQuery = (id: string) =>
  queryOptions({
    queryKey: ['inspection-report', id, 'verification'],
    queryFn: ({ signal }) => get<Verification>(`/inspection-reports/${id}/verification`, undefined, signal),
    staleTime: 0,
  });

export const makeReport = (month: string, department: string | undefined): Promise<Report> =>
  call('POST', '/inspection-reports', { body: { month, department } });

export const reportPage = (id: string, language: Language): string =>
  addressOf(`/inspection-reports/${id}/page`, { lang: language });

export const reportFile = (id: string, language: Language): string =>
  addressOf(`/inspection-reports/${id}/spreadsheet`, { lang: language });
