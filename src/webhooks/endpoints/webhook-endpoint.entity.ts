import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BegunAttempts } from './attempt-rate.js';
import type { EndpointFilter } from './endpoint-filter.js';
import type { EndpointScope } from './endpoint-limits.js';
import type { EndpointKind } from '../sending/group-robots.js';
import type { MessageFormat } from '../messages/message-formats.js';
import type { Payload } from '../messages/message-payload.js';

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

  /** `Transport` as JSON, sealed: certificates, keys and credentials. */
  @Column('text', { nullable: true })
  transport!: string | null;

  /** When the certificate ends that it is shown; null: it is shown none. */
  @Column('timestamptz', { nullable: true })
  certificateUntil!: Date | null;

  /** How many days before that somebody was last warned. */
  @Column('integer', { nullable: true })
  certificateWarnedDays!: number | null;

  /** When the certificate ends that its server shows, as last seen; null: none was. */
  @Column('timestamptz', { nullable: true })
  receiverCertificateUntil!: Date | null;

  /** How many days before that somebody was last warned. */
  @Column('integer', { nullable: true })
  receiverCertificateWarnedDays!: number | null;

  /** How much it is told. */
  @Column('text', { default: 'thin' })
  payload!: Payload;

  /** In which form it is told. */
  @Column('text', { default: 'json' })
  format!: MessageFormat;

  /** Of what version the events are that it is told. */
  @Column('integer', { default: 1 })
  eventVersion!: number;

  /** 32 bytes in base64, sealed, where messages are encrypted. */
  @Column('text', { nullable: true })
  payloadKey!: string | null;

  @Column('uuid', { nullable: true })
  payloadKeyId!: string | null;

  /** Since when it may learn who the patients are; null: it may not. */
  @Column('timestamptz', { nullable: true })
  identityApprovedAt!: Date | null;

  @Column('text', { nullable: true })
  identityApprovedBy!: string | null;

  @Column('text', { nullable: true })
  identityApprovalReason!: string | null;

  @Column('jsonb', { nullable: true })
  filter!: EndpointFilter | null;

  /** Of which patients it is told at most, whatever its filter; null: of every patient of the hospital. */
  @Column('jsonb', { nullable: true })
  reach!: EndpointScope | null;

  /** Who registered it; null: it is from before that was recorded. */
  @Column('text', { nullable: true })
  createdBy!: string | null;

  @Column('integer', { nullable: true })
  heartbeatMinutes!: number | null;

  @Column('timestamptz', { nullable: true })
  heartbeatAt!: Date | null;

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
  heldReason!: 'failing' | 'gone' | 'unverified' | null;

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
