import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { GatewayConfig } from '../../src/patient-messages/gateways/gateway-config.js';
import type { GatewayController } from '../../src/patient-messages/gateways/gateway.controller.js';
import type { MessageSettingsInput } from '../../src/patient-messages/settings/message-settings.js';
import type { MessageSettingsController } from '../../src/patient-messages/settings/message-settings.controller.js';
import type { MessageSettlement } from '../../src/patient-messages/messages-view.js';
import type { TemplateInput } from '../../src/patient-messages/templates/template-schemas.js';
import type { TemplatesController } from '../../src/patient-messages/templates/templates.controller.js';
import type { UncertainMessagesController } from '../../src/patient-messages/uncertain-messages.controller.js';
import type { Language } from '../words/language.js';
import { type AnswerOf, call, get } from './http.js';

export type MessageSettings = AnswerOf<MessageSettingsController['get']>;
export type NewMessageSettings = z.input<typeof MessageSettingsInput>;
export type Gateway = AnswerOf<GatewayController['get']>;
export type NewGateway = z.input<typeof GatewayConfig>;
export type Template = AnswerOf<TemplatesController['list']>['items'][number];
export type Occasion = Template['occasion'];
export type UncertainPage = AnswerOf<UncertainMessagesController['list']>;
export type UncertainMessage = UncertainPage['items'][number];
export type Settlement = z.input<typeof MessageSettlement>['result'];

export const messageSettingsQuery = queryOptions({
  queryKey: ['message-settings'],
  queryFn: ({ signal }) => get<MessageSettings>('/message-settings', undefined, signal),
});

export const replaceMessageSettings = (settings: NewMessageSettings): Promise<MessageSettings> =>
  call('PUT', '/message-settings', { body: settings });

export const gatewayQuery = queryOptions({
  queryKey: ['message-gateway'],
  queryFn: ({ signal }) => get<Gateway>('/message-gateway', undefined, signal),
  retry: false, // 404: there is none yet
});

export const replaceGateway = (config: NewGateway): Promise<Gateway> =>
  call('PUT', '/message-gateway', { body: config });

export const templatesQuery = queryOptions({
  queryKey: ['message-templates'],
  queryFn: async ({ signal }) =>
    (await get<AnswerOf<TemplatesController['list']>>('/message-templates', undefined, signal)).items,
});

export const replaceTemplate = (
  occasion: Occasion,
  language: Language,
  template: z.input<typeof TemplateInput>,
): Promise<Template> => call('PUT', `/message-templates/${occasion}/${language}`, { body: template });

/** Messages that the gateway may have taken or not. */
export const uncertainQuery = infiniteQueryOptions({
  queryKey: ['uncertain-messages'],
  queryFn: ({ pageParam, signal }) =>
    get<UncertainPage>('/patient-messages/uncertain', { limit: 50, cursor: pageParam }, signal),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
});

export const settleMessage = (
  id: string,
  result: Settlement,
): Promise<AnswerOf<UncertainMessagesController['settle']>> =>
  call('POST', `/patient-messages/${id}/settle`, { body: { result } });
