import type { FieldFault } from '../platform/domain-error.js';
import type { Message } from '../guideline/message.js';
import { AddressNotAllowed, checkUrl, type Opened } from '../platform/outbound/outbound-address.js';
import { transportFaults } from './sending/endpoint-transport.js';
import { canExpress } from './messages/message-formats.js';
import { checkedAddress, isMllpAddress } from './sending/mllp-exchange.js';
import { type EndpointKind, kindFaults } from './sending/group-robots.js';
import type { WebhookEndpointInput, WebhookEndpointPatch } from './webhook-schemas.js';
import { msg } from '../platform/messages/dictionary.js';

/** The requested settings of a new or an existing endpoint. */
export type RequestedSettings = Partial<Omit<WebhookEndpointInput, keyof WebhookEndpointPatch>> &
  Partial<WebhookEndpointPatch>;

/** The validation errors of settings for an endpoint of this kind at this address. */
export function settingFaults(
  kind: EndpointKind,
  url: string,
  requested: RequestedSettings,
  now: Date,
  loopback: boolean,
): FieldFault[] {
  const { rateLimit, robotSecret, signature, tls, oauth2, payload, format } = requested;
  const faults = kindFaults(kind, { rateLimit, robotSecret, signature });
  const fault = (pointer: string, message: Message): void =>
    void faults.push({ pointer, code: 'not-allowed', message });
  if (kind !== 'webhook') {
    if (payload !== undefined && payload !== 'thin') fault('/payload', msg('robot-payload'));
    if (format !== undefined && format !== 'json') fault('/format', msg('robot-format'));
    if (requested.verify === true) fault('/verify', msg('robot-without-challenge'));
    if (requested.heartbeatMinutes) fault('/heartbeatMinutes', msg('robot-heartbeat'));
    if (oauth2) fault('/oauth2', msg('robot-oauth2'));
  }
  for (const [index, type] of (requested.eventTypes ?? []).entries())
    if (format !== undefined && type !== '*' && !canExpress(format, type))
      fault(`/eventTypes/${index}`, msg('not-sayable'));
  if (payload === 'encrypted' && format !== undefined && format !== 'json')
    fault('/payload', msg('encrypted-json-only'));
  if (isMllpAddress(url)) {
    if (kind !== 'webhook' || (format !== undefined && format !== 'hl7-v2'))
      fault('/url', msg('mllp-needs-hl7'));
    if (oauth2) fault('/oauth2', msg('mllp-without-oauth2'));
  }
  if (payload === 'full' && !checkedAddress(url).startsWith('https:') && !loopback)
    fault('/payload', msg('full-needs-https'));
  return [...faults, ...transportFaults(checkedAddress(url), { tls: tls ?? undefined }, now)];
}

/** The validation error of an address to which requests must not be sent. Resolves the name. */
export async function addressFaults(pointer: string, url: string, opened: Opened): Promise<FieldFault[]> {
  try {
    await checkUrl(checkedAddress(url), opened);
    return [];
  } catch (error) {
    if (!(error instanceof AddressNotAllowed)) throw error;
    return [{ pointer, code: 'address-not-allowed', message: error.text }];
  }
}
