import type { FieldFault } from '../platform/domain-error.js';
import type { Message } from '../guideline/message.js';
import { AddressNotAllowed, checkUrl, type Opened } from '../platform/outbound/outbound-address.js';
import { transportFaults } from './sending/endpoint-transport.js';
import { canExpress } from './messages/message-formats.js';
import { type EndpointKind, kindFaults } from './sending/group-robots.js';
import type { WebhookEndpointInput, WebhookEndpointPatch } from './webhook-schemas.js';
import { msg } from '../platform/messages/dictionary.js';

/** Requested settings of an endpoint, new or existing. */
type Asked = Partial<Omit<WebhookEndpointInput, keyof WebhookEndpointPatch>> & Partial<WebhookEndpointPatch>;

/** Settings that do not fit an endpoint of that kind at that address, at `now`. */
export function settingFaults(
  kind: EndpointKind,
  url: string,
  asked: Asked,
  now: Date,
  loopback: boolean,
): FieldFault[] {
  const { rateLimit, robotSecret, signature, tls, oauth2, payload, format } = asked;
  const faults = kindFaults(kind, { rateLimit, robotSecret, signature });
  const fault = (pointer: string, message: Message): void =>
    void faults.push({ pointer, code: 'not-allowed', message });
  if (kind !== 'webhook') {
    if (payload !== undefined && payload !== 'thin') fault('/payload', msg('robot-payload'));
    if (format !== undefined && format !== 'json') fault('/format', msg('robot-format'));
    if (asked.verify === true) fault('/verify', msg('robot-without-challenge'));
    if (asked.heartbeatMinutes) fault('/heartbeatMinutes', msg('robot-heartbeat'));
    if (oauth2) fault('/oauth2', msg('robot-oauth2'));
  }
  for (const [index, type] of (asked.eventTypes ?? []).entries())
    if (format !== undefined && type !== '*' && !canExpress(format, type))
      fault(`/eventTypes/${index}`, msg('not-sayable'));
  if (payload === 'encrypted' && format !== undefined && format !== 'json')
    fault('/payload', msg('encrypted-json-only'));
  if (payload === 'full' && !url.startsWith('https:') && !loopback)
    fault('/payload', msg('full-needs-https'));
  return [...faults, ...transportFaults(url, { tls: tls ?? undefined }, now)];
}

/** Why requests may not be sent to an address; asks the name server. */
export async function addressFaults(pointer: string, url: string, opened: Opened): Promise<FieldFault[]> {
  try {
    await checkUrl(url, opened);
    return [];
  } catch (error) {
    if (!(error instanceof AddressNotAllowed)) throw error;
    return [{ pointer, code: 'address-not-allowed', message: error.text }];
  }
}
