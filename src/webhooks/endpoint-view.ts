import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { limitsView } from './endpoints/endpoint-limits.js';
import { transportIn, transportView } from './sending/endpoint-transport.js';
import { transportOf } from './endpoints/seal-contexts.js';
import type { WebhookEndpoint } from './endpoints/webhook-endpoint.entity.js';
import type { WebhookEndpointView } from './webhook-schemas.js';

/** The views of endpoints, in their order, without secrets. */
export async function endpointViews<E extends readonly WebhookEndpoint[]>(
  tx: Pick<HospitalTransaction, 'keys'>,
  endpoints: E,
): Promise<{ [I in keyof E]: WebhookEndpointView }> {
  const sealed = endpoints.flatMap(({ transport }) => transport ?? []);
  const keys = sealed.length > 0 ? await tx.keys(sealed) : null;
  return endpoints.map((endpoint) => {
    const { id, transport, receiverCertificateUntil } = endpoint;
    const opened =
      transport === null || keys === null ? {} : transportIn(keys.open(transport, transportOf(id)));
    return { ...viewOf(endpoint), transport: transportView(opened, receiverCertificateUntil) };
  }) as { [I in keyof E]: WebhookEndpointView };
}

function viewOf(endpoint: WebhookEndpoint): Omit<WebhookEndpointView, 'transport'> {
  const { id, kind, url, shownUrl, eventTypes, rateLimit, publicKey, failingSince, disabledReason } =
    endpoint;
  const { payload, format, payloadKeyId, eventVersion, filter, heartbeatMinutes, createdBy } = endpoint;
  return {
    ...{ id, kind, url: shownUrl ?? url, eventTypes, publicKey },
    rateLimit: rateLimit === null ? null : { perMinute: rateLimit },
    signature: kind !== 'webhook' ? 'vendor' : publicKey === null ? 'hmac' : 'ed25519',
    ...{ payload, format, payloadKeyId, eventVersion, filter, heartbeatMinutes, createdBy },
    limits: limitsView(endpoint.reach),
    identityApproval: approvalOf(endpoint),
    createdAt: endpoint.createdAt.toISOString(),
    state: disabledReason !== null ? 'held' : failingSince !== null ? 'failing' : 'ok',
    failingSince: failingSince?.toISOString() ?? null,
    heldReason: disabledReason,
    previousSecretUntil: endpoint.previousSecretUntil?.toISOString() ?? null,
  };
}

function approvalOf(endpoint: WebhookEndpoint): WebhookEndpointView['identityApproval'] {
  const { identityApprovedAt: at, identityApprovedBy: by, identityApprovalReason: reason } = endpoint;
  return at === null ? null : { at: at.toISOString(), by: by ?? '', reason: reason ?? '' };
}
