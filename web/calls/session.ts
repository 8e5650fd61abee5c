import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { MeController } from '../../src/accounts/people/me.controller.js';
import type { SignInController } from '../../src/accounts/sign-in/sign-in.controller.js';
import type { FreshProof, SignInInput } from '../../src/accounts/sign-in/sign-in-schemas.js';
import type { SignInOptionsController } from '../../src/accounts/single-sign-on/sign-in-options.controller.js';
import { addressOf, type AnswerOf, call, get } from './http.js';

export type Credentials = z.input<typeof SignInInput>;

/** The name of the hospital, and the other systems by which its people sign in. */
export const signInOptionsQuery = (hospital: string) =>
  queryOptions({
    queryKey: ['sign-in-options', hospital],
    queryFn: ({ signal }) =>
      get<AnswerOf<SignInOptionsController['of']>>(`/sign-in-options/${hospital}`, undefined, signal),
    enabled: /^[a-z0-9][a-z0-9-]{1,19}$/.test(hospital),
    staleTime: Infinity,
    retry: false,
  });

/** People of a demonstration and their common password, which is public. */
export type Demonstration = NonNullable<AnswerOf<SignInOptionsController['of']>['demonstration']>;

/** Where signing in by another system begins. */
export const ssoAddress = (hospital: string, provider: string): string =>
  addressOf(`/sso/${hospital}/${provider}/start`);

export const signIn = (credentials: Credentials): Promise<AnswerOf<SignInController['signIn']>> =>
  call('POST', '/sign-in', { body: credentials });

/** Proves the identity again: for five minutes the session can change access rights. */
export const stepUp = (proof: z.input<typeof FreshProof>): Promise<AnswerOf<MeController['stepUp']>> =>
  call('POST', '/me/step-up', { body: proof });

export const signOut = (): Promise<void> => call('POST', '/sign-out');
