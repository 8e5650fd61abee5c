import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { InboxController } from '../../src/exchange/inbound/inbox.controller.js';
import type { Language } from '../words/language.js';
import { type AnswerOf, call, type CallOptions, get } from './http.js';
import type { NewEvent } from './record.js';

type InboxPage = AnswerOf<InboxController['list']>;
export type InboxEntry = InboxPage['items'][number];
export type WholeInboxEntry = AnswerOf<InboxController['one']>;

export interface InboxFilter {
  readonly state?: InboxEntry['state'] | undefined;
  readonly kind?: InboxEntry['kind'] | undefined;
  readonly patientId?: string | undefined;
}

/** Everything about the inbox: read again after each change. */
export const inboxKey = ['inbox'] as const;

const ENTRIES = 50;

/** What systems sent and the program could not interpret, the newest first. */
export const inboxQuery = (filter: InboxFilter) =>
  infiniteQueryOptions({
    queryKey: [...inboxKey, filter],
    queryFn: ({ pageParam, signal }) =>
      get<InboxPage>('/inbox', { ...filter, limit: ENTRIES, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

/** One entry with what it says. The reason is in the language of the page. */
export const inboxEntryQuery = (id: string, language: Language) =>
  queryOptions({
    queryKey: [...inboxKey, 'entry', id, language],
    queryFn: ({ signal }) => get<WholeInboxEntry>(`/inbox/${id}`, undefined, signal),
  });

export const enterEntry = (
  id: string,
  event: NewEvent,
  options: CallOptions,
): Promise<AnswerOf<InboxController['enter']>> =>
  call('POST', `/inbox/${id}/enter`, { ...options, body: { event } });

export const dismissEntry = (id: string, reason: string): Promise<WholeInboxEntry> =>
  call('POST', `/inbox/${id}/dismiss`, { body: { reason } });
