import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { AuditController } from '../../src/audit/audit.controller.js';
import type { AuditFilter } from '../../src/audit/audit-trail.js';
import { addressOf, type AnswerOf, get } from './http.js';

export type AuditPage = AnswerOf<AuditController['find']>;
export type AuditEvent = AuditPage['items'][number];
export type { AuditFilter };

const PAGE = 100;

/** Who saw and changed what, the newest first. */
export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      get<AuditPage>('/audit-events', { ...filter, order: 'newest', limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

export const sealsQuery = queryOptions({
  queryKey: ['audit', 'seals'],
  queryFn: ({ signal }) => get<AnswerOf<AuditController['seals']>>('/audit-events/seals', undefined, signal),
});

/** The address of the file with what the filter finds. */
export const auditFile = (filter: AuditFilter): string => addressOf('/exports/audit-events.csv', filter);
