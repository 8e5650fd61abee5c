import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../guideline/calendar.js';
import type { EscalatedTo, ReminderKind } from '../schedules/reminder-calendar.js';

/**
 * The record of what was announced: one row for each item, kind, day, due date and revision of the item. An item that
 * moves, is announced with its new date, and moves back is announced again.
 */
@Entity('reminder')
export class Reminder {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('uuid')
  itemId!: string;

  @Column('text')
  kind!: ReminderKind;

  /** The item's announced due date; a moved item is announced again. */
  @Column('date')
  due!: CalendarDate;

  /** The item's announced revision; the reminder with the highest one is the item's newest. */
  @Column('integer')
  itemRevision!: number;

  @Column('date')
  remindOn!: CalendarDate;

  /** The person or role who must act after the hospital's escalation period. */
  @Column('text', { nullable: true })
  escalatedTo!: EscalatedTo | null;

  /** Whether it was due on an earlier day. */
  @Column('boolean', { default: false })
  late!: boolean;

  /** The event that announces it together with other reminders of the patient. */
  @Column('uuid', { nullable: true })
  digest!: string | null;

  @Column('timestamptz')
  createdAt!: Date;
}
