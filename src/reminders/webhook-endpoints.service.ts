import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { v7 as uuid } from 'uuid';
import type { Place } from '../access/hospital-keys.js';
import { HospitalScope, type HospitalTransaction } from '../access/hospital-scope.js';
import { CONFIG, type Config } from '../config.js';
import { DomainError, invalid, notFound } from '../domain-error.js';
import { nextCursor } from '../paging.js';
import { currentReminders } from './announced-reminder.js';
import { DeliveryDispatch } from './delivery-dispatch.js';
import { addDeliveries, admitEndpoint } from './delivery-outbox.js';
import { AddressNotAllowed, checkUrl } from '../outbound-address.js';
import { ceilingOf, type EndpointKind, kindFaults, shownUrl } from './group-robots.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import type {
  NewWebhookEndpoint,
  PageQuery,
  RotatedSecret,
  WebhookEndpointInput,
  WebhookEndpointPage,
  WebhookEndpointPatch,
  WebhookEndpointView,
} from './webhook-schemas.js';
import { newSigningKey } from './webhook-signature.js';

/** Where the hospital's systems want to be told. */
@Injectable()
export class WebhookEndpointsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly scope: HospitalScope,
    private readonly dispatch: DeliveryDispatch,
  ) {}

  /**
   * Adds an endpoint, which is told at once what still stands: for each item whose last reminder is current,
   * that reminder. So it does not matter whether patients or endpoint came first.
   */
  async register(input: WebhookEndpointInput): Promise<NewWebhookEndpoint> {
    const { kind, url, eventTypes, signature, robotSecret } = input;
    refuseMisfit(kind, input);
    await this.refuseAddress(url);
    const isRobot = kind !== 'webhook';
    const { secret, publicKey } = isRobot
      ? { secret: robotSecret ?? '', publicKey: null }
      : newSigningKey(signature);
    const rateLimit = limitOf(kind, input.rateLimit);
    const endpoint = await this.scope.transaction(async (tx) => {
      await admitEndpoint(tx);
      await refuseTooMany(tx);
      const id = uuid();
      const shown = { kind, shownUrl: isRobot ? shownUrl(kind, url) : null, rateLimit };
      const row = { id, hospitalId: tx.hospital.id, ...shown, url, eventTypes, publicKey, createdAt: tx.now };
      const keys = await tx.keys();
      await tx.db.insert(WebhookEndpoint, {
        ...row,
        url: isRobot ? keys.seal(url, urlOf(id)) : url,
        secret: keys.seal(secret, secretOf(id)),
      });
      await addDeliveries(tx, [row], await currentReminders(tx, null));
      return row;
    });
    this.dispatch.soon();
    const view = viewOf({ ...endpoint, failingSince: null, heldReason: null });
    return publicKey === null && !isRobot ? { ...view, secret } : view;
  }

  /** The newest first. */
  async list({ cursor, limit }: PageQuery): Promise<WebhookEndpointPage> {
    return this.scope.transaction(async (tx) => {
      const query = tx.db
        .createQueryBuilder(WebhookEndpoint, 'e')
        .where('e.hospitalId = :hospitalId AND e.deletedAt IS NULL', { hospitalId: tx.hospital.id })
        .orderBy({ 'e.createdAt': 'DESC', 'e.id': 'DESC' })
        .limit(limit + 1);
      if (cursor !== undefined) {
        query.andWhere(
          '(e.createdAt, e.id) < (SELECT c.created_at, c.id FROM webhook_endpoint c WHERE c.id = :cursor)',
          { cursor: cursor[0] },
        );
      }
      const found = await query.getMany();
      const page = found.slice(0, limit);
      return { items: page.map(viewOf), nextCursor: nextCursor(found, limit, ({ id }) => [id]) };
    });
  }

  async find(id: string): Promise<WebhookEndpointView> {
    return this.scope.transaction(async (tx) => viewOf(await liveEndpoint(tx, id)));
  }

  /** Another limit, or none, from the next attempt on. */
  async change(id: string, { rateLimit }: WebhookEndpointPatch): Promise<WebhookEndpointView> {
    return this.scope.transaction(async (tx) => {
      const endpoint = await liveEndpoint(tx, id, 'lock');
      refuseMisfit(endpoint.kind, { rateLimit });
      const changed = { rateLimit: limitOf(endpoint.kind, rateLimit) };
      await tx.db.update(WebhookEndpoint, { id, hospitalId: tx.hospital.id }, changed);
      return viewOf({ ...endpoint, ...changed });
    });
  }

  /** Ends it for good. What was not delivered yet is cancelled, and says so; what was, stays on record. */
  async remove(id: string): Promise<void> {
    await this.scope.transaction(async (tx) => {
      const endpoint = await liveEndpoint(tx, id, 'lock');
      await tx.db.update(
        WebhookEndpoint,
        { id: endpoint.id, hospitalId: tx.hospital.id },
        { deletedAt: tx.now },
      );
      await tx.db.query(
        `UPDATE delivery SET state = 'cancelled', cancelled_reason = 'endpoint-deleted', next_attempt_at = NULL
          WHERE hospital_id = $1 AND endpoint_id = $2 AND state = 'pending'`,
        [tx.hospital.id, id],
      );
    });
  }

  /** Gives a new secret. For 24 hours messages are signed with both, and there is no further rotation. */
  async rotateSecret(id: string): Promise<RotatedSecret> {
    return this.scope.transaction(async (tx) => {
      const endpoint = await liveEndpoint(tx, id, 'lock');
      const { previousSecretUntil } = endpoint;
      if (endpoint.kind !== 'webhook') throw secretOfRobot();
      if (previousSecretUntil !== null && previousSecretUntil > tx.now) {
        throw new DomainError(
          'conflict',
          'rotation-in-progress',
          `The last rotation's old secret is valid until ${previousSecretUntil.toISOString()}: rotate after that.`,
        );
      }
      const { secret, publicKey } = newSigningKey(endpoint.publicKey === null ? 'hmac' : 'ed25519');
      const until = new Date(tx.now.getTime() + 24 * 3_600_000);
      await tx.db.update(
        WebhookEndpoint,
        { id, hospitalId: tx.hospital.id },
        {
          secret: (await tx.keys()).seal(secret, secretOf(id)),
          publicKey,
          previousSecret: endpoint.secret,
          previousSecretUntil: until,
        },
      );
      const rotated = { publicKey, previousSecretUntil: until.toISOString() };
      return publicKey === null ? { ...rotated, secret } : rotated;
    });
  }

  private async refuseAddress(url: string): Promise<void> {
    try {
      const networks = await this.scope.unaudited(({ hospital }) => Promise.resolve(hospital.networks));
      await checkUrl(url, { loopback: this.config.webhookLoopback, networks });
    } catch (error) {
      if (!(error instanceof AddressNotAllowed)) throw error;
      const fault = { pointer: '/url', code: 'address-not-allowed', message: error.message };
      throw invalid('address-not-allowed', 'This address may not be told.', [fault]);
    }
  }
}

