import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../guideline/calendar.js';
import type { ReminderKind } from '../schedules/reminder-calendar.js';

/** The truth about what was announced: one row for each item, kind and due date, ever. */
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

  @Column('date')
  remindOn!: CalendarDate;

  @Column('timestamptz')
  createdAt!: Date;
}
