import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { authorOf } from '../tenancy/author.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { CONFIG, type Config } from '../platform/config.js';
import { DomainError, invalid, notFound } from '../platform/domain-error.js';
import { nextCursor } from '../platform/http/paging.js';
import { DeliveryDispatch } from './deliveries/delivery-dispatch.js';
import { backlogOf, sendBacklog } from './deliveries/endpoint-backlog.js';
import { EventRelay, relayBeforeNewSubscriber } from './deliveries/event-relay.js';
import { addressFaults, type RequestedSettings, settingFaults } from './endpoint-check.js';
import { resetEndpoint } from './endpoints/endpoint-health.js';
import { givenReach, isWider, refuseWider } from './endpoints/endpoint-limits.js';
import { endOf, type Transport, transportIn } from './sending/endpoint-transport.js';
import { endpointViews } from './endpoint-view.js';
import { ceilingOf, type EndpointKind, shownUrl } from './sending/group-robots.js';
import { ReminderSweep } from '../reminders/reminder-sweep.js';
import { payloadKeyOf, secretOf, transportOf, urlOf } from './endpoints/seal-contexts.js';
import { WebhookEndpoint } from './endpoints/webhook-endpoint.entity.js';
import type {
  BacklogPreview,
  IdentityApprovalInput,
  NewWebhookEndpoint,
  PageQuery,
  RotatedSecret,
  WebhookEndpointInput,
  WebhookEndpointPage,
  WebhookEndpointPatch,
  WebhookEndpointView,
} from './webhook-schemas.js';
import { newSigningKey } from './sending/webhook-signature.js';
import { msg } from '../platform/messages/dictionary.js';

