import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../../guideline/calendar.js';

/** How an appointment can end, as people record it. */
export const OUTCOMES = [
  'attended',
  'not_attended',
  'cancelled_by_patient',
  'cancelled_by_hospital',
] as const;
export type AppointmentOutcome = (typeof OUTCOMES)[number];

export const HALF_DAYS = ['morning', 'afternoon'] as const;
export type HalfDay = (typeof HALF_DAYS)[number];

/** A visit of one patient, at which several items can be done. */
@Entity('appointment')
export class Appointment {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('uuid')
  patientId!: string;

  @Column('date')
  date!: CalendarDate;

  /** `HH:MM`; null: the time is not known, or only the half-day. */
  @Column('text', { nullable: true })
  time!: string | null;

  @Column('text', { nullable: true })
  halfDay!: HalfDay | null;

  /** Where: a department, a hospital. In clear, because calendars select by it. */
  @Column('text', { nullable: true })
  place!: string | null;

  /** Sealed, like the other free texts. */
  @Column('text', { nullable: true })
  room!: string | null;

  @Column('text', { nullable: true })
  note!: string | null;

  /** Why the day lies outside the window of an item: one of `STEP_REASONS.book`. */
  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('text', { nullable: true })
  reasonNote!: string | null;

  /** Whether the day lay outside the window of one of the items when it was booked or moved. */
  @Column('boolean')
  outsideWindow!: boolean;

  /** Counts the changes, from 1: the `ETag`. */
  @Column('integer')
  version!: number;

  /** How often it was moved to another day or time. */
  @Column('integer')
  moves!: number;

  /** Since when a nurse has to look at it, because the plan has taken away or moved one of its items; null: need not. */
  @Column('timestamptz', { nullable: true })
  attentionSince!: Date | null;

  /** When the patient, or a relative, confirmed day and time; null: not since they last changed. */
  @Column('timestamptz', { nullable: true })
  confirmedAt!: Date | null;

  /** `withdrawn`: the booking was undone. Null: it is open. */
  @Column('text', { nullable: true })
  outcome!: AppointmentOutcome | 'withdrawn' | null;

  @Column('text', { nullable: true })
  outcomeNote!: string | null;

  @Column('text', { nullable: true })
  outcomeBy!: string | null;

  @Column('timestamptz', { nullable: true })
  outcomeAt!: Date | null;

  @Column('text')
  bookedBy!: string;

  @Column('timestamptz')
  bookedAt!: Date;

  @Column('text')
  changedBy!: string;

  @Column('timestamptz')
  changedAt!: Date;
}

/** An item of an appointment. */
@Entity('appointment_item')
export class AppointmentItem {
  @PrimaryColumn('uuid')
  hospitalId!: string;

  @PrimaryColumn('uuid')
  appointmentId!: string;

  @PrimaryColumn('uuid')
  itemId!: string;

  @Column('uuid')
  patientId!: string;

  /** Whether the day lay outside the window of this item when it was booked or moved. */
  @Column('boolean')
  outsideWindow!: boolean;

  /** Whether the appointment has no outcome yet. */
  @Column('boolean')
  isOpen!: boolean;
}
