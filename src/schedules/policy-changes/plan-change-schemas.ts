import { z } from 'zod';
import { Author } from '../../tenancy/author.js';
import { HospitalPolicy, PolicyPatch } from '../../tenancy/policy/hospital-policy.js';
import { pageBy, pageOf } from '../../platform/http/paging.js';
import { text } from '../../platform/text.js';
import { PLAN_CHANGE_STATES } from './plan-change.entity.js';

/** Who decides, and why. */
export const DecisionInput = z
  .strictObject({ author: Author, reason: text(500) })
  .meta({ id: 'DecisionInput' });
export type DecisionInput = z.output<typeof DecisionInput>;

export const PlanChangeInput = DecisionInput.extend({ policy: PolicyPatch }).meta({ id: 'PlanChangeInput' });
export type PlanChangeInput = z.output<typeof PlanChangeInput>;

export const PlanChangeView = z
  .object({
    id: z.uuid(),
    state: z.enum(PLAN_CHANGE_STATES),
    policy: HospitalPolicy.describe('The whole policy as it would be'),
    basedOnVersion: z.int().describe('The version of the policy with which the preview compares'),
    appliedVersion: z.int().nullable().describe('The version as which it was put in force'),
    patientsTotal: z.int(),
    patientsDone: z.int().describe('Patients counted by the preview, or whose plan has been changed'),
    kept: z.int().describe('Items of all plans, counted by the preview'),
    moved: z.int(),
    cancelled: z.int(),
    added: z.int(),
    author: z.string(),
    reason: z.string(),
    createdAt: z.iso.datetime(),
    changedAt: z.iso.datetime(),
  })
  .meta({ id: 'HospitalPlanChange' });
export type PlanChangeView = z.input<typeof PlanChangeView>;

export const PlanChangeQuery = pageBy(z.tuple([z.uuid()]));
export type PlanChangeQuery = z.output<typeof PlanChangeQuery>;
export const PlanChangePage = pageOf('HospitalPlanChanges', PlanChangeView);

export const PolicyView = z
  .object({
    version: z.int(),
    policy: HospitalPolicy,
    author: z.string().nullable().describe('Null for the policy that the hospital began with'),
    reason: z.string().nullable(),
    since: z.iso.datetime(),
  })
  .meta({ id: 'HospitalPolicyInForce' });
