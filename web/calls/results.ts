import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { ResultsController } from '../../src/worklist/results/results.controller.js';
import type { ReviewOutcomeInput } from '../../src/worklist/results/review-outcomes.js';
import type { ReviewsController } from '../../src/worklist/results/reviews.controller.js';
import type { Language } from '../words/language.js';
import { type AnswerOf, call, type CallOptions, get } from './http.js';

export type Review = AnswerOf<ReviewsController['list']>['items'][number];
export type ReviewOutcome = z.input<typeof ReviewOutcomeInput>;
export type ReviewOutcomeCode = ReviewOutcome['judgement'];
export type ReviewPreview = AnswerOf<ReviewsController['preview']>;

/** The exams of a patient that a clinician has to judge, the longest waiting first. */
export const reviewsQuery = (patientId: string, language: Language) =>
  queryOptions({
    queryKey: ['patient', patientId, 'reviews', language],
    queryFn: async ({ signal }) =>
      (await get<AnswerOf<ReviewsController['list']>>('/reviews', { patientId, lang: language }, signal))
        .items,
  });

/** What a judgement would change. Nothing is saved. */
export const reviewPreviewQuery = (id: string, judgement: ReviewOutcome | null) =>
  queryOptions({
    queryKey: ['review-preview', id, judgement],
    queryFn: ({ signal }) =>
      call<ReviewPreview>('POST', `/reviews/${id}/preview`, { body: judgement, signal }),
    enabled: judgement !== null,
    retry: false,
    ...{ staleTime: 0, gcTime: 0 },
  });

export const judge = (id: string, judgement: ReviewOutcome, options: CallOptions): Promise<Review> =>
  call('POST', `/reviews/${id}/judgement`, { ...options, body: judgement });

export const undoReview = (id: string): Promise<Review> => call('POST', `/reviews/${id}/undo`, { body: {} });

export const markSeen = (id: string): Promise<AnswerOf<ResultsController['seen']>> =>
  call('POST', `/results/${id}/seen`, { body: {} });
