import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { HospitalPolicy } from '../../tenancy/policy/hospital-policy.js';

export const POLICY_ROLLOUT_STATES = [
  'previewing',
  'previewed',
  'applying',
  'applied',
  'undoing',
  'undone',
  'discarded',
] as const;
export type PolicyRolloutState = (typeof POLICY_ROLLOUT_STATES)[number];

/** Another policy for all plans of a hospital: first only counted through, then put in force, perhaps taken back. */
@Entity('plan_change')
export class PolicyRollout {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('text')
  state!: PolicyRolloutState;

  /** The whole policy as it would be. */
  @Column('jsonb')
  policy!: HospitalPolicy;

  /** The version in force when it was asked for, with which the preview compares. */
  @Column('integer')
  basedOnVersion!: number;

  /** The version as which it was put in force; taking it back is the next one. */
  @Column('integer', { nullable: true })
  appliedVersion!: number | null;

  /** The last patient that the preview has counted. */
  @Column('uuid', { nullable: true })
  cursor!: string | null;

  @Column('integer')
  patientsTotal!: number;

  /** From the preview; while a rollout runs, the patients themselves give the number. */
  @Column('integer', { default: 0 })
  patientsDone!: number;

  /** Items of all plans, as the preview counted them: kept, moved, cancelled and added. */
  @Column('bigint', { default: 0 })
  kept!: number;

  @Column('bigint', { default: 0 })
  moved!: number;

  @Column('bigint', { default: 0 })
  cancelled!: number;

  @Column('bigint', { default: 0 })
  added!: number;

  @Column('text')
  author!: string;

  @Column('text')
  reason!: string;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  changedAt!: Date;
}
