import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { PolicyRolloutInput } from '../../src/schedules/policy-changes/policy-rollout-schemas.js';
import type { PolicyRolloutsController } from '../../src/schedules/policy-changes/policy-rollouts.controller.js';
import type { HospitalPolicy } from '../../src/tenancy/policy/hospital-policy.js';
import { type AnswerOf, call, get } from './http.js';

/** With every default, as it is stored. */
export type Policy = z.output<typeof HospitalPolicy>;
type WithPolicy<Answer extends { readonly policy: unknown }> = Omit<Answer, 'policy'> & {
  readonly policy: Policy;
};

export type PolicyInForce = WithPolicy<AnswerOf<PolicyRolloutsController['policy']>>;
export type PolicyChange = z.input<typeof PolicyRolloutInput>;
export type Rollout = WithPolicy<AnswerOf<PolicyRolloutsController['get']>>;
export type RolloutExamples = AnswerOf<PolicyRolloutsController['examplesOf']>;

const PROGRESS_MS = 1000;
const RUNNING: readonly Rollout['state'][] = ['previewing', 'applying', 'undoing'];

export const isRunning = ({ state }: Pick<Rollout, 'state'>): boolean => RUNNING.includes(state);

export const policyQuery = queryOptions({
  queryKey: ['policy'],
  queryFn: ({ signal }) => get<PolicyInForce>('/policy', undefined, signal),
});

/** The newest changes of the policy. Read again while one is being worked on. */
export const rolloutsQuery = queryOptions({
  queryKey: ['rollouts'],
  queryFn: ({ signal }) =>
    get<{ readonly items: readonly Rollout[] }>('/plan-changes', { limit: 20 }, signal),
  refetchInterval: ({ state: { data } }) => (data?.items.some(isRunning) === true ? PROGRESS_MS : false),
});

/** What a change does to single patients. */
export const examplesQuery = (id: string) =>
  queryOptions({
    queryKey: ['rollout-examples', id],
    queryFn: ({ signal }) => get<RolloutExamples>(`/plan-changes/${id}/examples`, undefined, signal),
    staleTime: Infinity,
  });

export const askRollout = (change: PolicyChange): Promise<Rollout> =>
  call('POST', '/plan-changes', { body: change });

export const applyRollout = (id: string): Promise<Rollout> => call('POST', `/plan-changes/${id}/apply`);

export const discardRollout = (id: string): Promise<Rollout> => call('POST', `/plan-changes/${id}/discard`);

export const undoRollout = (id: string, reason: string): Promise<Rollout> =>
  call('POST', `/plan-changes/${id}/undo`, { body: { reason } });
