import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { Hl7Message } from '@medplum/core';
import { framed, FrameReader } from '../../src/interop/hl7v2/mllp.js';
import type { Issued } from './certificates.js';

/** A hospital's engine that takes HL7 v2 over MLLP. Another program's parser writes its acknowledgements. */
export class MllpReceiver {
  readonly messages: string[] = [];
  /** MSA-1 of the next acknowledgements; undefined: the connection is cut; `silent`: none comes. */
  code: string | undefined = 'AA';
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly protocol: 'mllp' | 'mllps',
  ) {
    server.on(protocol === 'mllp' ? 'connection' : 'secureConnection', (socket: Socket) =>
      this.serve(socket),
    );
  }

  static async start(certificate?: Issued): Promise<MllpReceiver> {
    const server = certificate
      ? createSecureServer({ cert: certificate.certificate, key: certificate.key })
      : createServer();
    const receiver = new MllpReceiver(server, certificate ? 'mllps' : 'mllp');
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get url(): string {
    return `${this.protocol}://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    const reader = new FrameReader(1_000_000);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      for (const frame of reader.take(chunk)) this.answer(socket, frame.toString());
    });
  }

  private answer(socket: Socket, message: string): void {
    this.messages.push(message);
    if (this.code === undefined) socket.destroy();
    else if (this.code !== 'silent') {
      const acknowledgement = Hl7Message.parse(message).buildAck({ ackCode: this.code as 'AA' });
      socket.write(framed(Buffer.from(acknowledgement.toString())));
    }
  }
}
