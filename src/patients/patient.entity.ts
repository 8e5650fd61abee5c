import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../guideline/calendar.js';

/** The reason for the erasure of a patient's data: the grounds of PIPL article 47, or a registration by mistake. */
export const ERASURE_GROUNDS = [
  'patient_request',
  'purpose_ended',
  'registered_in_error',
  'unlawful',
] as const;
export type ErasureGround = (typeof ERASURE_GROUNDS)[number];

/** The person in follow-up; the hospital identifies the patient by `mrn`. */
@Entity('patient')
export class Patient {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('text')
  mrn!: string;

  /** Sealed, like phone and identity number: see `identity.ts`. In clear text where an older version wrote it. */
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

  /** From an identity card, or a passport. */
  @Column('text', { nullable: true })
  identityNumber!: string | null;

  /** Search terms of the patient; null where an older version wrote the identity. */
  @Column('bytea', { name: 'search_terms', array: true, nullable: true, select: false })
  blindIndex!: Buffer[] | null;

  /** The mrn in its unique form (`folded`); the database computes it. */
  @Column({ type: 'text', insert: false, update: false, select: false })
  mrnKey?: string;

  /**
   * Another patient had this mrn in another form before such duplicates were refused. The database clears it when the
   * mrn changes.
   */
  @Column({ type: 'boolean', insert: false, update: false, select: false })
  mrnShared?: boolean;

  /** The blind index of the identity number, which is one of the search terms; unique in the hospital. */
  @Column('bytea', { nullable: true, select: false })
  identityIndex?: Buffer | null;

  /** Another patient had this identity number before duplicates were refused, so it has no index here. */
  @Column('boolean', { default: false })
  identityShared!: boolean;

  /** The form version of the search terms; 1: made by a version before this column. */
  @Column('smallint', { default: 1, select: false })
  indexVersion?: number;

  /** The name of the nurse as it was entered or imported. */
  @Column('text', { nullable: true })
  responsibleNurse!: string | null;

  /** The person to whom the database resolves that name; null: no person has it, or several have. */
  @Column('uuid', { nullable: true })
  responsiblePersonId!: string | null;

  /** The nurse's name in the form by which imported names are mapped; the database computes it. */
  @Column({ type: 'text', nullable: true, insert: false, update: false, select: false })
  nurseKey?: string | null;

  /**
   * The department whose staff sees the patient, apart from the responsible nurse; null: everybody of the hospital.
   */
  @Column('text', { nullable: true })
  department!: string | null;

  /** The ward; unlike the department it does not limit who sees the patient. */
  @Column('text', { nullable: true })
  ward!: string | null;

  /** The group of doctors that treats the patient. */
  @Column('text', { nullable: true, name: 'care_group' })
  group!: string | null;

  /** From the patient's home to the hospital. */
  @Column('integer', { nullable: true })
  distanceKm!: number | null;

  /** The clinician's choice for this patient; null: the hospital's policy decides. */
  @Column('text', { nullable: true })
  profile!: 'intensive' | 'minimal' | null;

  @Column('text', { nullable: true })
  liverImaging!: 'ct' | 'mri' | null;

  /** The first day for which the hospital is responsible; earlier items are never overdue. */
  @Column('date')
  enrolledOn!: CalendarDate;

  /** The first day on which the stored plan may differ from a newly computed one; null: it never will. */
  @Column('date', { nullable: true })
  replanOn!: CalendarDate | null;

  /** The policy version from which the stored plan was computed. */
  @Column('integer', { default: 1 })
  policyVersion!: number;

  /** The revision of the planner that computed the stored plan. */
  @Column('integer', { default: 0 })
  plannerRevision!: number;

  /** Since when a clinician has to decide how the follow-up continues; null: there is nothing to decide. Kept by re-planning. */
  @Column({ type: 'date', nullable: true, insert: false, update: false, select: false })
  undecidedSince?: CalendarDate | null;

  /**
   * Not after the first due date of the items that a list by date can hold; null: there are none. Triggers keep it, and
   * re-planning writes it before them.
   */
  @Column({ type: 'date', nullable: true, insert: false, update: false, select: false })
  nextDue?: CalendarDate | null;

  /** Whether a result of the patient has no reader yet. Triggers keep it, like the next three. */
  @Column({ type: 'boolean', insert: false, update: false, select: false })
  hasUnseenResult?: boolean;

  /** Whether a clinician has to judge a result of the patient. */
  @Column({ type: 'boolean', insert: false, update: false, select: false })
  hasResultToJudge?: boolean;

  /** Whether the patient withdrew the consent to webhooks. */
  @Column({ type: 'boolean', insert: false, update: false, select: false })
  webhookWithdrawn?: boolean;

  /** The day from which a loss of the patient is proposed; null: no attempt to reach the patient says one. */
  @Column({ type: 'date', nullable: true, insert: false, update: false, select: false })
  lossProposedOn?: CalendarDate | null;

  /** When the identity was erased; null: it was not. */
  @Column('timestamptz', { nullable: true })
  erasedAt!: Date | null;

  @Column('text', { nullable: true })
  erasedBy!: string | null;

  @Column('text', { nullable: true })
  erasureGround!: ErasureGround | null;

  /** The record into which this one was merged; null: it was not merged. */
  @Column('uuid', { nullable: true })
  mergedInto!: string | null;

  @Column('timestamptz')
  createdAt!: Date;
}
