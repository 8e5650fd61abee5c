import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../guideline/calendar.js';
import type { EscalatedTo, ReminderKind } from '../schedules/reminder-calendar.js';

/**
 * A recorded reminder: one row for each item, kind, day, due date and revision of the item. An item that moves is
 * reminded of again, also when it moves back to its first date.
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

  /** The item's due date at the time of the reminder. */
  @Column('date')
  due!: CalendarDate;

  /** The item's revision at the time of the reminder. An item's newest reminder has the highest one. */
  @Column('integer')
  itemRevision!: number;

  @Column('date')
  remindOn!: CalendarDate;

  /** The role that must act, after the hospital's escalation period; null before it. */
  @Column('text', { nullable: true })
  escalatedTo!: EscalatedTo | null;

  /** Whether the reminder should have been recorded on an earlier day. */
  @Column('boolean', { default: false })
  late!: boolean;

  /** The event that contains this reminder together with others of the patient; null if it has an event of its own. */
  @Column('uuid', { nullable: true })
  digest!: string | null;

  @Column('timestamptz')
  createdAt!: Date;
}
