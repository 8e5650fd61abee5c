import { lookup as systemLookup } from 'node:dns';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Message } from '../../guideline/message.js';
import { addressOf, isWithin } from './address-range.js';
import { msg, render } from '../messages/dictionary.js';

/** A private network that the operator has opened for a hospital: a CIDR range, and one port there. */
export interface OpenedNetwork {
  readonly range: string;
  readonly port: number;
}

/** Where requests may go apart from the internet. */
export interface Opened {
  /** This machine itself: for development. */
  readonly loopback: boolean;
  readonly networks: readonly OpenedNetwork[];
}

/** The name resolution; tests replace it. */
export type Lookup = typeof systemLookup;

/** Cloud metadata services, which return the credentials of the machine. Blocked even inside an opened range. */
const METADATA = [
  '169.254.0.0/16', // AWS, Google, Azure, Tencent, Huawei, OpenStack
  '168.63.129.16/32', // Azure
  '100.100.0.0/16', // Alibaba
  '192.0.0.192/32', // Oracle
  'fd00:ec2::/32', // AWS
  'fd20:ce::/64', // Google
  'fd00:c1::/64', // Oracle
  'fd00:42::42/128', // Scaleway
];

/** The only part of IPv6 that is assigned as public (IANA, "IPv6 Global Unicast Address Assignments"). */
const GLOBAL_IPV6 = ['2000::/3'];

/** Parts of it that lead to an IPv4 address or to no host (IANA, "IPv6 Special-Purpose Address Registry"). */
const SPECIAL_IPV6 = [
  '2001::/23', // Teredo, benchmarking, ORCHID, AMT
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '2620:4f:8000::/48', // AS112
  '3ffe::/16', // 6bone, returned
  '3fff::/20', // documentation
];

/** The ranges that an operator may open: RFC 1918, RFC 4193. */
export const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];

/** Whether a CIDR range is entirely private (RFC 1918, RFC 4193), so that an operator may open it. */
export const isPrivateRange = (range: string): boolean => {
  const [base, bits] = ipaddr.parseCIDR(range);
  return PRIVATE_RANGES.some(
    (wide) => isWithin(base.toString(), [wide]) && bits >= ipaddr.parseCIDR(wide)[1],
  );
};

/** A user's address leads where the program's requests may not go. */
export class AddressNotAllowed extends Error {
  readonly text: Message;

  constructor(
    readonly address: string,
    port: number,
  ) {
    const text = isPrivateAddress(address)
      ? msg('private-address', { address, port })
      : msg('forbidden-address', { address });
    super(render(text, 'en'));
    this.text = text;
    this.name = 'AddressNotAllowed';
  }
}

/** Whether the operator could open the address. */
const isPrivateAddress = (address: string): boolean =>
  isWithin(address, PRIVATE_RANGES) && !isWithin(address, METADATA);

/** Whether an IP address, in any notation, belongs to a host on the internet. */
export function isPublicAddress(address: string): boolean {
  const ip = addressOf(address);
  if (!ip || isWithin(address, METADATA)) return false;
  if (ip.kind() === 'ipv4') return ip.range() === 'unicast';
  return isWithin(address, GLOBAL_IPV6) && !isWithin(address, SPECIAL_IPV6);
}

/**
 * Whether a request may go to this IP address, in any notation, at this port. Public addresses: yes. Private ones (RFC 1918,
 * unique local): where the operator has opened them. Loopback: only with `loopback`. All others never, such as link-local,
 * cloud metadata, carrier-grade NAT, and forms of IPv6 that carry an IPv4 address (compatible, NAT64, 6to4, Teredo).
 */
export function isAllowedAddress(address: string, port: number, { loopback, networks }: Opened): boolean {
  if (isPublicAddress(address)) return true;
  const range = addressOf(address)?.range() ?? 'none';
  if (range === 'loopback') return loopback;
  if (!['private', 'uniqueLocal'].includes(range) || isWithin(address, METADATA)) return false;
  return networks.some((opened) => opened.port === port && isWithin(address, [opened.range]));
}

/** The host of a URL as an IP address, or null when it is a name. */
export function literalAddress(hostname: string): string | null {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) === 0 ? null : bare;
}

/** Throws `AddressNotAllowed`. An IP address is never looked up, so the check in the lookup does not cover it. */
export function checkLiteral(hostname: string, port: number, opened: Opened): string | null {
  const literal = literalAddress(hostname);
  if (literal !== null && !isAllowedAddress(literal, port, opened))
    throw new AddressNotAllowed(literal, port);
  return literal;
}

/** The port of the URL, or the default port of its protocol. */
export const portOf = (port: string, protocol: string): number =>
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);

/**
 * Throws `AddressNotAllowed` when every request to this URL would be refused. A name that does not resolve now
 * passes: its name server may be down, and each connection is checked again.
 */
export async function checkUrl(url: string, opened: Opened, lookup: Lookup = systemLookup): Promise<void> {
  const { hostname, port: written, protocol } = new URL(url);
  const port = portOf(written, protocol);
  if (checkLiteral(hostname, port, opened) !== null) return;
  const addresses = await addressesOf(hostname, lookup);
  const first = addresses[0];
  if (first !== undefined && !addresses.some((address) => isAllowedAddress(address, port, opened)))
    throw new AddressNotAllowed(first, port);
}

/** The addresses of a name; none when it does not resolve. */
export const addressesOf = (hostname: string, lookup: Lookup): Promise<readonly string[]> =>
  new Promise((resolve) => {
    lookup(hostname, { all: true }, (error, found) =>
      resolve(error ? [] : found.map(({ address }) => address)),
    );
  });
