import type { FieldFault } from '../domain-error.js';
import { AddressNotAllowed, checkUrl, type Opened } from '../outbound-address.js';
import { transportFaults } from './endpoint-transport.js';
import { isSayable } from './message-formats.js';
import { type EndpointKind, kindFaults } from './group-robots.js';
import type { WebhookEndpointInput, WebhookEndpointPatch } from './webhook-schemas.js';

/** What somebody asks of an endpoint, new or there already. */
type Asked = Partial<Omit<WebhookEndpointInput, keyof WebhookEndpointPatch>> & Partial<WebhookEndpointPatch>;

/** What of it does not fit an endpoint of that kind at that address, at `now`. */
export function settingFaults(
  kind: EndpointKind,
  url: string,
  asked: Asked,
  now: Date,
  loopback: boolean,
): FieldFault[] {
  const { rateLimit, robotSecret, signature, tls, oauth2, payload, format } = asked;
  const faults = kindFaults(kind, { rateLimit, robotSecret, signature });
  const fault = (pointer: string, message: string): void =>
    void faults.push({ pointer, code: 'not-allowed', message });
  if (kind !== 'webhook') {
    if (payload !== undefined && payload !== 'thin')
      fault('/payload', 'A robot says in a group what it is sent: thin.');
    if (format !== undefined && format !== 'json')
      fault('/format', 'A robot is sent words, in the way of its vendor.');
    if (asked.verify === true)
      fault('/verify', 'A robot cannot answer a challenge: try it with POST …/test.');
    if (asked.heartbeatMinutes) fault('/heartbeatMinutes', 'A robot would say it in the group.');
    if (oauth2) fault('/oauth2', "A robot has its vendor's way.");
  }
  for (const [index, type] of (asked.eventTypes ?? []).entries())
    if (format !== undefined && type !== '*' && !isSayable(format, type))
      fault(
        `/eventTypes/${index}`,
        'HL7 v2 has no message for a whole plan: leave it out, and read GET /events.',
      );
  if (payload === 'encrypted' && format !== undefined && format !== 'json')
    fault('/payload', 'Only messages of format json can be encrypted.');
  if (payload === 'full' && !url.startsWith('https:') && !loopback)
    fault(
      '/payload',
      'Who the patients are is never sent unencrypted: give an https address, or choose encrypted.',
    );
  return [...faults, ...transportFaults(url, { tls: tls ?? undefined }, now)];
}

/** What is wrong with an address to which requests are to be sent; asks the name server. */
export async function addressFaults(pointer: string, url: string, opened: Opened): Promise<FieldFault[]> {
  try {
    await checkUrl(url, opened);
    return [];
  } catch (error) {
    if (!(error instanceof AddressNotAllowed)) throw error;
    return [{ pointer, code: 'address-not-allowed', message: error.message }];
  }
}
