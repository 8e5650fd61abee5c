import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../guideline/calendar.js';

/** What people have done for an open item. */
export const ITEM_STEPS = [
  'booked',
  'attended',
  'not_attended',
  'deferred',
  'declined',
  'contraindicated',
] as const;
export type ItemStep = (typeof ITEM_STEPS)[number];

/**
 * One item of a patient's plan, with its window. The status (upcoming, due, overdue, missed) is not stored: `statusOn`
 * computes it from the dates.
 */
@Entity('surveillance_item')
export class SurveillanceItem {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('uuid')
  patientId!: string;

  /** `id@version` of the guideline that planned it. */
  @Column('text')
  guideline!: string;

  /** Identifies the item within the patient's plan, by its rule and its grid date or its step in a chain. */
  @Column('text')
  key!: string;

  @Column('text')
  pathway!: string;

  @Column('text')
  rule!: string;

  @Column('text')
  activity!: string;

  @Column('text', { array: true })
  covers!: string[];

  /** Dates of other rules that the same examination answers, each `RULE@DUE`. */
  @Column('text', { array: true, default: [] })
  alsoFor!: string[];

  @Column('integer')
  sequence!: number;

  @Column('integer')
  phase!: number;

  @Column('date')
  measuredFrom!: CalendarDate;

  @Column('date')
  earliest!: CalendarDate;

  @Column('date')
  due!: CalendarDate;

  /** The first late day. */
  @Column('date')
  overdue!: CalendarDate;

  /**
   * From this day on the item is missed, because the next item opens or the pathway ends; null if neither is known.
   */
  @Column('date', { nullable: true })
  missedOn!: CalendarDate | null;

  @Column('boolean')
  beforeEnrolment!: boolean;

  /** True while the date depends on an exam that has not been done yet. */
  @Column('boolean')
  projected!: boolean;

  /** True if the hospital or a clinician chose an interval outside the guideline's range. */
  @Column('boolean')
  deviates!: boolean;

  @Column('text')
  state!: 'active' | 'completed' | 'cancelled';

  @Column('date', { nullable: true })
  completedOn!: CalendarDate | null;

  @Column('uuid', { nullable: true })
  completedByEventId!: string | null;

  @Column('uuid', { nullable: true })
  cancelledByEventId!: string | null;

  /** 1, and one more for each time the dates moved. */
  @Column('integer', { default: 1 })
  revision!: number;

  /** The day of the next reminder; null if there is none. The reminder sweep and every new plan set it. */
  @Column('date', { nullable: true })
  nextReminderOn!: CalendarDate | null;

  /** The last step; null if the item is to be booked, or if `state` is not active. */
  @Column('text', { nullable: true })
  step!: ItemStep | null;

  /** The day of the step: of the appointment, of the exam, or of the refusal. */
  @Column('date', { nullable: true })
  stepOn!: CalendarDate | null;

  /** The day on which the item is automatically to be booked again; null if there is none. */
  @Column('date', { nullable: true })
  stepUntil!: CalendarDate | null;

  /** The number of changes by people: steps and their undoing; null for 0. */
  @Column('integer', { nullable: true })
  steps!: number | null;

  /** The day by which lists rank it (`urgentDay`); null: its first late day. */
  @Column('date', { nullable: true })
  urgentOn!: CalendarDate | null;

  /**
   * The value of `missedOn` when the item was taken out of the indexes of open items. It is in them if this differs.
   */
  @Column({ type: 'date', nullable: true, insert: false, update: false, select: false })
  overtakenOn?: CalendarDate | null;

  /** Where the patient is, while the item has a step; the database keeps these four, for the lists. */
  @Column({ type: 'text', nullable: true, insert: false, update: false, select: false })
  stepWard?: string | null;

  @Column({ type: 'text', nullable: true, insert: false, update: false, select: false })
  stepDepartment?: string | null;

  @Column({ type: 'text', nullable: true, insert: false, update: false, select: false })
  stepGroup?: string | null;

  @Column({ type: 'integer', nullable: true, insert: false, update: false, select: false })
  stepKm?: number | null;

  @Column('timestamptz')
  changedAt!: Date;
}