const secretOfRobot = (): DomainError =>
  new DomainError(
    'conflict',
    'secret-of-robot',
    'A robot has the secret that its vendor gave it: delete the endpoint and register it anew.',
  );

function refuseMisfit(kind: EndpointKind, given: Parameters<typeof kindFaults>[1]): void {
  const faults = kindFaults(kind, given);
  if (faults.length > 0)
    throw invalid('invalid-input', 'Some fields are not right; each is named under errors.', faults);
}

/** Attempts a minute as they are stored: a robot always has a limit. */
const limitOf = (kind: EndpointKind, asked: { perMinute: number } | null | undefined): number | null =>
  asked?.perMinute ?? (kind === 'webhook' ? null : ceilingOf(kind));

/** Each of them gets every event: without a limit whoever registers ever more would drown all the others. */
const ENDPOINTS_AT_MOST = 50;

async function refuseTooMany({ db, hospital }: HospitalTransaction): Promise<void> {
  const live = await db.countBy(WebhookEndpoint, { hospitalId: hospital.id, deletedAt: IsNull() });
  if (live < ENDPOINTS_AT_MOST) return;
  throw new DomainError(
    'conflict',
    'too-many-endpoints',
    `The hospital has ${ENDPOINTS_AT_MOST} endpoints already: delete one that is no longer used.`,
  );
}

/** Where an endpoint's secret stands, the present one and the one before. */
export const secretOf = (row: string): Place => ({ table: 'webhook_endpoint', column: 'secret', row });

/** Where a robot's address stands; another endpoint's is in clear. */
export const urlOf = (row: string): Place => ({ table: 'webhook_endpoint', column: 'url', row });

/** The endpoint, unless it was deleted; locked until the transaction ends, when it is to be changed. */
export async function liveEndpoint(
  tx: HospitalTransaction,
  id: string,
  lock?: 'lock',
): Promise<WebhookEndpoint> {
  const endpoint = await tx.db.findOne(WebhookEndpoint, {
    where: { id, hospitalId: tx.hospital.id, deletedAt: IsNull() },
    ...(lock && { lock: { mode: 'pessimistic_write' as const } }),
  });
  if (!endpoint) throw notFound('webhook-endpoint', id);
  return endpoint;
}

type Shown = 'id' | 'kind' | 'url' | 'shownUrl' | 'eventTypes' | 'rateLimit' | 'publicKey' | 'createdAt';

function viewOf(endpoint: Pick<WebhookEndpoint, Shown | 'failingSince' | 'heldReason'>): WebhookEndpointView {
  const { id, kind, url, shownUrl, eventTypes, rateLimit, publicKey, failingSince, heldReason } = endpoint;
  return {
    ...{ id, kind, url: shownUrl ?? url, eventTypes, publicKey },
    rateLimit: rateLimit === null ? null : { perMinute: rateLimit },
    signature: kind !== 'webhook' ? 'vendor' : publicKey === null ? 'hmac' : 'ed25519',
    createdAt: endpoint.createdAt.toISOString(),
    state: heldReason !== null ? 'held' : failingSince !== null ? 'failing' : 'ok',
    failingSince: failingSince?.toISOString() ?? null,
    heldReason,
  };
}
