import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../guideline/calendar.js';

/** By what a patient can be told, or told about. */
export const CHANNELS = ['webhook', 'phone', 'sms', 'wechat', 'email'] as const;
export type Channel = (typeof CHANNELS)[number];

/** What the patient said about one channel. Append-only: what was recorded last holds. */
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
}
