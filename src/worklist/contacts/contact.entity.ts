import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { ContactChannel } from '../settings/contact-channels.js';
import type { ContactAttempt, ContactOutcome, FailureCause } from './contact-attempt.js';

/** One attempt to reach a patient. Append-only: a wrong one is voided, never edited. */
@Entity('contact')
export class Contact implements ContactAttempt {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('uuid')
  patientId!: string;

  @Column('text')
  channel!: ContactChannel;

  @Column('text')
  outcome!: ContactOutcome;

  @Column('text', { nullable: true })
  cause!: FailureCause | null;

  @Column('boolean')
  confirmsAlive!: boolean;

  @Column('date')
  contactedOn!: CalendarDate;

  @Column('date', { nullable: true })
  nextActionOn!: CalendarDate | null;

  /** The relative who was tried; null: none of the patient's relatives. */
  @Column('uuid', { nullable: true })
  relativeId!: string | null;

  /** The digits of the number that was dialled. Sealed, as note and void reason are. */
  @Column('text', { nullable: true })
  number!: string | null;

  @Column('text', { nullable: true })
  note!: string | null;

  @Column('text')
  author!: string;

  /** The id of the person or key that recorded it. */
  @Column('text')
  callerId!: string;

  @Column('timestamptz')
  recordedAt!: Date;

  @Column('timestamptz', { nullable: true })
  voidedAt!: Date | null;

  @Column('text', { nullable: true })
  voidedBy!: string | null;

  @Column('text', { nullable: true })
  voidReason!: string | null;
}
