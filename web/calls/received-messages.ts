import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { Hl7MessagesController } from '../../src/exchange/hl7/hl7-messages.controller.js';
import type { MessageSettingsController } from '../../src/exchange/hl7/message-settings.controller.js';
import type { SenderInput, SenderPatch, SenderView } from '../../src/exchange/mllp/sender-schemas.js';
import type { SendersController } from '../../src/exchange/mllp/senders.controller.js';
import type { Language } from '../words/language.js';
import { type AnswerOf, call, get } from './http.js';

type MessagePage = AnswerOf<Hl7MessagesController['list']>;
export type ReceivedMessage = MessagePage['items'][number];
export type WholeMessage = AnswerOf<Hl7MessagesController['one']>;
export type ChangedItem = WholeMessage['changes'][number];
export type Sender = SenderView;
export type NewSender = z.input<typeof SenderInput>;
export type SenderChange = z.input<typeof SenderPatch>;
export type Retention = AnswerOf<MessageSettingsController['get']>;

export interface MessageFilter {
  readonly controlId?: string | undefined;
  readonly sender?: string | undefined;
  readonly outcome?: ReceivedMessage['outcome'] | undefined;
}

/** Everything about messages of other systems: read again after each change. */
export const receivedKey = ['received-messages'] as const;

const MESSAGES = 50;

/** The messages that came, the newest first. */
export const messagesQuery = (filter: MessageFilter) =>
  infiniteQueryOptions({
    queryKey: [...receivedKey, filter],
    queryFn: ({ pageParam, signal }) =>
      get<MessagePage>('/hl7v2-messages', { ...filter, limit: MESSAGES, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

/** One message with its text and what became of it, in the language of the page. */
export const messageQuery = (id: string, language: Language) =>
  queryOptions({
    queryKey: [...receivedKey, 'message', id, language],
    queryFn: ({ signal }) => get<WholeMessage>(`/hl7v2-messages/${id}`, undefined, signal),
  });

export const replayMessage = (id: string): Promise<WholeMessage> =>
  call('POST', `/hl7v2-messages/${id}/replay`);

export const voidMessage = (id: string, reason: string): Promise<AnswerOf<Hl7MessagesController['void']>> =>
  call('POST', `/hl7v2-messages/${id}/void`, { body: { reason } });

export const sendersQuery = queryOptions({
  queryKey: ['message-senders'],
  queryFn: ({ signal }) => get<AnswerOf<SendersController['list']>>('/hl7v2-senders', undefined, signal),
});

export const addSender = (input: NewSender): Promise<Sender> =>
  call('POST', '/hl7v2-senders', { body: input });

export const changeSender = (id: string, change: SenderChange): Promise<Sender> =>
  call('PATCH', `/hl7v2-senders/${id}`, { body: change });

/** For how many days messages are kept. */
export const retentionQuery = queryOptions({
  queryKey: ['message-retention'],
  queryFn: ({ signal }) => get<Retention>('/hl7v2-settings', undefined, signal),
});

export const replaceRetention = (days: Retention): Promise<Retention> =>
  call('PUT', '/hl7v2-settings', { body: days });
