import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BegunAttempts } from './attempt-rate.js';
import type { EndpointFilter } from './endpoint-filter.js';
import type { EndpointScope } from './endpoint-limits.js';
import type { EndpointKind } from '../sending/group-robots.js';
import type { MessageFormat } from '../messages/message-formats.js';
import type { Payload } from '../messages/message-payload.js';

/** A webhook endpoint: the address of a hospital's system, and how messages are sent there. */
@Entity('webhook_endpoint')
export class WebhookEndpoint {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  /** A webhook that receives messages, or a robot that posts them as text to a chat group. */
  @Column('text', { default: 'webhook' })
  kind!: EndpointKind;

  /** Sealed for a robot: the address alone permits posting in the group. */
  @Column('text')
  url!: string;

  /** The part of a robot's address that may be shown; null: all of it. */
  @Column('text', { nullable: true })
  shownUrl!: string | null;

  @Column('text', { array: true })
  eventTypes!: string[];

  /** When the event types last changed; null: never since the registration. */
  @Column('timestamptz', { nullable: true })
  subscribedSince!: Date | null;

  /** `whsec_` and base64, or `whsk_` where there is a public key (Standard Webhooks 1.0); a robot's own, or empty; sealed. */
  @Column('text')
  secret!: string;

  /** The key with which the receiver verifies; null: it verifies with the secret. */
  @Column('text', { nullable: true })
  publicKey!: string | null;

  /** Signs in addition to the new one until `previousSecretUntil`. */
  @Column('text', { nullable: true })
  previousSecret!: string | null;

  @Column('timestamptz', { nullable: true })
  previousSecretUntil!: Date | null;

  /** The sequence number given to the newest message. */
  @Column('bigint', { default: 0 })
  lastSequence!: number;

  /** The largest number of attempts that begin in a minute; null: no limit. */
  @Column('integer', { nullable: true })
  rateLimit!: number | null;

  /** The attempts of the last minute, if there is a limit. */
  @Column('jsonb', { default: [] })
  recentAttempts!: BegunAttempts;

  /** `Transport` as JSON, sealed: certificates, keys and credentials. */
  @Column('text', { nullable: true })
  transport!: string | null;

  /** When our client certificate ends; null: there is none. */
  @Column('timestamptz', { nullable: true })
  certificateUntil!: Date | null;

  /** The number of days before that at the last warning. */
  @Column('integer', { nullable: true })
  certificateWarnedDays!: number | null;

  /** When the server's certificate ends, as last seen; null: none was seen. */
  @Column('timestamptz', { nullable: true })
  receiverCertificateUntil!: Date | null;

  /** The number of days before that at the last warning. */
  @Column('integer', { nullable: true })
  receiverCertificateWarnedDays!: number | null;

  /** Which data a message contains. */
  @Column('text', { default: 'thin' })
  payload!: Payload;

  /** The format of messages. */
  @Column('text', { default: 'json' })
  format!: MessageFormat;

  /** The version of the events in messages. */
  @Column('integer', { default: 1 })
  eventVersion!: number;

  /** 32 bytes in base64, sealed, where messages are encrypted. */
  @Column('text', { nullable: true })
  payloadKey!: string | null;

  @Column('uuid', { nullable: true })
  payloadKeyId!: string | null;

  /** Since when messages may identify patients; null: they may not. */
  @Column('timestamptz', { nullable: true })
  identityApprovedAt!: Date | null;

  @Column('text', { nullable: true })
  identityApprovedBy!: string | null;

  @Column('text', { nullable: true })
  identityApprovalReason!: string | null;

  @Column('jsonb', { nullable: true })
  filter!: EndpointFilter | null;

  /** Limits the patients in messages, beside the filter; null: every patient of the hospital. */
  @Column('jsonb', { nullable: true })
  reach!: EndpointScope | null;

  /** The person or key that registered it; null: it is from before that was recorded. */
  @Column('text', { nullable: true })
  createdBy!: string | null;

  @Column('integer', { nullable: true })
  heartbeatMinutes!: number | null;

  @Column('timestamptz', { nullable: true })
  heartbeatAt!: Date | null;

  /** Consecutive attempts without an answer in time. */
  @Column('integer', { default: 0 })
  timeouts!: number;

  /** The circuit breaker is open until then: nothing is sent, so that other endpoints do not wait. */
  @Column('timestamptz', { name: 'resting_until', nullable: true })
  pausedUntil!: Date | null;

  /** The first failed attempt since the last success; null: the last attempt succeeded. */
  @Column('timestamptz', { nullable: true })
  failingSince!: Date | null;

  /** When the last attempt failed or was requested. */
  @Column('timestamptz', { nullable: true })
  triedAt!: Date | null;

  /**
   * Why the endpoint is disabled: one message is tried periodically; null: it is enabled. The API calls it
   * `heldReason`.
   */
  @Column('text', { name: 'held_reason', nullable: true })
  disabledReason!: 'failing' | 'gone' | 'unverified' | 'paused' | null;

  /** The message that is tried while the endpoint is disabled. */
  @Column('uuid', { nullable: true })
  probeId!: string | null;

  /** The percentage, at the last warning, of the time after which a failing endpoint is disabled. */
  @Column('integer', { default: 0 })
  warnedPercent!: number;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  deletedAt!: Date | null;
}
