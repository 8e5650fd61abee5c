import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { HospitalPolicy } from './hospital-policy.js';

/** One version of a hospital's policy, its author and reason. Never changes: the next decision is a new version. */
@Entity('hospital_policy')
export class PolicyVersion {
  @PrimaryColumn('uuid')
  hospitalId!: string;

  @PrimaryColumn('integer')
  version!: number;

  @Column('jsonb')
  policy!: HospitalPolicy;

  /** Null for the initial policy. */
  @Column('text', { nullable: true })
  author!: string | null;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('timestamptz')
  createdAt!: Date;
}
