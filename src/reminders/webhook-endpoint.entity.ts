import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BegunAttempts } from './attempt-rate.js';
import type { EndpointKind } from './group-robots.js';

/** Where a hospital's system wants to be told. */
@Entity('webhook_endpoint')
export class WebhookEndpoint {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  /** Whether it takes our messages as they are, or is a robot that says them in words to a group of people. */
  @Column('text', { default: 'webhook' })
  kind!: EndpointKind;

  /** A robot's is sealed: whoever knows it may speak in the group. */
  @Column('text')
  url!: string;

  /** What may be seen of a robot's address; null: all of it. */
  @Column('text', { nullable: true })
  shownUrl!: string | null;

  @Column('text', { array: true })
  eventTypes!: string[];

  /** `whsec_` and base64, or `whsk_` where there is a public key (Standard Webhooks 1.0); a robot's own, or empty; sealed. */
  @Column('text')
  secret!: string;

  /** By which the receiver verifies, if not by the secret. */
  @Column('text', { nullable: true })
  publicKey!: string | null;

  /** Signs beside the new one until `previousSecretUntil`. */
  @Column('text', { nullable: true })
  previousSecret!: string | null;

  @Column('timestamptz', { nullable: true })
  previousSecretUntil!: Date | null;

  /** The sequence number given to the newest message. */
  @Column('bigint', { default: 0 })
  lastSequence!: number;

  /** How many attempts at most begin there in a minute; null: as many as are due. */
  @Column('integer', { nullable: true })
  rateLimit!: number | null;

  /** Those of the last minute, where there is a limit. */
  @Column('jsonb', { default: [] })
  recentAttempts!: BegunAttempts;

  /** Attempts in a row that it did not answer in time. */
  @Column('integer', { default: 0 })
  timeouts!: number;

  /** Until then nothing is sent to it, so that it does not keep the others waiting. */
  @Column('timestamptz', { nullable: true })
  restingUntil!: Date | null;

  /** When the first of the attempts failed that all have failed since; null: the last one succeeded. */
  @Column('timestamptz', { nullable: true })
  failingSince!: Date | null;

  /** When the last attempt failed, or was called for. */
  @Column('timestamptz', { nullable: true })
  triedAt!: Date | null;

  /** Why nothing is sent there but one message now and then; null: it is not held. */
  @Column('text', { nullable: true })
  heldReason!: 'failing' | 'gone' | null;

  /** The one message that is tried while it is held. */
  @Column('uuid', { nullable: true })
  probeId!: string | null;

  /** How much of the time until it is held had passed when somebody was last warned. */
  @Column('integer', { default: 0 })
  warnedPercent!: number;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  deletedAt!: Date | null;
}
