import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Decision } from './decision.js';

/** A clinician's decision for one patient. It may be revoked, but never edited. */
@Entity('clinical_decision')
export class ClinicalDecision {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('uuid')
  patientId!: string;

  @Column('text')
  kind!: Decision['kind'];

  /** The other fields of the `Decision` of this kind. */
  @Column('jsonb')
  detail!: Record<string, unknown>;

  @Column('text')
  author!: string;

  @Column('text')
  reason!: string;

  @Column('timestamptz')
  decidedAt!: Date;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;

  @Column('text', { nullable: true })
  revokedBy!: string | null;

  @Column('text', { nullable: true })
  revokeReason!: string | null;
}
