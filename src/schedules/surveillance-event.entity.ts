import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SurveillanceEventData, SurveillanceEventType } from './surveillance-events.js';

/** A change of a plan or an item. Written once, with its data. */
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

  /** The reminder that it announces, if it is one. */
  @Column('uuid', { nullable: true })
  reminderId!: string | null;

  /** Without the patient's mrn, which is looked up when the message is written. */
  @Column('jsonb')
  data!: SurveillanceEventData;

  /** In the order in which they were written down, which for one patient is that in which they happened. */
  @Column('bigint', { generated: 'identity' })
  ordinal!: number;

  /** Its place in the hospital's order, counted from 1 without a gap; null until it has been given one. */
  @Column('bigint', { nullable: true })
  position!: number | null;

  @Column('timestamptz')
  occurredAt!: Date;

  /** Of a reminder: since when its deliveries wait to be made or opened again; null: none do. */
  @Column('timestamptz', { nullable: true })
  awaitingRelaySince!: Date | null;
}
