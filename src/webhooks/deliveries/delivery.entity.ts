import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One message to one endpoint. Its id is the `webhook-id`, the same over all attempts. */
@Entity('delivery')
export class Delivery {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('uuid')
  endpointId!: string;

  /** The reminder in the message, if it is one. */
  @Column('uuid', { nullable: true })
  reminderId!: string | null;

  /** The event in the message, unless it is a reminder. */
  @Column('uuid', { nullable: true })
  eventId!: string | null;

  @Column('text')
  eventType!: string;

  /** Assigned with the first attempt, so that a delivery cancelled before it leaves no gap for the receiver. */
  @Column('bigint', { nullable: true })
  sequence!: number | null;

  /** The exact bytes that are signed and sent, stored with the first attempt. */
  @Column('text', { nullable: true })
  body!: string | null;

  @Column('text', { default: 'pending' })
  state!: 'pending' | 'delivered' | 'cancelled' | 'exhausted';

  @Column('integer', { default: 0 })
  attempts!: number;

  /**
   * Attempts that the schedule does not count, although their numbers continue: made before the last replay, or
   * failed by our own connection.
   */
  @Column('integer', { default: 0 })
  earlierAttempts!: number;

  /** While an attempt runs: when its lease ends and another worker may try. */
  @Column('timestamptz', { nullable: true })
  nextAttemptAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  deliveredAt!: Date | null;

  /** When the receiver confirmed that it has processed the message; an answer of 2xx only confirms its arrival. */
  @Column('timestamptz', { nullable: true })
  acknowledgedAt!: Date | null;

  @Column('text', { nullable: true })
  cancelledReason!: string | null;

  @Column('timestamptz')
  createdAt!: Date;
}
