import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { StatusController } from '../../src/monitoring/status.controller.js';
import type { DeliveriesController } from '../../src/webhooks/deliveries.controller.js';
import type { EventType } from '../../src/webhooks/messages/event-types.js';
import type { WebhookEndpointsController } from '../../src/webhooks/webhook-endpoints.controller.js';
import type {
  DeliveryView,
  IdentityApprovalInput,
  WebhookEndpointInput,
  WebhookEndpointPatch,
} from '../../src/webhooks/webhook-schemas.js';
import { type AnswerOf, call, get } from './http.js';
import { allOf } from './pages.js';

type Controller = WebhookEndpointsController;
export type Endpoint = AnswerOf<Controller['find']>;
export type NewEndpoint = AnswerOf<Controller['register']>;
export type EndpointInput = z.input<typeof WebhookEndpointInput>;
export type EndpointPatch = z.input<typeof WebhookEndpointPatch>;
export type RotatedSecret = AnswerOf<Controller['rotateSecret']>;
export type Delivery = DeliveryView;
export type DeliveryState = Delivery['state'];
export type DeliveryPage = AnswerOf<Controller['listDeliveries']>;
export type Status = AnswerOf<StatusController['show']>;
export type { EventType };

const SYSTEMS = ['systems'] as const;
/** Everything about endpoints, deliveries and status: read again after each change. */
export const systemsKey = SYSTEMS;

const REFRESH_MS = 10_000;
const DELIVERIES = 50;

export const endpointsQuery = queryOptions({
  queryKey: [...SYSTEMS, 'endpoints'],
  queryFn: ({ signal }) => allOf<Endpoint>('/webhook-endpoints', {}, signal),
});

export const endpointQuery = (id: string) =>
  queryOptions({
    queryKey: [...SYSTEMS, 'endpoint', id],
    queryFn: ({ signal }) => get<Endpoint>(`/webhook-endpoints/${id}`, undefined, signal),
    refetchInterval: REFRESH_MS,
  });

/** What waits and what fails. Followed while it is shown. */
export const statusQuery = queryOptions({
  queryKey: [...SYSTEMS, 'status'],
  queryFn: ({ signal }) => get<Status>('/status', undefined, signal),
  refetchInterval: REFRESH_MS,
});

export interface DeliveryFilter {
  readonly state?: DeliveryState | undefined;
  readonly eventType?: EventType | undefined;
}

/** Deliveries to an endpoint, the newest first. The first page is followed while it is shown. */
export const deliveriesQuery = (endpointId: string, { state, eventType }: DeliveryFilter) =>
  infiniteQueryOptions({
    queryKey: [...SYSTEMS, 'deliveries', endpointId, state, eventType],
    queryFn: ({ pageParam, signal }) =>
      get<DeliveryPage>(
        `/webhook-endpoints/${endpointId}/deliveries`,
        { state, eventType, limit: DELIVERIES, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: REFRESH_MS,
  });

/** One delivery by its id, among the newest of its endpoint: the outcome of a test message. */
export async function deliveryOf(endpointId: string, deliveryId: string): Promise<Delivery | undefined> {
  const { items } = await get<DeliveryPage>(`/webhook-endpoints/${endpointId}/deliveries`, {
    limit: DELIVERIES,
    eventType: 'endpoint.test',
  });
  return items.find(({ id }) => id === deliveryId);
}

export const registerEndpoint = (input: EndpointInput): Promise<NewEndpoint> =>
  call('POST', '/webhook-endpoints', { body: input });

export const previewEndpoint = (input: EndpointInput): Promise<AnswerOf<Controller['preview']>> =>
  call('POST', '/webhook-endpoints/preview', { body: input });

export const changeEndpoint = (id: string, patch: EndpointPatch): Promise<Endpoint> =>
  call('PATCH', `/webhook-endpoints/${id}`, { body: patch });

export const removeEndpoint = (id: string): Promise<void> => call('DELETE', `/webhook-endpoints/${id}`);

export const verifyEndpoint = (id: string): Promise<Endpoint> =>
  call('POST', `/webhook-endpoints/${id}/verify`);

export const approveIdentity = (
  id: string,
  decision: z.input<typeof IdentityApprovalInput>,
): Promise<Endpoint> => call('POST', `/webhook-endpoints/${id}/identity-approval`, { body: decision });

export const rotateSecret = (id: string): Promise<RotatedSecret> =>
  call('POST', `/webhook-endpoints/${id}/rotate-secret`);

export const sendTest = (id: string): Promise<AnswerOf<Controller['sendTest']>> =>
  call('POST', `/webhook-endpoints/${id}/test`);

export const recoverSince = (id: string, since: string): Promise<AnswerOf<Controller['recover']>> =>
  call('POST', `/webhook-endpoints/${id}/recover`, { body: { since } });

export const replayDelivery = (id: string): Promise<AnswerOf<DeliveriesController['replay']>> =>
  call('POST', `/deliveries/${id}/replay`);
