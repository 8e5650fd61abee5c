import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What one attempt to deliver came to; written together with its effect on the delivery. */
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

  /** Of an interrupted attempt unknown, and 0. */
  @Column('integer')
  durationMs!: number;

  /** `interrupted`: the process that made it ended before it could say. */
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
