import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { clearInterval, clearTimeout, setInterval, setTimeout } from 'node:timers';
import { createServer as createSecureServer, TLSSocket } from 'node:tls';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { FrameRefused } from '../../interop/hl7v2/mllp.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { NoShare } from '../../platform/http/fair-share.js';
import { HL7_LIMIT_BYTES, isBusy } from '../../platform/http/http.js';
import { LOOK_EVERY_MS, OwnCertificate } from '../../platform/http/own-certificate.js';
import { addressOf, networkOf } from '../../platform/outbound/address-range.js';
import { ConnectionSlots, type FreeSlot } from './connection-slots.js';
import { KnownSenders, type Peer } from './known-senders.js';
import { MessageReception } from './message-reception.js';
import { MllpConnection } from './mllp-connection.js';
import { MllpFigures } from './mllp-figures.js';

/** Interface engines open a few connections each; the frames that wait in memory are bounded by these. */
const SLOTS = { all: 200, perAddress: 20, perHospital: 40 } as const;
const HANDSHAKE_MS = 15_000;
/** Of the shutdown's ten seconds. */
const CLOSING_MS = 5000;

/** The port for HL7 v2 over MLLP. Opened by the command `up`, in a process that serves requests. */
@Injectable()
export class MllpListener implements OnModuleDestroy {
  private readonly logger = new Logger('MLLP');
  private readonly slots = new ConnectionSlots(SLOTS);
  private readonly connections = new Map<MllpConnection, Promise<void>>();
  private server: Server | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly senders: KnownSenders,
    private readonly reception: MessageReception,
    private readonly figures: MllpFigures,
  ) {}

  /** Listens, and returns the port. Throws where the port or the certificate cannot be used. */
  async listen(port: number): Promise<number> {
    const server = this.createServer();
    server.on('error', (error) => this.logger.error(error.message));
    server.listen(port, this.config.host);
    await once(server, 'listening');
    this.server = server;
    return (server.address() as { port: number }).port;
  }

  /** Stops accepting, and lets the messages in work end. */
  async onModuleDestroy(): Promise<void> {
    this.server?.close();
    for (const connection of this.connections.keys()) connection.end();
    const ended = Promise.all(this.connections.values());
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, CLOSING_MS).unref();
    });
    await Promise.race([ended, late]);
    clearTimeout(timer);
  }

  private createServer(): Server {
    const options = { allowHalfOpen: true, noDelay: true, keepAlive: true };
    const { mllpTls } = this.config;
    const server = mllpTls ? this.createSecureServer(mllpTls, options) : createServer(options);
    server.on('connection', (socket: Socket) => this.admit(socket));
    server.on(mllpTls ? 'secureConnection' : 'connection', (socket: Socket) => void this.serve(socket));
    return server;
  }

  /** A client certificate is asked for, and checked where a sender names one or the operator names their authority. */
  private createSecureServer(files: NonNullable<Config['mllpTls']>, options: object): Server {
    const ca = files.clientCaFile === undefined ? undefined : readFileSync(files.clientCaFile);
    const certificate = OwnCertificate.read(files, 'NEDWATCH_MLLP_TLS');
    const server = createSecureServer({
      ...{ ...options, ...certificate.current, ca, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS },
      ...{ requestCert: true, rejectUnauthorized: ca !== undefined },
    });
    const renewed = { setSecureContext: (found: object) => server.setSecureContext({ ...found, ca }) };
    const timer = setInterval(() => certificate.refresh(renewed, this.logger), LOOK_EVERY_MS).unref();
    server.once('close', () => clearInterval(timer));
    server.on('tlsClientError', (error, { remoteAddress }) =>
      this.logger.warn(`No TLS with ${remoteAddress ?? 'a client'}: ${error.message}`),
    );
    return server;
  }

  /** Before the handshake: a connection beyond the limits costs nothing more. */
  private admit(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    const free = this.slots.take(networkOf(socket.remoteAddress ?? ''));
    if (free === undefined) {
      this.logger.warn(`${socket.remoteAddress ?? ''} has too many connections and gets no more.`);
      socket.destroy();
      return;
    }
    this.figures.setConnections(this.slots.taken);
    socket.once('close', () => {
      free();
      this.figures.setConnections(this.slots.taken);
    });
  }

  private async serve(socket: Socket): Promise<void> {
    if (socket.destroyed) return;
    const peer = peerOf(socket);
    socket.on('error', () => socket.destroy());
    let free: FreeSlot | undefined;
    try {
      free = this.slots.takeFor(await this.senders.hospitalsOf(peer));
      if (free === undefined) {
        this.logger.warn(
          `No sender may connect from ${peer.address}, or its hospital has too many connections.`,
        );
        return;
      }
      await this.answerFrames(socket, peer);
    } catch (error) {
      this.log(error, peer);
    } finally {
      free?.();
      socket.destroy();
    }
  }

  private async answerFrames(socket: Socket, peer: Peer): Promise<void> {
    const { mllpFrameMs: frameMs, mllpIdleMs: idleMs } = this.config;
    const limits = { frameBytes: HL7_LIMIT_BYTES, frameMs, idleMs };
    const connection = new MllpConnection(socket, limits, {
      answer: (frame) => this.reception.answer(frame, peer),
      refuseLarge: (beginning) => this.reception.refuseLarge(beginning, HL7_LIMIT_BYTES),
    });
    const served = connection.serve();
    this.connections.set(
      connection,
      served.catch(() => undefined),
    );
    try {
      await served;
    } finally {
      this.connections.delete(connection);
    }
  }

  /** What ended a connection without an acknowledgement. Texts name no patient. */
  private log(error: unknown, { address }: Peer): void {
    if (error instanceof FrameRefused) {
      this.logger.warn(
        `${address} sent ${error.reason === 'too-large' ? 'too large a frame' : 'bytes without a frame'}.`,
      );
      return;
    }
    this.figures.count('unanswered');
    if (error instanceof NoShare || isBusy(error))
      this.logger.warn(`Busy: a message from ${address} was not acknowledged.`);
    else this.logger.error(error instanceof Error ? error.stack : error);
  }
}

function peerOf(socket: Socket): Peer {
  const address = addressOf(socket.remoteAddress ?? '')?.toString() ?? '';
  if (!(socket instanceof TLSSocket)) return { address, certificate: undefined };
  const { fingerprint256 } = socket.getPeerCertificate() as { fingerprint256?: string };
  return { address, certificate: fingerprint256?.replaceAll(':', '').toLowerCase() };
}
