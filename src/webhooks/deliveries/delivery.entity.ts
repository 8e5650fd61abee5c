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

  /** The reminder that it carries, if it is one. */
  @Column('uuid', { nullable: true })
  reminderId!: string | null;

  /** The event that it carries, unless it is a reminder. */
  @Column('uuid', { nullable: true })
  eventId!: string | null;

  @Column('text')
  eventType!: string;

  /** Given with the first attempt, so that what was cancelled before it leaves no gap for the receiver. */
  @Column('bigint', { nullable: true })
  sequence!: number | null;

  /** The exact bytes that are signed and sent, stored with the first attempt. */
  @Column('text', { nullable: true })
  body!: string | null;

  @Column('text', { default: 'pending' })
  state!: 'pending' | 'delivered' | 'cancelled' | 'exhausted';

  @Column('integer', { default: 0 })
  attempts!: number;

  /** Those the schedule does not count, while their numbers go on: made before the last replay, or failed by our own way out. */
  @Column('integer', { default: 0 })
  earlierAttempts!: number;

  /** While an attempt runs: when its lease ends and another worker may try. */
  @Column('timestamptz', { nullable: true })
  nextAttemptAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  deliveredAt!: Date | null;

  /** When the receiver said that it has dealt with it; an answer of 2xx says only that it arrived. */
  @Column('timestamptz', { nullable: true })
  acknowledgedAt!: Date | null;

  @Column('text', { nullable: true })
  cancelledReason!: string | null;

  @Column('timestamptz')
  createdAt!: Date;
}
