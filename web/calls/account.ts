import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { MeController } from '../../src/accounts/people/me.controller.js';
import type { FreshProof } from '../../src/accounts/sign-in/sign-in-schemas.js';
import type { Language } from '../words/language.js';
import { type AnswerOf, call, get } from './http.js';

export type OwnSession = AnswerOf<MeController['sessions']>['items'][number];
export type Enrolment = AnswerOf<MeController['enrol']>;

export const ownSessionsQuery = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: async ({ signal }) =>
    (await get<AnswerOf<MeController['sessions']>>('/me/sessions', undefined, signal)).items,
});

export const endOwnSession = (id: string): Promise<void> => call('DELETE', `/me/sessions/${id}`);

export const changePassword = (
  password: string,
  newPassword: string,
): Promise<AnswerOf<MeController['changePassword']>> =>
  call('POST', '/me/password', { body: { password, newPassword } });

export const enrolAuthenticator = (password: string): Promise<Enrolment> =>
  call('POST', '/me/totp', { body: { password } });

export const confirmAuthenticator = (code: string): Promise<AnswerOf<MeController['confirm']>> =>
  call('POST', '/me/totp/confirm', { body: { code } });

export const removeAuthenticator = (proof: z.input<typeof FreshProof>): Promise<void> =>
  call('DELETE', '/me/totp', { body: proof });

export const chooseLanguage = (language: Language): Promise<AnswerOf<MeController['change']>> =>
  call('PATCH', '/me', { body: { language } });
