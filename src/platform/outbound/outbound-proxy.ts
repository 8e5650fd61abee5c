import type { Socket } from 'node:net';
import { Agent } from 'undici';

const CONNECTED_WITHIN_MS = 10_000;

/** The operator's own proxy is unreachable, or refuses the connection. The receiver is not at fault. */
export class ProxyRefused extends Error {
  constructor(why: string) {
    super(`our own proxy: ${why}`);
    this.name = 'ProxyRefused';
  }
}

/** The proxy that an operator provides for outgoing requests: tunnels by CONNECT (RFC 9110, section 9.3.6). */
export class OutboundProxy {
  private readonly agent = new Agent();
  private readonly authorization: string | undefined;

  /** `url` may contain a user name and a password. */
  constructor(private readonly url: URL) {
    const { username, password } = url;
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.authorization = username === '' ? undefined : `Basic ${Buffer.from(pair).toString('base64')}`;
  }

  /**
   * A connection to the host. The proxy resolves the name and decides whether to allow it. Throws `ProxyRefused` when
   * the proxy refuses; a plain error when it reports (5xx) that the host cannot be reached.
   */
  async tunnelTo(hostname: string, port: number): Promise<Socket> {
    const authority = `${hostname}:${port}`;
    const authorization = this.authorization;
    const { statusCode, socket } = await this.agent
      .connect({
        origin: this.url.origin,
        path: authority,
        headers: { host: authority, ...(authorization && { 'proxy-authorization': authorization }) },
        signal: AbortSignal.timeout(CONNECTED_WITHIN_MS),
      })
      .catch((error: unknown) => {
        throw new ProxyRefused(reasonOf(error));
      });
    if (statusCode >= 200 && statusCode < 300) return socket as Socket;
    socket.destroy();
    if (statusCode >= 500) throw new Error(`the proxy could not reach ${authority} (${statusCode})`);
    throw new ProxyRefused(`answered ${statusCode}`);
  }

  async close(): Promise<void> {
    await this.agent.close();
  }
}

const reasonOf = (error: unknown): string => {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return String(typeof code === 'string' ? code : message); // the code of a DOMException is a legacy number
};
