import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../guideline/calendar.js';
import type { EscalatedTo, ReminderKind } from '../schedules/reminder-calendar.js';

/**
 * The truth about what was announced: one row for each item, kind, day, due date and revision of the item. An item
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

  /** Who has to act, if nobody did for as long as the hospital's policy says. */
  @Column('text', { nullable: true })
  escalatedTo!: EscalatedTo | null;

  /** Whether it should have left on an earlier day. */
  @Column('boolean', { default: false })
  late!: boolean;

  /** The event that tells it together with other reminders of the patient. */
  @Column('uuid', { nullable: true })
  digest!: string | null;

  @Column('timestamptz')
  createdAt!: Date;
}
