import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { Position, StepKind } from './item-transitions.js';

/** One step of a person about an item. It stays in the history; what changes is whether it was undone. */
@Entity('item_step')
export class ItemStepRecord {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('uuid')
  patientId!: string;

  @Column('uuid')
  itemId!: string;

  /** What the item's `steps` counted after it. */
  @Column('integer')
  number!: number;

  /** The same for steps that were taken in one call: of several items, they are undone together. */
  @Column('uuid')
  groupId!: string;

  @Column('text')
  step!: StepKind;

  @Column('text')
  fromPosition!: Position;

  @Column('date', { nullable: true })
  fromOn!: CalendarDate | null;

  @Column('date', { nullable: true })
  fromUntil!: CalendarDate | null;

  @Column('text')
  toPosition!: Position;

  @Column('date', { nullable: true })
  toOn!: CalendarDate | null;

  @Column('date', { nullable: true })
  toUntil!: CalendarDate | null;

  /** One of `STEP_REASONS`. */
  @Column('text', { nullable: true })
  reason!: string | null;

  /** Sealed. */
  @Column('text', { nullable: true })
  note!: string | null;

  /** Dates, codes and places; nothing about who the patient is. */
  @Column('jsonb')
  detail!: StepDetail;

  @Column('uuid', { nullable: true })
  appointmentId!: string | null;

  /** The clinical event that the step recorded. */
  @Column('uuid', { nullable: true })
  eventId!: string | null;

  @Column('text')
  author!: string;

  @Column('text')
  callerId!: string;

  @Column('timestamptz')
  takenAt!: Date;

  /** What the item's `steps` counted after it was undone; null: it was not. */
  @Column('integer', { nullable: true })
  undoneNumber!: number | null;

  @Column('timestamptz', { nullable: true })
  undoneAt!: Date | null;

  @Column('text', { nullable: true })
  undoneBy!: string | null;

  @Column('text', { nullable: true })
  undoneById!: string | null;
}

/** When and where an appointment is. */
export interface AppointmentTime {
  readonly date: CalendarDate;
  readonly time: string | null;
  readonly halfDay: 'morning' | 'afternoon' | null;
  readonly place: string | null;
}

/** What belongs to some steps alone. */
export interface StepDetail {
  /** Of `contraindicate`: the activity to be done instead. */
  readonly substitute?: string;
  /** Of `book` and `move`. */
  readonly appointment?: AppointmentTime;
  /** Of `move`: what it was before. */
  readonly before?: AppointmentTime;
  /** Of `merge`: the item of the merged record, whose history says what was done. */
  readonly fromItemId?: string;
  /** Of `cancel_appointment`: which side cancelled. */
  readonly cancelledBy?: 'patient' | 'hospital';
}
