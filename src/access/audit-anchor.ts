import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { appendFile, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CHECKOUT } from '../checkout.js';
import { CONFIG, type Config } from '../config.js';
import { canonical, sha256 } from './audit-entry.js';
import { HospitalScope } from './hospital-scope.js';

/** The newest seal of a hospital, as somebody outside the database remembers it. */
export interface AnchoredHead {
  readonly hospitalId: string;
  readonly batch: number;
  /** Hexadecimal. */
  readonly digest: string;
}

/** One line of the anchor file; each holds the digest of the line before, and is signed. */
interface AnchorLine {
  readonly at: string;
  readonly heads: readonly AnchoredHead[];
  readonly previous: string | null;
}

type AnchorPlace = Pick<Config, 'dataDirectory' | 'auditAnchor'>;

const keyFile = ({ dataDirectory }: AnchorPlace): string =>
  join(resolve(CHECKOUT, dataDirectory), 'keys', 'audit-ed25519.pem');
export const anchorFile = ({ dataDirectory, auditAnchor }: AnchorPlace): string =>
  resolve(CHECKOUT, auditAnchor ?? join(dataDirectory, 'audit-anchor.ndjson'));

/**
 * Writes the heads of all hospitals' chains to a file outside the database, where whoever can rewrite the database
 * cannot rewrite them too, provided that the operator keeps it elsewhere.
 */
@Injectable()
export class AuditAnchor {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly dataSource: DataSource,
    private readonly scope: HospitalScope,
  ) {}

  /** Adds one line, unless no hospital has a seal. */
  async write(): Promise<void> {
    const hospitals = await this.scope.acrossHospitals((db) =>
      db.query<{ id: string }[]>('SELECT id FROM hospital ORDER BY id'),
    );
    const heads: AnchoredHead[] = [];
    for (const { id } of hospitals) heads.push(...(await this.scope.run(id, () => this.headOf())));
    if (heads.length === 0) return;
    const [{ at }] = await this.dataSource.query<[{ at: Date }]>('SELECT program_now() AS at');
    const file = anchorFile(this.config);
    await mkdir(dirname(file), { recursive: true });
    const last = (await linesOf(file)).at(-1);
    const line: AnchorLine = { at: at.toISOString(), heads, previous: last === undefined ? null : hex(last) };
    const signature = sign(null, Buffer.from(canonical(line)), await signingKey(this.config)).toString(
      'base64',
    );
    await appendFile(file, `${canonical({ ...line, signature })}\n`, { mode: 0o600 });
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

const hex = (line: string): string => sha256(line).toString('hex');

async function linesOf(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').filter((line) => line !== '');
}

async function signingKey(place: AnchorPlace): Promise<KeyObject> {
  const file = keyFile(place);
  try {
    return createPrivateKey(await readFile(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = await open(`${file}.${process.pid}`, 'w', 0o600);
  await draft.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await draft.close();
  await rename(`${file}.${process.pid}`, file);
  return createPrivateKey(await readFile(file));
}

/** Every head ever anchored, and what is wrong with the file itself: a line changed, removed or not ours. */
export async function readAnchors(place: AnchorPlace): Promise<{
  readonly heads: readonly (AnchoredHead & { line: number })[];
  readonly faults: readonly string[];
}> {
  const lines = await linesOf(anchorFile(place));
  const heads: (AnchoredHead & { line: number })[] = [];
  const faults: string[] = [];
  if (lines.length === 0) return { heads, faults };
  const key = createPublicKey(await signingKey(place));
  for (const [index, text] of lines.entries()) {
    const line = index + 1;
    try {
      const { signature, ...said } = JSON.parse(text) as AnchorLine & { signature: string };
      if (!verify(null, Buffer.from(canonical(said)), key, Buffer.from(signature, 'base64')))
        faults.push(`anchor line ${line}: its signature is not of this key`);
      const before = lines[index - 1];
      if (said.previous !== (before === undefined ? null : hex(before)))
        faults.push(`anchor line ${line}: the line before it was changed or removed`);
      heads.push(...said.heads.map((head) => ({ ...head, line })));
    } catch {
      faults.push(`anchor line ${line}: not readable`);
    }
  }
  return { heads, faults };
}
