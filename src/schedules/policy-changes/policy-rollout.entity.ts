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

/** A new policy for all plans of a hospital. It is previewed, then applied, and can be undone. */
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

  /** The version in force when the rollout was requested. The preview compares with it. */
  @Column('integer')
  basedOnVersion!: number;

  /** The version number of the new policy in force. Undoing the rollout creates another version. */
  @Column('integer', { nullable: true })
  appliedVersion!: number | null;

  /** The last patient that the preview has counted. */
  @Column('uuid', { nullable: true })
  cursor!: string | null;

  @Column('integer')
  patientsTotal!: number;

  /** The number of previewed patients. While a rollout runs, the number is counted from the patients' rows instead. */
  @Column('integer', { default: 0 })
  patientsDone!: number;

  /** The plan diff of all patients by the preview, in this and the next three columns. */
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