/** Registers, changes and deletes the endpoints of a hospital's systems. */
@Injectable()
export class WebhookEndpointsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly scope: HospitalScope,
    private readonly dispatch: DeliveryDispatch,
    private readonly sweep: ReminderSweep,
    private readonly relay: EventRelay,
  ) {}

  /**
   * Adds an endpoint, with its backlog: the current reminder of each item, or one message with their number. So the
   * order in which patients and endpoint are added does not matter.
   */
  async register(input: WebhookEndpointInput): Promise<NewWebhookEndpoint> {
    const { kind, url, eventTypes, signature, robotSecret, payload, tls, oauth2 } = input;
    await this.refuseFaults(kind, url, input);
    await this.recordDue();
    await this.relay.relayHospital(await this.hospitalId());
    const isRobot = kind !== 'webhook';
    const { secret, publicKey } = isRobot
      ? { secret: robotSecret ?? '', publicKey: null }
      : newSigningKey(signature);
    const payloadKey = payload === 'encrypted' ? newPayloadKey() : null;
    const { view, backlog } = await this.scope.transaction(async (tx) => {
      await relayBeforeNewSubscriber(tx);
      await refuseTooMany(tx);
      const reach = givenReach(tx.caller, input.limits);
      const id = uuid();
      const keys = await tx.keys();
      await tx.db.insert(WebhookEndpoint, {
        ...{ id, hospitalId: tx.hospital.id, kind, eventTypes, publicKey },
        createdAt: () => 'program_now()', // after the lock: reminders recorded before are the backlog
        url: isRobot ? keys.seal(url, urlOf(id)) : url,
        shownUrl: isRobot ? shownUrl(kind, url) : null,
        rateLimit: limitOf(kind, input.rateLimit),
        secret: keys.seal(secret, secretOf(id)),
        ...{ payload, format: input.format, eventVersion: input.eventVersion },
        payloadKey: payloadKey && keys.seal(payloadKey, payloadKeyOf(id)),
        payloadKeyId: payloadKey && uuid(),
        ...{ filter: input.filter ?? null, reach, createdBy: tx.caller.name },
        heartbeatMinutes: input.heartbeatMinutes ?? null,
        transport: tls || oauth2 ? keys.seal(JSON.stringify({ tls, oauth2 }), transportOf(id)) : null,
        certificateUntil: certificateUntil({ tls }),
        disabledReason: input.verify ? 'unverified' : null,
      });
      const endpoint = { id, eventTypes, filter: input.filter ?? null, reach };
      const backlog = await sendBacklog(tx, endpoint, input.backlog);
      return { view: await shownEndpoint(tx, id), backlog };
    });
    this.dispatch.soon();
    const shownOnce = publicKey === null && !isRobot ? { secret } : {};
    return { ...view, ...shownOnce, ...(payloadKey !== null && { payloadKey }), backlog };
  }

  /** Returns what registration would send at once. Saves and sends nothing. */
  async preview(input: WebhookEndpointInput): Promise<BacklogPreview> {
    await this.refuseFaults(input.kind, input.url, input);
    await this.recordDue();
    const reader = { eventTypes: input.eventTypes, filter: input.filter ?? null };
    return this.scope.transaction(async (tx) => {
      const reach = givenReach(tx.caller, input.limits);
      return { backlog: await backlogOf(tx, { ...reader, reach }, input.backlog) };
    });
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
      return { items: await endpointViews(tx, page), nextCursor: nextCursor(found, limit, ({ id }) => [id]) };
    });
  }

  async find(id: string): Promise<WebhookEndpointView> {
    return this.scope.transaction((tx) => shownEndpoint(tx, id));
  }

  /**
   * Replaces the named settings, from the next attempt on. Ends the approval of identity data when the endpoint may
   * receive more than before, or when other servers may receive it: an administrator approved neither.
   */
  async change(id: string, patch: WebhookEndpointPatch): Promise<WebhookEndpointView> {
    const { kind, url, format } = await this.scope.transaction(async (tx) => {
      const endpoint = await ownEndpoint(tx, id);
      return { ...endpoint, url: (await tx.keys([endpoint.url])).open(endpoint.url, urlOf(id)) };
    });
    await this.refuseFaults(kind, url, { ...patch, ...(patch.eventTypes && { format }) });
    const view = await this.scope.transaction(async (tx) => {
      // What was recorded before goes to the previous subscribers, as for a new endpoint.
      if (patch.eventTypes !== undefined) await relayBeforeNewSubscriber(tx);
      const endpoint = await ownEndpoint(tx, id, 'lock');
      const { transport } = endpoint;
      const { rateLimit, heartbeatMinutes, tls, oauth2, eventTypes } = patch;
      const scope = {
        filter: patch.filter === undefined ? endpoint.filter : patch.filter,
        reach: patch.limits === undefined ? endpoint.reach : givenReach(tx.caller, patch.limits),
      };
      const keys = await tx.keys([transport]);
      const stored = transport === null ? {} : transportIn(keys.open(transport, transportOf(id)));
      const before = { tls: stored.tls, oauth2: stored.oauth2 };
      const after = {
        tls: tls === undefined ? before.tls : (tls ?? undefined),
        oauth2: oauth2 === undefined ? before.oauth2 : (oauth2 ?? undefined),
      };
      await tx.db.update(
        WebhookEndpoint,
        { id, hospitalId: tx.hospital.id },
        {
          ...(rateLimit !== undefined && { rateLimit: limitOf(kind, rateLimit) }),
          ...scope,
          ...((isWider(scope, endpoint) ||
            addsTypes(eventTypes, endpoint) ||
            !isDeepStrictEqual(before, after)) &&
            NOT_APPROVED),
          ...(eventTypes !== undefined && { eventTypes, subscribedSince: () => 'program_now()' }),
          ...(heartbeatMinutes !== undefined && { heartbeatMinutes }),
          transport: after.tls || after.oauth2 ? keys.seal(JSON.stringify(after), transportOf(id)) : null,
          ...(tls !== undefined && {
            certificateUntil: certificateUntil(after),
            certificateWarnedDays: null,
          }),
        },
      );
      if (patch.paused !== undefined) await pauseOrResume(tx, endpoint, patch.paused);
      return shownEndpoint(tx, id);
    });
    if (patch.paused === false) this.dispatch.soon();
    return view;
  }

  /** Records an administrator's decision whether messages may identify patients. Refuses an endpoint with thin messages. */
  async approveIdentity(id: string, input: IdentityApprovalInput): Promise<WebhookEndpointView> {
    return this.scope.transaction(async (tx) => {
      const { payload } = await ownEndpoint(tx, id, 'lock');
      if (payload === 'thin') throw new DomainError('conflict', 'thin-endpoint', msg('thin-endpoint'));
      const by = authorOf(tx.caller, input.author);
      await tx.db.update(
        WebhookEndpoint,
        { id, hospitalId: tx.hospital.id },
        {
          ...NOT_APPROVED,
          ...(input.approved && {
            ...{ identityApprovedAt: tx.now, identityApprovedBy: by, identityApprovalReason: input.reason },
          }),
        },
      );
      return shownEndpoint(tx, id);
    });
  }

  /** Deletes the endpoint. Cancels its pending deliveries with a reason; delivered messages stay on record. */
  async remove(id: string): Promise<void> {
    await this.scope.transaction(async (tx) => {
      const endpoint = await ownEndpoint(tx, id, 'lock');
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

  /**
   * Returns a new secret. For 24 hours messages are signed with both secrets, and a further rotation is refused. Encryption
   * uses another key, with another id, from the next message on.
   */
  async rotateSecret(id: string): Promise<RotatedSecret> {
    return this.scope.transaction(async (tx) => {
      const endpoint = await ownEndpoint(tx, id, 'lock');
      const { previousSecretUntil } = endpoint;
      if (endpoint.kind !== 'webhook') throw secretOfRobot();
      if (previousSecretUntil !== null && previousSecretUntil > tx.now) {
        throw new DomainError(
          'conflict',
          'rotation-in-progress',
          msg('rotation-in-progress', { until: previousSecretUntil.toISOString() }),
        );
      }
      const { secret, publicKey } = newSigningKey(endpoint.publicKey === null ? 'hmac' : 'ed25519');
      const until = new Date(tx.now.getTime() + 24 * 3_600_000);
      const keys = await tx.keys();
      const payloadKey = endpoint.payload === 'encrypted' ? newPayloadKey() : null;
      const payloadKeyId = payloadKey === null ? null : uuid();
      await tx.db.update(
        WebhookEndpoint,
        { id, hospitalId: tx.hospital.id },
        {
          secret: keys.seal(secret, secretOf(id)),
          publicKey,
          previousSecret: endpoint.secret,
          previousSecretUntil: until,
          ...(payloadKey !== null && { payloadKey: keys.seal(payloadKey, payloadKeyOf(id)), payloadKeyId }),
        },
      );
      const rotated = { publicKey, previousSecretUntil: until.toISOString(), payloadKeyId };
      return {
        ...rotated,
        ...(publicKey === null && { secret }),
        ...(payloadKey !== null && { payloadKey }),
      };
    });
  }

  private async recordDue(): Promise<void> {
    await this.sweep.recordDue(await this.hospitalId());
  }

  private hospitalId(): Promise<string> {
    return this.scope.unaudited(({ hospital }) => Promise.resolve(hospital.id));
  }

  private async refuseFaults(kind: EndpointKind, url: string, asked: RequestedSettings): Promise<void> {
    const { networks, now } = await this.scope.unaudited(({ hospital, now }) =>
      Promise.resolve({ networks: hospital.networks, now }),
    );
    const loopback = this.config.webhookLoopback;
    const faults = settingFaults(kind, url, asked, now, loopback);
    const forbidden = [
      ...('url' in asked ? await addressFaults('/url', url, { loopback, networks }) : []),
      ...(asked.oauth2
        ? await addressFaults('/oauth2/tokenUrl', asked.oauth2.tokenUrl, { loopback, networks })
        : []),
    ];
    if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), [...faults, ...forbidden]);
    if (forbidden.length > 0) throw invalid('address-not-allowed', msg('address-not-allowed'), forbidden);
  }
}

