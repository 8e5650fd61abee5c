import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../guideline/calendar.js';

/** The channels of messages to a patient, or about a patient. */
export const CHANNELS = ['webhook', 'phone', 'sms', 'wechat', 'email'] as const;
export type Channel = (typeof CHANNELS)[number];

/** A patient's consent to one channel, or its withdrawal. Append-only: the newest row decides. */
@Entity('patient_consent')
export class PatientConsent {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('uuid')
  patientId!: string;

  @Column('text')
  channel!: Channel;

  @Column('text')
  decision!: 'given' | 'withdrawn';

  @Column('date')
  decidedOn!: CalendarDate;

  @Column('text')
  author!: string;

  /** Sealed. */
  @Column('text', { nullable: true })
  note!: string | null;

  /** The order in which they were recorded. */
  @Column('bigint', { generated: 'identity' })
  ordinal!: number;

  @Column('timestamptz')
  recordedAt!: Date;

  /** Since when withheld deliveries wait to be opened again because of this consent; null: none do. */
  @Column('timestamptz', { nullable: true })
  awaitingRelaySince!: Date | null;
}
