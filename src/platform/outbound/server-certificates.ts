import type { Socket } from 'node:net';
import { type PeerCertificate, TLSSocket } from 'node:tls';

const SERVERS = 1000;

/**
 * When the certificates of servers end, as each showed it when the last connection to it was made. Of the thousand servers
 * that were connected to last; the others are known again with their next connection.
 */
export class ServerCertificates {
  private readonly ends = new Map<string, Date>();

  /** Notes what the server at `origin` showed; nothing where the connection is not by TLS. */
  note(origin: string, socket: Socket): void {
    if (!(socket instanceof TLSSocket)) return;
    const shown = socket.getPeerCertificate() as PeerCertificate | null; // null: the connection is lost already
    const end = new Date(shown?.valid_to ?? '');
    if (Number.isNaN(end.getTime())) return; // whom we connect to decides what it says
    this.ends.delete(origin); // and so it comes last
    const [eldest] = this.ends.keys();
    if (eldest !== undefined && this.ends.size >= SERVERS) this.ends.delete(eldest);
    this.ends.set(origin, end);
  }

  /** Of the server of this URL; null: none was seen. */
  endAt(url: string): Date | null {
    return this.ends.get(new URL(url).origin) ?? null;
  }
}
