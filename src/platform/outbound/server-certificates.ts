import type { Socket } from 'node:net';
import { type PeerCertificate, TLSSocket } from 'node:tls';

const SERVERS = 1000;

/**
 * The expiry of servers' certificates, each as of the last connection. Keeps the thousand servers of the latest
 * connections; the next connection adds a forgotten one again.
 */
export class ServerCertificates {
  private readonly ends = new Map<string, Date>();

  /** Notes the certificate of the server at `origin`; nothing where the connection does not use TLS. */
  note(origin: string, socket: Socket): void {
    if (!(socket instanceof TLSSocket)) return;
    const shown = socket.getPeerCertificate() as PeerCertificate | null; // null: the connection is lost already
    const end = new Date(shown?.valid_to ?? '');
    if (Number.isNaN(end.getTime())) return; // the server determines the content
    this.ends.delete(origin); // the Map then orders it last
    const [eldest] = this.ends.keys();
    if (eldest !== undefined && this.ends.size >= SERVERS) this.ends.delete(eldest);
    this.ends.set(origin, end);
  }

  /** Of the server of this URL; null: no certificate was seen. */
  endAt(url: string): Date | null {
    return this.ends.get(new URL(url).origin) ?? null;
  }
}
