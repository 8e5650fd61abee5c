import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Guideline } from '../../guideline/guideline.js';

/** A hospital's own protocol. Never changes: a correction is a new version. */
@Entity('stored_guideline')
export class StoredGuideline {
  @PrimaryColumn('uuid')
  hospitalId!: string;

  @PrimaryColumn('text')
  id!: string;

  @PrimaryColumn('text')
  version!: string;

  /** SHA-256 of the validated content, in hexadecimal digits. */
  @Column('text')
  digest!: string;

  @Column('json')
  content!: Guideline;

  @Column('text')
  uploadedBy!: string;

  @Column('timestamptz')
  uploadedAt!: Date;
}