const NOT_APPROVED = { identityApprovedAt: null, identityApprovedBy: null, identityApprovalReason: null };

/** Pauses an endpoint, or lets its messages leave again. */
async function pauseOrResume(
  tx: HospitalTransaction,
  endpoint: WebhookEndpoint,
  paused: boolean,
): Promise<void> {
  refuseUnverified(endpoint);
  const { id, disabledReason } = endpoint;
  if (paused)
    await tx.db.update(WebhookEndpoint, { id, hospitalId: tx.hospital.id }, { disabledReason: 'paused' });
  else if (disabledReason === 'paused') await resetEndpoint(tx, id, { resume: true });
}

/** Refuses (409) an endpoint to which nothing is sent before it is verified. */
export function refuseUnverified({ disabledReason }: WebhookEndpoint): void {
  if (disabledReason !== 'unverified') return;
  throw new DomainError('conflict', 'unverified-endpoint', msg('unverified-endpoint'));
}

const addsTypes = (
  after: readonly string[] | undefined,
  { eventTypes: before }: Pick<WebhookEndpoint, 'eventTypes'>,
): boolean => after?.some((type) => !before.includes(type)) ?? false;

const secretOfRobot = (): DomainError =>
  new DomainError('conflict', 'secret-of-robot', msg('secret-of-robot'));

/** For AES-256-GCM, in base64. */
const newPayloadKey = (): string => randomBytes(32).toString('base64');

const certificateUntil = ({ tls }: Transport): Date | null =>
  tls?.certificate === undefined ? null : endOf(tls.certificate);

/** Stored attempts a minute: a robot always has a limit. */
const limitOf = (kind: EndpointKind, asked: { perMinute: number } | null | undefined): number | null =>
  asked?.perMinute ?? (kind === 'webhook' ? null : ceilingOf(kind));

/** Each endpoint gets every event: a limit protects the others. */
const ENDPOINTS_AT_MOST = 50;

async function refuseTooMany({ db, hospital }: HospitalTransaction): Promise<void> {
  const live = await db.countBy(WebhookEndpoint, { hospitalId: hospital.id, deletedAt: IsNull() });
  if (live < ENDPOINTS_AT_MOST) return;
  throw new DomainError(
    'conflict',
    'too-many-endpoints',
    msg('too-many-endpoints', { limit: ENDPOINTS_AT_MOST }),
  );
}

/** The endpoint, unless it was deleted; locked until the transaction ends when it is to be changed. */
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

/** The same, for a caller who acts on the endpoint. Refuses (403) an endpoint with patients whom the caller may not see. */
export async function ownEndpoint(
  tx: HospitalTransaction,
  id: string,
  lock?: 'lock',
): Promise<WebhookEndpoint> {
  const endpoint = await liveEndpoint(tx, id, lock);
  refuseWider(tx.caller, endpoint.reach);
  return endpoint;
}

const shownEndpoint = async (tx: HospitalTransaction, id: string): Promise<WebhookEndpointView> =>
  (await endpointViews(tx, [await liveEndpoint(tx, id)] as const))[0];
