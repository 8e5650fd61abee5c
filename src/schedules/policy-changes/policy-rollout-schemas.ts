import { z } from 'zod';
import { Author } from '../../tenancy/author.js';
import { HospitalPolicy, PolicyPatch } from '../../tenancy/policy/hospital-policy.js';
import { pageBy, pageOf } from '../../platform/http/paging.js';
import { text } from '../../platform/text.js';
import { ChangeView } from '../change-view.js';
import { POLICY_ROLLOUT_STATES } from './policy-rollout.entity.js';

/** The author and the reason of a decision about the policy. */
export const DecisionInput = z
  .strictObject({ author: Author, reason: text(500) })
  .meta({ id: 'DecisionInput' });
export type DecisionInput = z.output<typeof DecisionInput>;

export const PolicyRolloutInput = DecisionInput.extend({ policy: PolicyPatch }).meta({
  id: 'PolicyRolloutInput',
});
export type PolicyRolloutInput = z.output<typeof PolicyRolloutInput>;

export const PolicyRolloutView = z
  .object({
    id: z.uuid(),
    state: z.enum(POLICY_ROLLOUT_STATES),
    policy: HospitalPolicy.describe('The whole policy as it would be'),
    basedOnVersion: z.int().describe('The version of the policy with which the preview compares'),
    appliedVersion: z.int().nullable().describe('The version number of the policy once it was put in force'),
    patientsTotal: z.int(),
    patientsDone: z.int().describe('Patients counted by the preview, or replanned by the rollout'),
    kept: z.int().describe('Items of all plans, counted by the preview'),
    moved: z.int(),
    cancelled: z.int(),
    added: z.int(),
    author: z.string(),
    reason: z.string(),
    createdAt: z.iso.datetime(),
    changedAt: z.iso.datetime(),
  })
  .meta({ id: 'PolicyRollout' });
export type PolicyRolloutView = z.input<typeof PolicyRolloutView>;

export const PolicyRolloutQuery = pageBy(z.tuple([z.uuid()]));
export type PolicyRolloutQuery = z.output<typeof PolicyRolloutQuery>;
export const PolicyRolloutPage = pageOf('PolicyRollouts', PolicyRolloutView);

/** Of one patient. */
export const CHANGES_SHOWN = 12;

export const RolloutExamplesView = z
  .object({
    patientsPlanned: z.int().describe('So many patients were planned to find these'),
    items: z
      .array(
        z.object({
          patient: z.object({ id: z.uuid(), mrn: z.string() }),
          count: z.int().describe('Items that are moved, cancelled or added'),
          changes: z.array(ChangeView).max(CHANGES_SHOWN).describe('The first of them'),
        }),
      )
      .max(6),
  })
  .meta({ id: 'PolicyRolloutExamples' });

export const PolicyView = z
  .object({
    version: z.int(),
    policy: HospitalPolicy,
    author: z.string().nullable().describe('Null for the first policy of the hospital'),
    reason: z.string().nullable(),
    since: z.iso.datetime(),
  })
  .meta({ id: 'HospitalPolicyInForce' });
