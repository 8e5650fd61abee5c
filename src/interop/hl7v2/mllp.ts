const START = 0x0b;
const END = 0x1c;
const CARRIAGE_RETURN = 0x0d;
const HEADER_BYTES = 4096;

/** The sender keeps no frames, or one larger than allowed: the connection is ended. */
export class FrameRefused extends Error {
  constructor(readonly reason: 'too-large' | 'no-frame') {
    super(reason);
  }
}

/** The bytes of a message in a frame of the Minimal Lower Layer Protocol: VT, the message, FS, CR. */
export const framed = (message: Uint8Array): Buffer =>
  Buffer.concat([Buffer.of(START), message, Buffer.of(END, CARRIAGE_RETURN)]);

/**
 * Takes frames out of a stream of bytes, which may be divided anywhere (HL7 v2 MLLP release 1). Bytes between two frames
 * are only line ends; others are refused. FS without CR does not end a frame: it may belong to the message.
 */
export class FrameReader {
  /** The bytes of the frame that is not complete; more are reserved, so that many small parts cost no copies each. */
  private held = NOTHING;
  private length = 0;
  private inFrame = false;

  constructor(private readonly maximumBytes: number) {}

  /** True between the first and the last byte of a frame. */
  get isWaiting(): boolean {
    return this.inFrame;
  }

  /** The first bytes of the frame that is not complete: the header of a message that was refused for its size. */
  get beginning(): Buffer {
    return this.held.subarray(0, Math.min(this.length, HEADER_BYTES));
  }

  /**
   * The messages that are complete with these bytes, one after the other. Throws `FrameRefused` after those before the fault,
   * wherever the stream is divided.
   */
  *take(chunk: Buffer): Generator<Buffer, void> {
    for (let at = 0; at < chunk.length;) {
      if (!this.inFrame) {
        at = this.beginFrame(chunk, at);
        continue;
      }
      const end = this.continueFrame(chunk, at);
      at = end < 0 ? chunk.length : end;
      if (end >= 0) yield this.completed();
    }
  }

  private beginFrame(chunk: Buffer, at: number): number {
    const byte = chunk[at];
    if (byte === START) this.inFrame = true;
    else if (byte !== CARRIAGE_RETURN && byte !== 0x0a) throw new FrameRefused('no-frame');
    return at + 1;
  }

  /** Where the frame ends; -1: not in these bytes. */
  private continueFrame(chunk: Buffer, at: number): number {
    const endsByFs = this.length > 0 && this.held[this.length - 1] === END;
    const end = endsByFs && chunk[at] === CARRIAGE_RETURN ? at : endIn(chunk, at);
    this.hold(chunk.subarray(at, end < 0 ? chunk.length : end));
    if (this.length > this.maximumBytes) throw new FrameRefused('too-large');
    return end < 0 ? -1 : end + 1;
  }

  private completed(): Buffer {
    const frame = this.held.subarray(0, this.length - 1); // without FS
    this.held = NOTHING;
    this.length = 0;
    this.inFrame = false;
    return frame;
  }

  private hold(part: Buffer): void {
    const needed = this.length + part.length;
    if (needed > this.held.length) {
      const larger = Buffer.alloc(Math.max(needed, Math.min(2 * needed, this.maximumBytes)));
      this.held.copy(larger, 0, 0, this.length);
      this.held = larger;
    }
    part.copy(this.held, this.length);
    this.length = needed;
  }
}

const NOTHING = Buffer.alloc(0);

/** Where the CR after an FS lies, or -1. */
function endIn(chunk: Buffer, from: number): number {
  for (let at = chunk.indexOf(END, from); at >= 0; at = chunk.indexOf(END, at + 1))
    if (chunk[at + 1] === CARRIAGE_RETURN) return at + 1;
  return -1;
}
