import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../guideline/calendar.js';

/** Why a patient's data were erased: the grounds of PIPL article 47, and a slip. */
export const ERASURE_GROUNDS = [
  'patient_request',
  'purpose_ended',
  'registered_in_error',
  'unlawful',
] as const;
export type ErasureGround = (typeof ERASURE_GROUNDS)[number];

/** The person followed up; known to the hospital by `mrn`. */
@Entity('patient')
export class Patient {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('text')
  mrn!: string;

  /** Sealed, as phone and identity number are: see `identity.ts`. In clear where an older version wrote it. */
  @Column('text')
  name!: string;

  @Column('text')
  sex!: 'male' | 'female' | 'other' | 'unknown';

  @Column('date')
  birthDate!: CalendarDate;

  @Column('date')
  diagnosisDate!: CalendarDate;

  @Column('text', { nullable: true })
  phone!: string | null;

  /** Of an identity card, or of a passport. */
  @Column('text', { nullable: true })
  identityNumber!: string | null;

  /** What the patient is found by; null where an older version wrote the identity. */
  @Column('bytea', { name: 'search_terms', array: true, nullable: true, select: false })
  blindIndex!: Buffer[] | null;

  /** The mrn in the form in which it is unique (`folded`); the database fills it in. */
  @Column({ type: 'text', insert: false, update: false, select: false })
  mrnKey?: string;

  /** Another patient had this mrn in another form before that was refused. The database takes it back with another mrn. */
  @Column({ type: 'boolean', insert: false, update: false, select: false })
  mrnShared?: boolean;

  /** The blind index of the identity number, which is one of the search terms; unique in the hospital. */
  @Column('bytea', { nullable: true, select: false })
  identityIndex?: Buffer | null;

  /** Another patient had this identity number before that was refused: then it has no index here. */
  @Column('boolean', { default: false })
  identityShared!: boolean;

  /** In which form the search terms are made; 1: as a version before this one made them. */
  @Column('smallint', { default: 1, select: false })
  indexVersion?: number;

  /** The name of the nurse as it was entered or imported. */
  @Column('text', { nullable: true })
  responsibleNurse!: string | null;

  /** The person to whom the database resolves that name; null: no person has it, or several have. */
  @Column('uuid', { nullable: true })
  responsiblePersonId!: string | null;

  /** The nurse in the form by which imported names are mapped; the database fills it in. */
  @Column({ type: 'text', nullable: true, insert: false, update: false, select: false })
  nurseKey?: string | null;

  /** Who sees the patient besides the responsible nurse; null: everybody of the hospital. */
  @Column('text', { nullable: true })
  department!: string | null;

  /** The clinician's choice for this patient; null: the hospital's policy decides. */
  @Column('text', { nullable: true })
  profile!: 'intensive' | 'minimal' | null;

  @Column('text', { nullable: true })
  liverImaging!: 'ct' | 'mri' | null;

  /** The first day for which the hospital is responsible; earlier items are never overdue. */
  @Column('date')
  enrolledOn!: CalendarDate;

  /** The first day on which the stored plan may differ from a fresh one; null: it never will. */
  @Column('date', { nullable: true })
  replanOn!: CalendarDate | null;

  /** The policy version from which the stored plan was computed. */
  @Column('integer', { default: 1 })
  policyVersion!: number;

  /** The revision of the planner that computed the stored plan. */
  @Column('integer', { default: 0 })
  plannerRevision!: number;

  /** When the identity was erased; null: it was not. */
  @Column('timestamptz', { nullable: true })
  erasedAt!: Date | null;

  @Column('text', { nullable: true })
  erasedBy!: string | null;

  @Column('text', { nullable: true })
  erasureGround!: ErasureGround | null;

  @Column('timestamptz')
  createdAt!: Date;
}
