import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../guideline/calendar.js';
import type { ValueToJudge } from '../guideline/reference-limits.js';

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

  /** The measured values that a clinician has to judge, with the limits in force when the event was recorded; null: none. */
  @Column('jsonb', { nullable: true })
  toJudge!: readonly ValueToJudge[] | null;

  /** The person who confirmed values that contradict the outcome or the record. */
  @Column('text', { nullable: true })
  confirmedBy!: string | null;

  /** The event of another record of the same person of which this is a copy; null: it was recorded here. */
  @Column('uuid', { nullable: true })
  copiedFrom!: string | null;

  @Column('timestamptz')
  recordedAt!: Date;

  @Column('timestamptz', { nullable: true })
  voidedAt!: Date | null;

  @Column('text', { nullable: true })
  voidReason!: string | null;
}
