import { framed, FrameReader } from '../../interop/hl7v2/mllp.js';
import { ANSWER_BYTES, AnswerRefused, type OutboundClient } from '../../platform/outbound/outbound-client.js';
import { type Receiver, waysTo } from './receiver.js';

/** Whether an endpoint takes HL7 v2 over MLLP: `mllp://HOST:PORT`, with TLS `mllps://HOST:PORT`. */
export const isMllpAddress = (url: string): boolean => /^mllps?:/i.test(url);

/** The address in the form that outgoing connections are checked by: `mllps` becomes `https`, any other stays. */
export const checkedAddress = (url: string): string => url.replace(/^mllp(s?):/i, 'http$1:');

/** The acknowledgement of a message, and when the certificate of its receiver expires. */
export interface Acknowledged {
  readonly answer: Buffer;
  readonly certificateUntil: Date | null;
}

/**
 * Sends one message on a connection of its own, and waits for its acknowledgement. An own connection cannot receive the late
 * acknowledgement of an earlier message; in a hospital's network it costs a millisecond. Throws where the connection ends
 * without an acknowledgement.
 */
export async function exchangeFrames(
  client: OutboundClient,
  receiver: Pick<Receiver, 'url' | 'networks' | 'transport'>,
  message: string,
  signal: AbortSignal,
): Promise<Acknowledged> {
  const way = { ...waysTo(receiver), url: checkedAddress(receiver.url) };
  const { socket, certificateUntil } = await client.connect(way, signal);
  try {
    const reader = new FrameReader(ANSWER_BYTES);
    socket.write(framed(Buffer.from(message)));
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      const [answer] = reader.take(chunk);
      if (answer !== undefined) return { answer, certificateUntil };
    }
  } finally {
    socket.destroy();
  }
  signal.throwIfAborted();
  throw new AnswerRefused('the connection ended without an acknowledgement');
}
