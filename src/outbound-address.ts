import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector } from 'undici';
import { isWithin } from './access/address-range.js';
import type { Message } from './guideline/message.js';
import { msg, render } from './platform/messages/dictionary.js';
import { OutboundProxy } from './outbound-proxy.js';
import { ServerCertificates } from './server-certificates.js';

/** A private network that the operator has opened for a hospital: a CIDR range, and one port there. */
export interface OpenedNetwork {
  readonly range: string;
  readonly port: number;
}

/** Where requests may go beside the internet. */
export interface Opened {
  /** This machine itself: for development. */
  readonly loopback: boolean;
  readonly networks: readonly OpenedNetwork[];
}

/** Whom we trust and who we are, in PEM; nothing: the public authorities, and nobody. */
export interface ClientTls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** How names are looked up; replaced where a test plays the name server. */
export type Lookup = typeof systemLookup;

/** How connections are made. */
interface Means {
  readonly lookup?: Lookup;
  readonly tls?: ClientTls;
  readonly proxy?: OutboundProxy | undefined;
  readonly certificates?: ServerCertificates;
}

/** Metadata services of clouds that stand in an otherwise allowed range. Whoever reaches one gets its credentials. */
const METADATA = ['fd00:ec2::254', 'fd20:ce::254'];

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];

/** Whether a CIDR range is all private (RFC 1918, RFC 4193), and so may be opened. */
export const isPrivateRange = (range: string): boolean => {
  const [base, bits] = ipaddr.parseCIDR(range);
  return PRIVATE.some((wide) => isWithin(base.toString(), [wide]) && bits >= ipaddr.parseCIDR(wide)[1]);
};

/** An address that somebody gave leads where requests of ours may not go. */
export class AddressNotAllowed extends Error {
  readonly text: Message;

  constructor(
    readonly address: string,
    port: number,
  ) {
    const text =
      ipaddr.isValid(address) && isPrivateRange(hostRange(address))
        ? msg('private-address', { address, port })
        : msg('forbidden-address', { address });
    super(render(text, 'en'));
    this.text = text;
    this.name = 'AddressNotAllowed';
  }
}

const hostRange = (address: string): string => {
  const ip = ipaddr.process(address);
  return `${ip.toString()}/${ip.kind() === 'ipv6' ? 128 : 32}`;
};

/**
 * Whether a webhook, or a question to an identity provider, may go to this IP address, in any notation, at this port.
 * Public addresses: yes. Private ones (RFC 1918, unique local): where the operator has opened them. Loopback: only with
 * `loopback`. Never: link-local, cloud metadata, carrier-grade NAT (where Alibaba Cloud keeps its metadata), unspecified,
 * multicast, broadcast, reserved, and IPv6 forms that carry an IPv4 address elsewhere.
 */
export function isAllowedAddress(address: string, port: number, { loopback, networks }: Opened): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address); // an IPv4 address written as IPv6 is judged as IPv4
  const range = ip.range();
  if (range === 'loopback') return loopback;
  if (range === 'unicast') return true;
  if (!['private', 'uniqueLocal'].includes(range) || METADATA.includes(ip.toString())) return false;
  return networks.some((opened) => opened.port === port && isWithin(address, [opened.range]));
}

/** The host of a URL as an IP address, or null when it is a name. */
function literalAddress(hostname: string): string | null {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) === 0 ? null : bare;
}

// An IP address is never looked up, so a check in the lookup alone would not see it.
function checkLiteral(hostname: string, port: number, opened: Opened): string | null {
  const literal = literalAddress(hostname);
  if (literal !== null && !isAllowedAddress(literal, port, opened))
    throw new AddressNotAllowed(literal, port);
  return literal;
}

const portOf = (port: string, protocol: string): number =>
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);

/**
 * Throws `AddressNotAllowed` when a request to this URL would be refused at every attempt. A name that does
 * not resolve now passes: its name server may be down, and each connection is checked again.
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

/** Resolves a name to its allowed addresses only, so that the connection cannot go to another one. */
function vettedLookup(port: number, opened: Opened, lookup: Lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) {
        callback(error, []);
        return;
      }
      const allowed = found.filter(({ address }) => isAllowedAddress(address, port, opened));
      const first = allowed[0];
      if (!first) callback(new AddressNotAllowed(found[0]?.address ?? hostname, port), []);
      else if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/**
 * Opens connections to addresses that somebody gave, to allowed addresses alone: literal, resolved, and as finally connected.
 * With a `proxy` those to the internet go through it, by name: it looks the name up, and has to keep it from leading back inside.
 * What the servers show is noted in `certificates`.
 */
