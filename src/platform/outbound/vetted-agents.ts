import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction, Socket } from 'node:net';
import { Agent, buildConnector } from 'undici';
import {
  addressesOf,
  AddressNotAllowed,
  checkLiteral,
  isAllowedAddress,
  isPublicAddress,
  literalAddress,
  type Lookup,
  type Opened,
  type OpenedNetwork,
  portOf,
} from './outbound-address.js';
import { OutboundProxy } from './outbound-proxy.js';
import { ServerCertificates } from './server-certificates.js';

/**
 * Trusted authorities and the client's own certificate, in PEM; undefined: the public authorities, and no client
 * certificate.
 */
export interface ClientTls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** How connections are opened. */
export interface Means {
  readonly lookup?: Lookup;
  readonly tls?: ClientTls;
  readonly proxy?: OutboundProxy | undefined;
  readonly certificates?: ServerCertificates;
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
 * Opens connections to users' addresses, to allowed addresses alone: literal, resolved, and as finally connected.
 * With a `proxy`, connections to the internet go through it, by name: the proxy resolves the name and must prevent it
 * from leading back inside. Notes the servers' certificates in `certificates`.
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

/** Opened networks depend on the port, which a connector does not pass to its lookup. */
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

/** Whether the proxy reaches a host: it is on the internet, or only the proxy can resolve its name. */
async function isOutside(hostname: string, port: number, opened: Opened, lookup: Lookup): Promise<boolean> {
  const literal = literalAddress(hostname);
  const found = literal === null ? await addressesOf(hostname, lookup) : [literal];
  const first = found[0];
  if (first === undefined) return true;
  const allowed = found.filter((address) => isAllowedAddress(address, port, opened));
  if (allowed.length === 0) throw new AddressNotAllowed(first, port);
  return allowed.every(isPublicAddress);
}

/**
 * Keeps connections open, and remembers the servers' certificates: a message may use a connection that an earlier one
 * opened.
 */
export class VettedAgent extends Agent {
  readonly certificates: ServerCertificates;

  constructor(opened: Opened, means: Means) {
    const certificates = new ServerCertificates();
    super({ connect: vettedConnector(opened, { ...means, certificates }) });
    this.certificates = certificates;
  }
}

const AGENTS = 200;

/** How requests leave this machine, as the operator configured it. */
export interface WayOut {
  /** Whether requests may go to this machine itself. */
  readonly loopback: boolean;
  readonly proxy: URL | undefined;
  readonly lookup?: Lookup;
}

/** An open connection, and when the certificate of its server expires; null: it has none. */
export interface Connected {
  readonly socket: Socket;
  readonly certificateUntil: Date | null;
}

/**
 * Agents that keep connections open, one for each set of opened networks and certificates: a hospital never reaches
 * what is open only for another.
 */
export class VettedAgents {
  private readonly agents = new Map<string, VettedAgent>();

  private readonly proxy: OutboundProxy | undefined;

  constructor(private readonly way: WayOut) {
    this.proxy = way.proxy && new OutboundProxy(way.proxy);
  }

  for(networks: readonly OpenedNetwork[], tls: ClientTls = {}): VettedAgent {
    const key = JSON.stringify([networks, tls]);
    let agent = this.agents.get(key);
    if (!agent) {
      const [eldest] = this.agents;
      if (eldest && this.agents.size >= AGENTS) {
        this.agents.delete(eldest[0]);
        void eldest[1].close(); // after its running requests have ended
      }
      const { loopback, lookup } = this.way;
      agent = new VettedAgent({ loopback, networks }, { tls, proxy: this.proxy, ...(lookup && { lookup }) });
      this.agents.set(key, agent);
    }
    return agent;
  }

  /** A connection for another protocol than HTTP, to the host and port of an http or https address. */
  async connect(url: string, networks: readonly OpenedNetwork[], tls: ClientTls = {}): Promise<Connected> {
    const { hostname, host, protocol, port } = new URL(url);
    const { loopback, lookup } = this.way;
    const certificates = new ServerCertificates();
    const means = { tls, certificates, proxy: this.proxy, ...(lookup && { lookup }) };
    const connect = vettedConnector({ loopback, networks }, means);
    const socket = await new Promise<Socket>((resolve, reject) => {
      connect({ hostname, host, protocol, port }, (...[error, opened]) =>
        opened ? resolve(opened) : reject(error),
      );
    });
    return { socket, certificateUntil: certificates.endAt(url) };
  }

  async close(): Promise<void> {
    const agents = [...this.agents.values()];
    this.agents.clear();
    await Promise.all(agents.map((agent) => agent.close()));
    await this.proxy?.close();
  }
}
