import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../guideline/calendar.js';

/** What people have done about an open item. */
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
 * One examination of a patient's plan with its window. `state` is what people did;
 * upcoming, due, overdue and missed follow from the dates (see `statusOn`).
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

  /** Identifies the grid date or step on its clock. Replanning does not change it. */
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

  /** From this day on the next item, or the pathway's end, has overtaken it. */
  @Column('date', { nullable: true })
  missedOn!: CalendarDate | null;

  @Column('boolean')
  beforeEnrolment!: boolean;

  /** True while its date rests on an examination that has not happened yet. */
  @Column('boolean')
  projected!: boolean;

  /** True when hospital or clinician chose an interval outside the guideline's. */
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

  /** Counts the times its dates moved. */
  @Column('integer', { default: 1 })
  revision!: number;

  /** The day of its next reminder; null: none is to come. Kept by the reminder sweep and by re-planning. */
  @Column('date', { nullable: true })
  nextReminderOn!: CalendarDate | null;

  /** The last step of people towards the examination; null: it has to be booked. Empty unless `state` is active. */
  @Column('text', { nullable: true })
  step!: ItemStep | null;

  /** The day of that step: of the appointment, of the examination, of the refusal. */
  @Column('date', { nullable: true })
  stepOn!: CalendarDate | null;

  /** The day on which the item returns to be booked by itself; null: it does not. */
  @Column('date', { nullable: true })
  stepUntil!: CalendarDate | null;

  /** Counts the changes by people; null: none yet. */
  @Column('integer', { nullable: true })
  steps!: number | null;

  /** The day by which it becomes urgent where its window is long; null: its first late day. The database fills it in. */
  @Column({ type: 'date', nullable: true, insert: false, update: false, select: false })
  urgentOn?: CalendarDate | null;

  /** `missedOn` as it was when the item left the indexes of open items; another day, or null: it is in them. */
  @Column({ type: 'date', nullable: true, insert: false, update: false, select: false })
  overtakenOn?: CalendarDate | null;

  @Column('timestamptz')
  changedAt!: Date;
}
