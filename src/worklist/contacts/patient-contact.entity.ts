import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { ContactChannel } from '../settings/contact-channels.js';

/**
 * What follows from all attempts to reach one patient (`contactState`), as of the newest attempt, for lists. A patient
 * without an attempt has no row, or one that only a claim made.
 */
@Entity('patient_contact')
export class PatientContact {
  @PrimaryColumn('uuid')
  hospitalId!: string;

  @PrimaryColumn('uuid')
  patientId!: string;

  @Column('integer', { default: 0 })
  tried!: number;

  @Column('integer', { default: 0 })
  reached!: number;

  @Column('integer', { default: 0 })
  failed!: number;

  @Column('integer', { default: 0 })
  sinceReached!: number;

  @Column('date', { nullable: true })
  lastTriedOn!: CalendarDate | null;

  @Column('date', { nullable: true })
  lastReachedOn!: CalendarDate | null;

  @Column('date', { nullable: true })
  lastCalledOn!: CalendarDate | null;

  /** The channel that the ladder proposes next; null: it is exhausted, or there was no attempt. */
  @Column('text', { nullable: true })
  ladderStep!: ContactChannel | null;

  @Column('date', { nullable: true })
  restsUntil!: CalendarDate | null;

  @Column('date', { nullable: true })
  nextActionOn!: CalendarDate | null;

  @Column('date', { nullable: true })
  knownAliveOn!: CalendarDate | null;

  /** From this day on a loss to follow-up is proposed; null: it is not. */
  @Column('date', { nullable: true })
  lostProposedOn!: CalendarDate | null;

  /** The id of the caller who has the patient in call mode until `claimedUntil`. */
  @Column('text', { nullable: true })
  claimedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  claimedUntil!: Date | null;

  /** Since when the patient waits for a call that was asked for; null: none was. */
  @Column('timestamptz', { nullable: true })
  callbackRequestedAt!: Date | null;

  /** Since when call mode would offer the patient if the call were announced; null: it would not, or none is announced. */
  @Column('timestamptz', { nullable: true })
  callWantedAt!: Date | null;

  /** From this instant call mode offers the patient, whose call was announced or cannot be announced; null: neither is known. */
  @Column('timestamptz', { nullable: true })
  callFrom!: Date | null;

  @Column('timestamptz')
  changedAt!: Date;
}
