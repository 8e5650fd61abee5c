import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Decision } from './decision.js';

/** What a clinician decided for one patient. Append-only: it may be revoked, never edited. */
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

  /** The fields beside the kind; their shape is that of `Decision` of the same kind. */
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
