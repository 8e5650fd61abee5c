import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { ApiKeysController } from '../../src/accounts/api-keys/api-keys.controller.js';
import type { ApiKeyInput, ApiKeyView, ClientInput } from '../../src/accounts/api-keys/api-key-schemas.js';
import type { SecondFactorRequirementController } from '../../src/accounts/sign-in/second-factor-requirement.controller.js';
import type { SsoProvidersController } from '../../src/accounts/single-sign-on/sso-providers.controller.js';
import type {
  SsoProviderInput,
  SsoProviderPatch,
  SsoProviderView,
} from '../../src/accounts/single-sign-on/sso-schemas.js';
import type { Scope } from '../../src/tenancy/rights.js';
import { type AnswerOf, call, get } from './http.js';
import { allOf } from './pages.js';
import type { Role } from './people.js';

export type { Scope };
export type ApiKey = ApiKeyView;
export type NewApiKey = z.input<typeof ApiKeyInput>;
export type NewClient = z.input<typeof ClientInput>;
export type Provider = SsoProviderView;
export type NewProvider = z.input<typeof SsoProviderInput>;
export type ProviderChange = z.input<typeof SsoProviderPatch>;
export type ProviderTest = AnswerOf<SsoProvidersController['test']>;

export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal }) => allOf<ApiKey>('/api-keys', {}, signal),
});

export const makeApiKey = (input: NewApiKey): Promise<AnswerOf<ApiKeysController['create']>> =>
  call('POST', '/api-keys', { body: input });

/** A machine that signs in with a private key of its own. It is listed and ended with the keys. */
export const registerClient = (input: NewClient): Promise<ApiKey> =>
  call('POST', '/api-clients', { body: input });

export const revokeApiKey = (id: string): Promise<void> => call('DELETE', `/api-keys/${id}`);

/** The roles of which the hospital asks a second factor. */
export const secondFactorQuery = queryOptions({
  queryKey: ['second-factor-requirement'],
  queryFn: ({ signal }) =>
    get<AnswerOf<SecondFactorRequirementController['show']>>('/second-factor-requirement', undefined, signal),
});

export const requireSecondFactor = (
  roles: readonly Role[],
): Promise<AnswerOf<SecondFactorRequirementController['change']>> =>
  call('PUT', '/second-factor-requirement', { body: { roles } });

export const providersQuery = queryOptions({
  queryKey: ['sso-providers'],
  queryFn: ({ signal }) => allOf<Provider>('/sso-providers', {}, signal),
});

export const addProvider = (input: NewProvider): Promise<Provider> =>
  call('POST', '/sso-providers', { body: input });

export const changeProvider = (id: string, change: ProviderChange): Promise<Provider> =>
  call('PATCH', `/sso-providers/${id}`, { body: change });

export const testProvider = (id: string): Promise<ProviderTest> => call('POST', `/sso-providers/${id}/test`);

export const identitiesQuery = (personId: string) =>
  queryOptions({
    queryKey: ['people', personId, 'identities'],
    queryFn: async ({ signal }) =>
      (
        await get<AnswerOf<SsoProvidersController['identities']>>(
          `/people/${personId}/identities`,
          undefined,
          signal,
        )
      ).items,
  });

/** Who a person is at a sign-on provider. */
export const linkIdentity = (personId: string, provider: string, subject: string): Promise<void> =>
  call('POST', `/people/${personId}/identities`, { body: { provider, subject } });

export const unlinkIdentity = (personId: string, provider: string, subject: string): Promise<void> =>
  call('POST', `/people/${personId}/identities/unlink`, { body: { provider, subject } });