export function vettedConnector(
  opened: Opened,
  { lookup = systemLookup, tls = {}, proxy, certificates = new ServerCertificates() }: Means = {},
): buildConnector.connector {
  const connectorTo = connectorsByPort(opened, lookup, tls);
  const note = ({ protocol, host, hostname }: buildConnector.Options, socket: Socket): void =>
    certificates.note(`${protocol}//${host ?? hostname}`, socket);

  const connectDirectly: buildConnector.connector = (options, callback) => {
    const port = portOf(options.port, options.protocol);
    connectorTo(port)(options, (...[error, socket]) => {
      const connected = socket?.remoteAddress ?? '';
      if (error) {
        callback(error, null);
      } else if (isAllowedAddress(connected, port, opened)) {
        note(options, socket);
        callback(null, socket);
      } else {
        socket.destroy();
        callback(new AddressNotAllowed(connected, port), null);
      }
    });
  };

  const connectThrough = async (
    by: OutboundProxy,
    options: buildConnector.Options,
    callback: buildConnector.Callback,
  ): Promise<void> => {
    const port = portOf(options.port, options.protocol);
    if (!(await isOutside(options.hostname, port, opened, lookup))) {
      connectDirectly(options, callback);
      return;
    }
    const socket = await by.tunnelTo(options.hostname, port);
    if (options.protocol !== 'https:') {
      callback(null, socket);
      return;
    }
    connectorTo(port)({ ...options, httpSocket: socket }, (...answer) => {
      if (answer[1]) note(options, answer[1]);
      callback(...answer);
    });
  };

  return (options, callback) => {
    const port = portOf(options.port, options.protocol);
    try {
      checkLiteral(options.hostname, port, opened);
    } catch (error) {
      callback(error as AddressNotAllowed, null);
      return;
    }
    if (proxy)
      connectThrough(proxy, options, callback).catch((error: unknown) => {
        callback(error as Error, null);
      });
    else connectDirectly(options, callback);
  };
}

/** What is opened is a matter of the port, and a connector's lookup is not told it. */
function connectorsByPort(
  opened: Opened,
  lookup: Lookup,
  tls: ClientTls,
): (port: number) => buildConnector.connector {
  const byPort = new Map<number, buildConnector.connector>();
  return (port) => {
    const known =
      byPort.get(port) ??
      buildConnector({
        timeout: 10_000,
        lookup: vettedLookup(port, opened, lookup),
        autoSelectFamilyAttemptTimeout: 2500, // Node's 250 ms gives up on slow hospital links
        ...tls,
      });
    byPort.set(port, known);
    return known;
  };
}

/** Whether a host is reached through the proxy: it is on the internet, or only the proxy knows its name. */
async function isOutside(hostname: string, port: number, opened: Opened, lookup: Lookup): Promise<boolean> {
  const literal = literalAddress(hostname);
  const found = literal === null ? await addressesOf(hostname, lookup) : [literal];
  const first = found[0];
  if (first === undefined) return true;
  const allowed = found.filter((address) => isAllowedAddress(address, port, opened));
  if (allowed.length === 0) throw new AddressNotAllowed(first, port);
  return allowed.every((address) => ipaddr.process(address).range() === 'unicast');
}

/** None when the name does not resolve. */
const addressesOf = (hostname: string, lookup: Lookup): Promise<readonly string[]> =>
  new Promise((resolve) => {
    lookup(hostname, { all: true }, (error, found) =>
      resolve(error ? [] : found.map(({ address }) => address)),
    );
  });

/** Keeps connections open, and in mind what the servers showed: a message may go by a connection that an earlier one opened. */
export class VettedAgent extends Agent {
  readonly certificates: ServerCertificates;

  constructor(opened: Opened, means: Means, options: Agent.Options) {
    const certificates = new ServerCertificates();
    super({ ...options, connect: vettedConnector(opened, { ...means, certificates }) });
    this.certificates = certificates;
  }
}

const AGENTS = 200;

/** Agents that keep connections open, one for each set of opened networks and certificates: what one hospital may reach, no other does. */
export class VettedAgents {
  private readonly agents = new Map<string, VettedAgent>();

  private readonly proxy: OutboundProxy | undefined;

  constructor(
    private readonly opened: { readonly loopback: boolean; readonly proxy: URL | undefined },
    private readonly options: Agent.Options = {},
  ) {
    this.proxy = opened.proxy && new OutboundProxy(opened.proxy);
  }

  for(networks: readonly OpenedNetwork[], tls: ClientTls = {}): VettedAgent {
    const key = JSON.stringify([networks, tls]);
    let agent = this.agents.get(key);
    if (!agent) {
      const [eldest] = this.agents;
      if (eldest && this.agents.size >= AGENTS) {
        this.agents.delete(eldest[0]);
        void eldest[1].close(); // once its running requests have ended
      }
      const opened = { loopback: this.opened.loopback, networks };
      agent = new VettedAgent(opened, { tls, proxy: this.proxy }, this.options);
      this.agents.set(key, agent);
    }
    return agent;
  }

  async close(): Promise<void> {
    const agents = [...this.agents.values()];
    this.agents.clear();
    await Promise.all(agents.map((agent) => agent.close()));
    await this.proxy?.close();
  }
}
