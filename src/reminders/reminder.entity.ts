import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../guideline/calendar.js';
import type { ReminderKind } from '../schedules/reminder-calendar.js';

/**
 * The truth about what was announced: one row for each item, kind, due date and revision of the item. An item
 * that moves away and, after its new date was announced, back again is announced anew.
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

  /** The item's due date that was announced; a moved item is announced anew. */
  @Column('date')
  due!: CalendarDate;

  /** The item's revision that was announced; of an item's reminders the one of the highest is the newest. */
  @Column('integer')
  itemRevision!: number;

  @Column('date')
  remindOn!: CalendarDate;

  @Column('timestamptz')
  createdAt!: Date;
}
