import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';

/** Ranges that requests of ours may go to: the internet, and private networks, where most hospitals' systems stand. */
const ALLOWED_RANGES = new Set(['unicast', 'private', 'uniqueLocal']);

/** Metadata services of clouds that stand in an otherwise allowed range. Whoever reaches one gets its credentials. */
const METADATA = new Set(['fd00:ec2::254', 'fd20:ce::254']);

/** An address that somebody gave leads where requests of ours may not go. */
export class AddressNotAllowed extends Error {
  constructor(readonly address: string) {
    super(`Requests may not be sent to ${address}.`);
    this.name = 'AddressNotAllowed';
  }
}

/**
 * Whether a webhook, or a question to an identity provider, may go to this IP address, in any notation. Public and private (RFC 1918, unique local)
 * addresses: yes. Loopback: only with `loopback`. Never: link-local, cloud metadata, carrier-grade NAT (where
 * Alibaba Cloud keeps its metadata), unspecified, multicast, broadcast, reserved, and IPv6 forms that carry
 * an IPv4 address elsewhere.
 */
export function isAllowedAddress(address: string, loopback: boolean): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address); // an IPv4 address written as IPv6 is judged as IPv4
  const range = ip.range();
  if (range === 'loopback') return loopback;
  return ALLOWED_RANGES.has(range) && !METADATA.has(ip.toString());
}

/** The host of a URL as an IP address, or null when it is a name. */
function literalAddress(hostname: string): string | null {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) === 0 ? null : bare;
}

// An IP address is never looked up, so a check in the lookup alone would not see it.
function checkLiteral(hostname: string, loopback: boolean): string | null {
  const literal = literalAddress(hostname);
  if (literal !== null && !isAllowedAddress(literal, loopback)) throw new AddressNotAllowed(literal);
  return literal;
}

/**
 * Throws `AddressNotAllowed` when a request to this URL would be refused at every attempt. A name that does
 * not resolve now passes: its name server may be down, and each connection is checked again.
 */
export async function checkUrl(url: string, loopback: boolean): Promise<void> {
  const { hostname } = new URL(url);
  if (checkLiteral(hostname, loopback) !== null) return;
  const addresses = await new Promise<readonly LookupAddress[]>((resolve) => {
    systemLookup(hostname, { all: true }, (error, found) => resolve(error ? [] : found));
  });
  const first = addresses[0];
  if (first && !addresses.some(({ address }) => isAllowedAddress(address, loopback))) {
    throw new AddressNotAllowed(first.address);
  }
}

/** Resolves a name to its allowed addresses only, so that the connection cannot go to another one. */
function vettedLookup(loopback: boolean): LookupFunction {
  return (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) {
        callback(error, []);
        return;
      }
      const allowed = found.filter(({ address }) => isAllowedAddress(address, loopback));
      const first = allowed[0];
      if (!first) callback(new AddressNotAllowed(found[0]?.address ?? hostname), []);
      else if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** Opens connections to addresses that somebody gave, to allowed addresses alone: literal, resolved, and as finally connected. */
export function vettedConnector(loopback: boolean): buildConnector.connector {
  const connect = buildConnector({
    timeout: 10_000,
    lookup: vettedLookup(loopback),
    autoSelectFamilyAttemptTimeout: 2500, // Node's 250 ms gives up on slow hospital links
  });

  return (options, callback) => {
    try {
      checkLiteral(options.hostname, loopback);
    } catch (error) {
      callback(error as AddressNotAllowed, null);
      return;
    }
    connect(options, (...[error, socket]) => {
      const connected = socket?.remoteAddress ?? '';
      if (error) {
        callback(error, null);
      } else if (isAllowedAddress(connected, loopback)) {
        callback(null, socket);
      } else {
        socket.destroy();
        callback(new AddressNotAllowed(connected), null);
      }
    });
  };
}
