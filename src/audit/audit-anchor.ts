import { mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CHECKOUT } from '../platform/checkout.js';
import { CONFIG, type Config } from '../platform/config.js';
import { AnchorReceiver } from './anchor-receiver.js';
import { canonical, sha256 } from '../tenancy/audit-entry.js';
import { signed } from './audit-key.js';
import { eachHospital } from '../tenancy/each-hospital.js';
import { HospitalScope } from '../tenancy/hospital-scope.js';

/** The newest seal of a hospital, stored outside the database. */
export interface AnchoredHead {
  readonly hospitalId: string;
  readonly batch: number;
  /** Hexadecimal. */
  readonly digest: string;
}

/** A person has accepted that after this batch the trail differs from the anchored one, as after a restore. */
export interface AcceptedFork {
  readonly hospitalId: string;
  readonly batch: number;
  readonly reason: string;
}

/** A person has accepted the lines before this one, with their problems. */
export interface AcceptedLines {
  readonly lines: number;
  /** The digest of those lines. If they change later, they are no longer accepted. */
  readonly digest: string;
  readonly reason: string;
}

/**
 * One line of the anchor file. Each contains the digest of the previous line, and is signed. A line of the minutes'
 * file contains the newest seals of hospitals with new ones, and the digest of the newest line of the anchor file.
 */
export interface AnchorLine {
  readonly at: string;
  readonly minute?: true;
  readonly heads: readonly AnchoredHead[];
  readonly forks?: readonly AcceptedFork[];
  readonly accepted?: AcceptedLines;
  readonly previous: string | null;
}

export type AnchorPlace = Pick<Config, 'dataDirectory' | 'auditAnchor'>;

export const anchorFile = ({ dataDirectory, auditAnchor }: AnchorPlace): string =>
  resolve(CHECKOUT, auditAnchor ?? join(dataDirectory, 'audit-anchor.ndjson'));

/** The lines of each minute since the newest line of the anchor file, which makes them dispensable. */
export const minutesFile = (place: AnchorPlace): string => `${anchorFile(place)}.minutes`;

// Any constant does: two processes that share the file write one after the other.
const ANCHOR_LOCK = 6_331_952;

/**
 * Writes the heads of all hospitals' chains to a file outside the database. An attacker with write access to the
 * database alone cannot rewrite them, provided that the operator keeps the file elsewhere.
 */
@Injectable()
export class AuditAnchor {
  /** The newest line of the anchor file, valid while the file has this size. */
  private newest: { readonly size: number; readonly digest: string | null } | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly dataSource: DataSource,
    private readonly scope: HospitalScope,
    @Optional() private readonly receiver?: AnchorReceiver,
  ) {}

  /** Adds one line, unless no hospital has a seal; returns whether it did. */
  async write(forks: readonly AcceptedFork[] = [], accepted?: AcceptedLines): Promise<boolean> {
    const hospitals = await this.scope.acrossHospitals((db) =>
      db.query<{ id: string }[]>('SELECT id FROM hospital ORDER BY id'),
    );
    const heads = await this.headsOf(hospitals.map(({ id }) => id));
    if (heads.length === 0 && forks.length === 0 && accepted === undefined) return false;
    await this.add({ heads, ...(forks.length > 0 && { forks }), ...(accepted && { accepted }) });
    return true;
  }

  /** Adds a line with the newest seals of these hospitals alone to the minutes' file. */
  async writeMinute(hospitalIds: readonly string[]): Promise<void> {
    const present = await this.scope.acrossHospitals((db) =>
      db.query<{ id: string }[]>('SELECT id FROM hospital WHERE id = ANY ($1) ORDER BY id', [hospitalIds]),
    );
    const heads = await this.headsOf(present.map(({ id }) => id));
    if (heads.length > 0) await this.add({ minute: true, heads });
  }

  private async headsOf(hospitalIds: readonly string[]): Promise<AnchoredHead[]> {
    const heads: AnchoredHead[] = [];
    const hospitals = hospitalIds.map((id) => ({ id }));
    await eachHospital(
      this.scope,
      hospitals,
      'Anchoring',
      async () => void heads.push(...(await this.headOf())),
    );
    return heads;
  }

  private async add(content: Omit<AnchorLine, 'previous' | 'at'>): Promise<void> {
    await this.dataSource.transaction(async (db) => {
      const [{ at }] = await db.query<[{ at: Date }]>(
        `SELECT program_now() AS at FROM pg_advisory_xact_lock(${ANCHOR_LOCK})`,
      );
      const path = anchorFile(this.config);
      await mkdir(dirname(path), { recursive: true });
      const line: AnchorLine = { at: at.toISOString(), ...content, previous: await this.newestLine(path) };
      const text = `${canonical({ ...line, signature: await signed(this.config, line) })}\n`;
      await append(content.minute ? minutesFile(this.config) : path, text);
      // Not before the replacing line is on the disk.
      if (!content.minute) await rm(minutesFile(this.config), { force: true });
      this.receiver?.add(text);
    });
  }

  private async newestLine(path: string): Promise<string | null> {
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    if (this.newest?.size === size) return this.newest.digest;
    let last: string | undefined;
    for await (const line of linesOf(path)) if (isWhole(line)) last = line;
    this.newest = { size, digest: last === undefined ? null : digestOfLine(last) };
    return this.newest.digest;
  }

  private headOf(): Promise<AnchoredHead[]> {
    return this.scope.transaction(({ db, hospital }) =>
      db.query<AnchoredHead[]>(
        `SELECT hospital_id AS "hospitalId", batch, encode(digest, 'hex') AS digest FROM audit_seal
          WHERE hospital_id = $1 ORDER BY batch DESC LIMIT 1`,
        [hospital.id],
      ),
    );
  }
}

async function append(path: string, text: string): Promise<void> {
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    // An incomplete line of a crash or a full disk stays as it is; the new one does not continue it.
    await file.appendFile(size === 0 || buffer.toString() === '\n' ? text : `\n${text}`);
    await file.sync();
  } finally {
    await file.close();
  }
}

export const digestOfLine = (line: string): string => sha256(line).toString('hex');

export function isWhole(line: string): boolean {
  try {
    const parsed = JSON.parse(line) as Partial<AnchorLine> | null;
    return Array.isArray(parsed?.heads);
  } catch {
    return false;
  }
}

/** The lines of the file, one in memory at a time; none when there is no file. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const file = await open(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return;
  try {
    for await (const line of file.readLines()) if (line !== '') yield line;
  } finally {
    await file.close();
  }
}
