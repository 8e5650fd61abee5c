import { connect, type Socket } from 'node:net';
import { connect as connectSecurely, type ConnectionOptions } from 'node:tls';
import { framed, FrameReader } from '../../src/interop/hl7v2/mllp.js';

const LONGEST_ANSWER = 10_000_000;

/** A sender that keeps one connection, and reads its answers in order. */
export class MllpSender {
  private readonly answers: Buffer[] = [];
  private readonly reader = new FrameReader(LONGEST_ANSWER);
  private wake: () => void = () => undefined;
  private ended = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.answers.push(...this.reader.take(chunk));
      this.wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.ended = true;
      this.wake();
    });
  }

  static async connect(port: number, tls?: ConnectionOptions, localAddress?: string): Promise<MllpSender> {
    const socket = tls
      ? connectSecurely({ ...tls, port, host: '127.0.0.1' })
      : connect({ port, host: '127.0.0.1', ...(localAddress && { localAddress }) });
    const sender = new MllpSender(socket);
    await new Promise<void>((resolve) => {
      socket.once(tls ? 'secureConnect' : 'connect', resolve).once('close', () => resolve());
    });
    return sender;
  }

  write(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** The next answer; undefined: the connection ended without one. */
  async next(): Promise<string | undefined> {
    while (this.answers.length === 0 && !this.ended)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    return this.answers.shift()?.toString('utf8');
  }

  /** Sends one message, and returns MSA-1 and MSA-2 of its answer; undefined: the connection ended without one. */
  async send(
    message: string | Buffer,
  ): Promise<{ code: string; controlId: string; text: string } | undefined> {
    this.write(framed(Buffer.from(message)));
    const answer = await this.next();
    return answer === undefined ? undefined : acknowledgementIn(answer);
  }

  /** Resolves when the program has ended the connection. */
  async whenClosed(): Promise<void> {
    if (!this.ended) await new Promise<void>((resolve) => this.socket.once('close', () => resolve()));
  }

  close(): void {
    this.socket.destroy();
  }
}

export function acknowledgementIn(answer: string): { code: string; controlId: string; text: string } {
  const msa = answer.split('\r').find((line) => line.startsWith('MSA')) ?? '';
  const [, code = '', controlId = '', text = ''] = msa.split('|');
  return { code, controlId, text };
}
