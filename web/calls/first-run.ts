import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { MeController } from '../../src/accounts/people/me.controller.js';
import type { PeopleController } from '../../src/accounts/people/people.controller.js';
import type { PersonInput } from '../../src/accounts/person-schemas.js';
import type { FirstRunController } from '../../src/hospitals/first-run.controller.js';
import type { FirstRunInput } from '../../src/hospitals/first-run-schemas.js';
import type { GuidelinesController } from '../../src/schedules/guidelines.controller.js';
import type { PolicyRolloutsController } from '../../src/schedules/policy-changes/policy-rollouts.controller.js';
import type { PolicyRolloutInput } from '../../src/schedules/policy-changes/policy-rollout-schemas.js';
import { type AnswerOf, call, get } from './http.js';

export type FirstRun = AnswerOf<FirstRunController['progress']>;
export type FirstSteps = z.input<typeof FirstRunInput>;
export type Colleague = z.input<typeof PersonInput>;
/** An account with the code that is shown once. */
export type NewAccount = AnswerOf<PeopleController['register']>;
export type Rollout = AnswerOf<PolicyRolloutsController['get']>;
export type Policy = AnswerOf<PolicyRolloutsController['policy']>['policy'];

const WHILE_RUNNING_MS = 700;

export const firstRunQuery = queryOptions({
  queryKey: ['first-run'],
  queryFn: ({ signal }) => get<FirstRun>('/first-run', undefined, signal),
  staleTime: 0,
});

/** Names the hospital and registers its first administrator; the browser then has a session. */
export const beginFirstRun = (input: FirstSteps): Promise<AnswerOf<FirstRunController['begin']>> =>
  call('POST', '/first-run', { body: input });

export const finishFirstRun = (): Promise<FirstRun> => call('POST', '/first-run/finish', { body: {} });

/** A secret for the authenticator of the caller. */
export const enrolAuthenticator = (password: string): Promise<AnswerOf<MeController['enrol']>> =>
  call('POST', '/me/totp', { body: { password } });

export const confirmAuthenticator = (code: string): Promise<AnswerOf<MeController['confirm']>> =>
  call('POST', '/me/totp/confirm', { body: { code } });

export const registerColleague = (colleague: Colleague): Promise<NewAccount> =>
  call('POST', '/people', { body: colleague });

export const policyInForceQuery = queryOptions({
  queryKey: ['policy'],
  queryFn: ({ signal }) => get<AnswerOf<PolicyRolloutsController['policy']>>('/policy', undefined, signal),
});

export const guidelinesQuery = queryOptions({
  queryKey: ['guidelines'],
  queryFn: ({ signal }) => get<AnswerOf<GuidelinesController['list']>>('/guidelines', undefined, signal),
});

export const previewPolicy = (input: z.input<typeof PolicyRolloutInput>): Promise<Rollout> =>
  call('POST', '/plan-changes', { body: input });

/** A preview, read again until it has counted all patients. */
export const rolloutQuery = (id: string) =>
  queryOptions({
    queryKey: ['plan-changes', id],
    queryFn: ({ signal }) => get<Rollout>(`/plan-changes/${id}`, undefined, signal),
    refetchInterval: ({ state: { data } }) => (data?.state === 'previewing' ? WHILE_RUNNING_MS : false),
  });

export const applyPolicy = (id: string): Promise<Rollout> => call('POST', `/plan-changes/${id}/apply`);
export const discardPolicy = (id: string): Promise<Rollout> => call('POST', `/plan-changes/${id}/discard`);
