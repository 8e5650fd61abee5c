import type { IncomingMessage } from 'node:http';

const PAUSE_MS = 100;

/** Long enough for a sender to read the answer. */
const LINGER_MS = 3000;

/**
 * Reads the rest of a refused body 64 kB at a time, with a pause after each, and closes the connection when that
 * takes too long. Node itself reads such a body as fast as the sender sends it, so that unknown senders would keep
 * the process busy.
 */
export function readSlowly(body: IncomingMessage, lingerMs = LINGER_MS): void {
  if (body.complete || body.destroyed) return;
  body.on('error', () => undefined); // the sender has disconnected
  const endsAt = performance.now() + lingerMs;
  const readNext = (): void => {
    if (body.destroyed || body.readableEnded) return;
    if (performance.now() > endsAt) {
      body.destroy(); // with its connection, if it has one
      return;
    }
    body.read();
    setTimeout(readNext, PAUSE_MS).unref();
  };
  readNext();
}
