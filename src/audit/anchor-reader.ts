import type { KeyObject } from 'node:crypto';
import type { Message } from '../guideline/message.js';
import {
  type AcceptedFork,
  type AcceptedLines,
  type AnchoredHead,
  anchorFile,
  type AnchorLine,
  type AnchorPlace,
  digestOfLine,
  isWhole,
  linesOf,
  minutesFile,
} from './audit-anchor.js';
import { auditPublicKey, isSigned } from './audit-key.js';
import { msg } from '../platform/messages/dictionary.js';

/** A batch as it was anchored, and the location of that line. */
export interface Anchored {
  readonly digest: string;
  /** `+3`: the third line of the minutes' file. */
  readonly line: number | string;
}

/** The content of the anchor file. */
export interface AnchorRecord {
  readonly key: KeyObject | undefined;
  /** By hospital and batch. */
  readonly heads: ReadonlyMap<string, ReadonlyMap<number, Anchored>>;
  /** By hospital, the first batch for which two lines differ. */
  readonly contradicted: ReadonlyMap<string, number>;
  /** The instant of the newest line. */
  readonly newest: string | undefined;
  readonly lines: number;
  /** Problems of the file itself: a line changed, removed or from another installation. */
  readonly faults: readonly Message[];
  /** The digest of all lines, for `AcceptedLines`. */
  readonly digest: string;
  /** Whether some of the problems concern a line, and not the trail of a hospital. */
  readonly damaged: boolean;
  /** Facts that are no problem but must be reported. */
  readonly notes: readonly Message[];
}

/** Reads the anchor file from its first line to its last, and the lines of the minutes since then. */
export async function readAnchors(place: AnchorPlace): Promise<AnchorRecord> {
  const reading = new AnchorReading(await auditPublicKey(place));
  for await (const text of linesOf(anchorFile(place))) reading.take(text);
  let minute = 0;
  for await (const text of linesOf(minutesFile(place))) reading.takeMinute(text, `+${++minute}`);
  return reading.end();
}

class AnchorReading {
  private readonly heads = new Map<string, Map<number, Anchored>>();
  private faults: { readonly line: number; readonly fault: Message }[] = [];
  /** For a hospital and a batch; void once a person has accepted that the trail restarts before it. */
  private contradictions: { readonly hospitalId: string; readonly batch: number; readonly fault: Message }[] =
    [];
  private readonly notes: Message[] = [];
  /** The digest of all lines up to each line. */
  private readonly digests: string[] = [];
  private before: string | null = null;
  /** The digest of each line of the anchor file. */
  private readonly known = new Set<string | null>([null]);
  private broken: number | undefined;
  private newest: string | undefined;
  private lines = 0;

  constructor(private readonly key: KeyObject | undefined) {}

  take(text: string): void {
    const line = ++this.lines;
    this.digests.push(digestOfLine(`${this.digests.at(-1) ?? ''}\n${text}`));
    if (!isWhole(text)) {
      this.broken = line;
      return;
    }
    const { signature, ...stated } = JSON.parse(text) as AnchorLine & { readonly signature: string };
    if (stated.minute) {
      this.takeMinute(text, line); // as in the copy of a receiver
      return;
    }
    const genuine = isSigned(this.key, stated, signature);
    if (!genuine) this.blame(line, msg('anchor-not-signed', { line }));
    if (stated.previous !== this.before) this.blame(line, msg('anchor-line-before', { line }));
    else this.sayBroken();
    this.broken = undefined;
    this.before = digestOfLine(text);
    this.known.add(this.before);
    this.newest = stated.at;
    // An acceptance counts only under this installation's key.
    if (genuine && stated.accepted) this.accept(stated.accepted, line);
    if (genuine) for (const fork of stated.forks ?? []) this.beginAnew(fork, line);
    for (const head of stated.heads) this.remember(head, line);
  }

  /** A line that follows from an earlier line than the newest was already dispensable when that one was written. */
  takeMinute(text: string, line: number | string): void {
    if (!isWhole(text)) {
      this.notes.push(msg('anchor-broken-off', { line }));
      return;
    }
    const { signature, ...stated } = JSON.parse(text) as AnchorLine & { readonly signature: string };
    const at = this.lines + 1;
    if (!isSigned(this.key, stated, signature)) this.blame(at, msg('anchor-not-signed', { line }));
    if (!this.known.has(stated.previous)) this.blame(at, msg('anchor-line-before', { line }));
    if (stated.previous !== this.before) return;
    this.newest = stated.at;
    for (const head of stated.heads) this.remember(head, line);
  }

  end(): AnchorRecord {
    this.sayBroken();
    const { key, heads, newest, lines, notes } = this;
    const ofLines = this.faults.map(({ fault }) => fault);
    if (key === undefined && this.newest !== undefined) ofLines.push(msg('anchor-key-missing'));
    const faults = [...ofLines, ...this.contradictions.map(({ fault }) => fault)];
    const contradicted = new Map<string, number>();
    for (const { hospitalId, batch } of this.contradictions)
      contradicted.set(hospitalId, Math.min(batch, contradicted.get(hospitalId) ?? batch));
    const digest = this.digests.at(-1) ?? '';
    return { key, heads, contradicted, newest, lines, faults, digest, damaged: ofLines.length > 0, notes };
  }

  /**
   * A line that was broken off in writing. The next one continues from the line before it, so that nothing is
   * missing.
   */
  private sayBroken(): void {
    if (this.broken !== undefined) this.notes.push(msg('anchor-broken-off', { line: this.broken }));
  }

  private blame(line: number, fault: Message): void {
    this.faults.push({ line, fault });
  }

  private accept({ lines, digest, reason }: AcceptedLines, line: number): void {
    if (lines >= line || this.digests[lines - 1] !== digest) {
      this.blame(line, msg('anchor-accepted-changed', { line, lines }));
      return;
    }
    this.notes.push(msg('anchor-accepted', { line, lines, reason }));
    this.faults = this.faults.filter((one) => one.line > lines);
  }

  private beginAnew({ hospitalId, batch, reason }: AcceptedFork, line: number): void {
    this.notes.push(msg('anchor-begins-anew', { line, id: hospitalId, batch, reason }));
    const known = this.heads.get(hospitalId);
    for (const one of [...(known?.keys() ?? [])]) if (one > batch) known?.delete(one);
    if (known?.size === 0) this.heads.delete(hospitalId);
    this.contradictions = this.contradictions.filter(
      (one) => one.hospitalId !== hospitalId || one.batch <= batch,
    );
  }

  private remember({ hospitalId, batch, digest }: AnchoredHead, line: number | string): void {
    const known = this.heads.get(hospitalId) ?? new Map<number, Anchored>();
    const earlier = known.get(batch);
    if (earlier === undefined) known.set(batch, { digest, line });
    else if (earlier.digest !== digest) {
      const fault = msg('anchor-contradicted', { line, batch, id: hospitalId, earlier: earlier.line });
      this.contradictions.push({ hospitalId, batch, fault });
    }
    this.heads.set(hospitalId, known);
  }
}
