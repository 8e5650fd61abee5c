import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Relation } from './relations.js';

/** A person through whom a patient can be reached. */
@Entity('patient_relative')
export class PatientRelative {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('uuid')
  patientId!: string;

  /** Sealed, as phone and note are; empty after removal. */
  @Column('text')
  name!: string;

  @Column('text')
  relation!: Relation;

  @Column('text', { nullable: true })
  phone!: string | null;

  @Column('text', { nullable: true })
  note!: string | null;

  /** The order in which relatives are called, the lowest first. */
  @Column('integer')
  rank!: number;

  @Column('text')
  author!: string;

  @Column('timestamptz')
  recordedAt!: Date;

  @Column('timestamptz', { nullable: true })
  removedAt!: Date | null;

  @Column('text', { nullable: true })
  removedBy!: string | null;
}
