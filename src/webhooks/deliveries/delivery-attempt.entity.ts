import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The outcome of one attempt; written together with its effect on the delivery. */
@Entity('delivery_attempt')
export class DeliveryAttempt {
  @PrimaryColumn('uuid')
  deliveryId!: string;

  @PrimaryColumn('integer')
  number!: number;

  @Column('uuid')
  hospitalId!: string;

  @Column('timestamptz')
  startedAt!: Date;

  /** Unknown for an interrupted attempt, and 0. */
  @Column('integer')
  durationMs!: number;

  /** `interrupted`: its process ended before it recorded an outcome. */
  @Column('text')
  outcome!: 'accepted' | 'refused' | 'unreachable' | 'interrupted';

  @Column('integer', { nullable: true })
  status!: number | null;

  @Column('text', { nullable: true })
  error!: string | null;

  /** The first 4,000 characters of the receiver's answer. */
  @Column('text', { nullable: true })
  answer!: string | null;
}
