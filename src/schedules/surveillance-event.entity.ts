import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SurveillanceEventData, SurveillanceEventType } from './surveillance-events.js';

/** An entry of the outbox: a change of a plan or an item. Its data never change. */
@Entity('surveillance_event')
export class SurveillanceEvent {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('text')
  type!: SurveillanceEventType;

  @Column('uuid')
  patientId!: string;

  @Column('uuid', { nullable: true })
  itemId!: string | null;

  /** The reminder, if the event is one. */
  @Column('uuid', { nullable: true })
  reminderId!: string | null;

  /** Without the patient's MRN, which is read when the message is written. */
  @Column('jsonb')
  data!: SurveillanceEventData;

  /** The order of insertion. For one patient this is the order in which the events happened. */
  @Column('bigint', { generated: 'identity' })
  ordinal!: number;

  /** The position in the hospital's event feed, from 1 without gaps; null until the relay assigns it. */
  @Column('bigint', { nullable: true })
  position!: number | null;

  @Column('timestamptz')
  occurredAt!: Date;

  /** Of a reminder: since when the relay has to create or reopen its deliveries; null if it does not have to. */
  @Column('timestamptz', { nullable: true })
  awaitingRelaySince!: Date | null;
}
