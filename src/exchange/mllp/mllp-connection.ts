import { once } from 'node:events';
import type { Socket } from 'node:net';
import { clearTimeout, setTimeout } from 'node:timers';
import { framed, FrameReader, FrameRefused } from '../../interop/hl7v2/mllp.js';

/** The limits of one connection. */
export interface ConnectionLimits {
  readonly frameBytes: number;
  /** From the first byte of a frame to its last. */
  readonly frameMs: number;
  /** Without a byte in either direction, while no message is in work. */
  readonly idleMs: number;
}

/** How a connection's frames are answered. An answer that throws ends the connection without an acknowledgement. */
export interface FrameAnswers {
  answer(frame: Buffer): Promise<Buffer>;
  refuseLarge(beginning: Buffer): Promise<Buffer>;
}

/** The time in which the last answer has to leave before the connection is cut. */
const FAREWELL_MS = 1000;

/**
 * One connection of a sender. Its frames are answered in order, one at a time; what arrives meanwhile waits in the network, so
 * that a fast sender takes no memory.
 */
export class MllpConnection {
  private isAnswering = false;
  private isEnding = false;

  constructor(
    private readonly socket: Socket,
    private readonly limits: ConnectionLimits,
    private readonly answers: FrameAnswers,
  ) {}

  /** Ends after the frame that is in work; immediately without one. */
  end(): void {
    this.isEnding = true;
    if (!this.isAnswering) this.socket.destroy();
  }

  /** Serves the connection until it ends. Throws why it ended, unless the sender or `end` ended it. */
  async serve(): Promise<void> {
    const { socket, limits } = this;
    const reader = new FrameReader(limits.frameBytes);
    let frameTimer: NodeJS.Timeout | undefined;
    socket.setTimeout(limits.idleMs, () => void (this.isAnswering || socket.destroy()));
    try {
      for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        for (const frame of reader.take(chunk)) {
          clearTimeout(frameTimer);
          frameTimer = undefined;
          if (!(await this.reply(() => this.answers.answer(frame)))) return;
        }
        if (reader.isWaiting) frameTimer ??= setTimeout(() => socket.destroy(), limits.frameMs).unref();
      }
    } catch (error) {
      if (socket.destroyed) return; // the sender, a limit of time, or `end`
      if (!(error instanceof FrameRefused)) throw error;
      if (error.reason === 'too-large') await this.reply(() => this.answers.refuseLarge(reader.beginning));
      throw error;
    } finally {
      clearTimeout(frameTimer);
      await this.leave();
    }
  }

  /** False: the connection ends after this answer. */
  private async reply(answer: () => Promise<Buffer>): Promise<boolean> {
    this.isAnswering = true;
    let bytes: Buffer;
    try {
      bytes = framed(await answer());
    } finally {
      this.isAnswering = false;
    }
    if (this.socket.destroyed) return false;
    if (!this.socket.write(bytes))
      await Promise.race([once(this.socket, 'drain'), once(this.socket, 'close')]);
    return !this.isEnding;
  }

  /** Closes without cutting off the last answer: unread bytes would make the system drop what it has not sent. */
  private async leave(): Promise<void> {
    const { socket } = this;
    if (socket.destroyed) return;
    socket.setTimeout(0);
    const closed = once(socket, 'close');
    const timer = setTimeout(() => socket.destroy(), FAREWELL_MS).unref();
    socket.end();
    socket.resume();
    await closed.catch(() => undefined);
    clearTimeout(timer);
  }
}
