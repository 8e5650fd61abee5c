import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuid, validate as isUuid } from 'uuid';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import type { Message } from '../guideline/message.js';
import { DomainError } from '../platform/domain-error.js';
import { DeliveryDispatch } from './deliveries/delivery-dispatch.js';
import { resetEndpoint } from './endpoints/endpoint-health.js';
import { transportIn } from './sending/endpoint-transport.js';
import { endpointViews } from './endpoint-view.js';
import { bodyOf, secretOf, transportOf } from './endpoints/seal-contexts.js';
import {
  type CheckedMessage,
  checkSignature,
  type SignatureFacts,
  type SignatureVerdict,
} from './sending/signature-check.js';
import { liveEndpoint, ownEndpoint } from './webhook-endpoints.service.js';
import { writtenMessage } from './messages/message-formats.js';
import { contextIn } from './messages/outgoing-message.js';
import type { WebhookEndpointView } from './webhook-schemas.js';
import type { Receiver } from './sending/receiver.js';
import { WebhookSender } from './sending/webhook-sender.js';
import { msg } from '../platform/messages/dictionary.js';

/** Verifies that the system at an address understands its messages. */
@Injectable()
export class EndpointVerification {
  constructor(
    private readonly scope: HospitalScope,
    private readonly sender: WebhookSender,
    private readonly dispatch: DeliveryDispatch,
  ) {}

  /**
   * Sends a signed `endpoint.verification` and waits for its answer. In JSON it must repeat the challenge; in HL7 v2
   * it must acknowledge the message by its id; in FHIR 2xx is enough, since the handshake there defines no more. Then
   * waiting deliveries leave. A repeated call verifies again. Throws `not-verified` with the answer received instead.
   */
  async verify(id: string): Promise<WebhookEndpointView> {
    const { receiver, now, context } = await this.scope.transaction(async (tx) => ({
      receiver: await receiverOf(tx, id),
      now: tx.now,
      context: contextIn(tx, id),
    }));
    const challenge = randomBytes(24).toString('base64url');
    const messageId = uuid();
    const { format } = receiver;
    const body = writtenMessage(
      {
        ...{ id: messageId, type: 'endpoint.verification', timestamp: now, sequence: 0 },
        data: { challenge },
      },
      { format, payload: 'thin', identityApproved: false, key: null },
      new Map(),
      context,
    );
    const timestamp = Math.floor(now.getTime() / 1000);
    const { outcome, error, answer } = await this.sender.send(receiver, { id: messageId, timestamp, body });
    if (outcome !== 'accepted') throw notVerified(msg('not-verified', { why: error ?? outcome }));
    if (format === 'json' && challengeIn(answer) !== challenge)
      throw notVerified(msg('challenge-not-repeated'));

    const view = await this.scope.transaction(async (tx) => {
      const endpoint = await liveEndpoint(tx, id, 'lock');
      if (endpoint.disabledReason === 'unverified') await resetEndpoint(tx, id);
      return (await endpointViews(tx, [await liveEndpoint(tx, id)] as const))[0];
    });
    this.dispatch.soon();
    return view;
  }

  /** Explains why the signature of a message is or is not valid at its receiver. */
  async checkSignature(id: string, message: CheckedMessage): Promise<SignatureVerdict> {
    return this.scope.transaction(async (tx) =>
      checkSignature(message, await signatureFacts(tx, id, message.webhookId)),
    );
  }
}

/** The stored data of the endpoint and of the message with that id. */
async function signatureFacts(
  tx: HospitalTransaction,
  id: string,
  webhookId: string,
): Promise<SignatureFacts> {
  const { kind, secret, previousSecret, previousSecretUntil } = await ownEndpoint(tx, id);
  if (kind !== 'webhook') throw new DomainError('conflict', 'robot', msg('robot-without-signature'));
  const [sent] = isUuid(webhookId)
    ? await tx.db.query<{ id: string; body: string }[]>(
        'SELECT id, body FROM delivery WHERE hospital_id = $1 AND endpoint_id = $2 AND id = $3 AND body IS NOT NULL',
        [tx.hospital.id, id, webhookId],
      )
    : [];
  const keys = await tx.keys([secret, previousSecret, sent?.body ?? null]);
  return {
    ...{ secret: keys.open(secret, secretOf(id)), now: tx.now },
    previousSecret: previousSecret === null ? null : keys.open(previousSecret, secretOf(id)),
    previousSecretHolds: previousSecretUntil !== null && previousSecretUntil > tx.now,
    sentBody: sent === undefined ? null : keys.open(sent.body, bodyOf(sent.id)),
  };
}

async function receiverOf(tx: HospitalTransaction, id: string): Promise<Receiver> {
  const endpoint = await ownEndpoint(tx, id);
  if (endpoint.kind !== 'webhook') throw new DomainError('conflict', 'robot', msg('robot-without-challenge'));
  const { url, format, secret, transport } = endpoint;
  const keys = await tx.keys([secret, transport]);
  return {
    ...{ url, format, hospitalId: tx.hospital.id, networks: tx.hospital.networks, robot: null },
    secrets: [keys.open(secret, secretOf(id))],
    transport: transport === null ? {} : transportIn(keys.open(transport, transportOf(id))),
  };
}

function challengeIn(answer: string | null): unknown {
  try {
    return (JSON.parse(answer ?? '') as { challenge?: unknown } | null)?.challenge;
  } catch {
    return undefined;
  }
}

const notVerified = (message: Message): DomainError => new DomainError('conflict', 'not-verified', message);
