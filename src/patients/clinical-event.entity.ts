import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../guideline/calendar.js';
import type { ReviewReason } from '../guideline/review-reasons.js';

/** A dated fact of the patient's history. Append-only: a wrong one is voided, never edited. */
@Entity('clinical_event')
export class ClinicalEvent {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('uuid')
  patientId!: string;

  @Column('text')
  type!: string;

  @Column('date')
  date!: CalendarDate;

  /** The fields apart from type and date; their schema is `ClinicalEventInput` of the same type. */
  @Column('jsonb')
  detail!: Record<string, unknown>;

  /** Why a clinician has to judge the exam, by the rules in force when it was recorded; null: nothing is to be judged. */
  @Column('jsonb', { nullable: true })
  toJudge!: readonly ReviewReason[] | null;

  /** When a clinician judged the exam; null: not yet, or it was undone. */
  @Column('timestamptz', { nullable: true })
  judgedAt!: Date | null;

  /** The activity of an exam whose result has to be seen; null: no exam, or one of the history that was imported. */
  @Column('text', { nullable: true })
  resultOf!: string | null;

  @Column('timestamptz', { nullable: true })
  seenAt!: Date | null;

  @Column('text', { nullable: true })
  seenBy!: string | null;

  /** The person who confirmed values that contradict the outcome or the record. */
  @Column('text', { nullable: true })
  confirmedBy!: string | null;

  /** The event of another record of the same person of which this is a copy; null: it was recorded here. */
  @Column('uuid', { nullable: true })
  copiedFrom!: string | null;

  @Column('timestamptz')
  recordedAt!: Date;

  /** The name of the person or key; null: an older version recorded it. */
  @Column('text', { nullable: true })
  recordedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  voidedAt!: Date | null;

  /** The name of the person or key; null: it is not voided, or an older version voided it. */
  @Column('text', { nullable: true })
  voidedBy!: string | null;

  @Column('text', { nullable: true })
  voidReason!: string | null;
}
