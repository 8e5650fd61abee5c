import type { IncomingMessage } from 'node:http';

const PAUSE_MS = 100;

/** Long enough for a sender to notice the answer. */
const LINGER_MS = 3000;

/**
 * Reads what is left of a refused body 64 kB at a time, with a pause after each, and ends the connection when that takes
 * too long. Node itself reads such a body as fast as the sender sends it: unknown senders would keep the process busy.
 */
export function readSlowly(body: IncomingMessage): void {
  if (body.complete || body.destroyed) return;
  body.on('error', () => undefined); // the sender has gone
  const endsAt = performance.now() + LINGER_MS;
  const readNext = (): void => {
    if (body.destroyed || body.readableEnded) return;
    if (performance.now() > endsAt) {
      body.socket.destroy();
      return;
    }
    body.read();
    setTimeout(readNext, PAUSE_MS).unref();
  };
  readNext();
}
