const START = 0x0b;
const END = 0x1c;
const CARRIAGE_RETURN = 0x0d;

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
  private parts: Buffer[] = [];
  private length = 0;
  private inFrame = false;
  /** The last byte of the part before was FS. */
  private endsByFs = false;

  constructor(private readonly maximumBytes: number) {}

  /** True between the first and the last byte of a frame. */
  get isWaiting(): boolean {
    return this.inFrame;
  }

  /** The messages that are complete with these bytes. Throws `FrameRefused`. */
  take(chunk: Buffer): Buffer[] {
    const complete: Buffer[] = [];
    for (let at = 0; at < chunk.length;)
      at = this.inFrame ? this.continueFrame(chunk, at, complete) : this.beginFrame(chunk, at);
    return complete;
  }

  private beginFrame(chunk: Buffer, at: number): number {
    const byte = chunk[at];
    if (byte === START) this.inFrame = true;
    else if (byte !== CARRIAGE_RETURN && byte !== 0x0a) throw new FrameRefused('no-frame');
    return at + 1;
  }

  private continueFrame(chunk: Buffer, at: number, complete: Buffer[]): number {
    const end = this.endsByFs && chunk[at] === CARRIAGE_RETURN ? at : endIn(chunk, at);
    const part = chunk.subarray(at, end < 0 ? chunk.length : end);
    this.length += part.length;
    if (this.length > this.maximumBytes) throw new FrameRefused('too-large');
    if (part.length > 0) this.parts.push(part);
    if (end < 0) {
      this.endsByFs = chunk.at(-1) === END;
      return chunk.length;
    }
    const frame = Buffer.concat(this.parts);
    complete.push(frame.subarray(0, frame.length - 1)); // without FS
    this.parts = [];
    this.length = 0;
    this.inFrame = false;
    this.endsByFs = false;
    return end + 1;
  }
}

/** Where the CR after an FS lies, or -1. */
function endIn(chunk: Buffer, from: number): number {
  for (let at = chunk.indexOf(END, from); at >= 0; at = chunk.indexOf(END, at + 1))
    if (chunk[at + 1] === CARRIAGE_RETURN) return at + 1;
  return -1;
}
