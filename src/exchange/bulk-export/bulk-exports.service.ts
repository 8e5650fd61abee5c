import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { DomainError, notFound, tooMany } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { Caller } from '../../tenancy/caller.js';
import { HospitalScope, type HospitalTransaction, showOnly } from '../../tenancy/hospital-scope.js';
import { mayReadType } from '../../tenancy/resource-scopes.js';
import { PATIENT_RESOURCES } from '../fhir/served-resources.js';
import {
  type BulkExport,
  type ExportFile,
  filesOf,
  MOST_KEPT,
  ownExport,
  partContext,
} from './bulk-export.js';
import { type ListedExport, listExports } from './export-list.js';

const RETRY_SECONDS = 60;
/** Files that one hospital fetches from one process at a time. */
const MOST_FETCHED = 4;

const uncompressed = promisify(gunzip);

/** What an export is to contain. */
export interface ExportWish {
  /** The address of the request, which the manifest repeats. */
  readonly request: string;
  /** undefined: every type that the caller may read. */
  readonly types: readonly string[] | undefined;
  readonly since: Date | null;
}

/** Exports of all of a hospital's patients (FHIR Bulk Data Access 2.0), for the caller who began them. */
@Injectable()
export class BulkExports {
  private readonly fetched = new Map<string, number>();

  constructor(private readonly scope: HospitalScope) {}

  /**
   * Begins an export; a worker makes it. Refuses (429) a second one at a time and more than `MOST_KEPT` that wait to be
   * fetched, (403) a type that the caller may not read.
   */
  async begin({ request, types, since }: ExportWish): Promise<string> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital, caller, now } = tx;
      const wanted = typesOf(caller, types);
      await refuseTooMany(tx);
      const id = uuid();
      const reader = { caller, purpose: this.scope.auditedCall?.purpose };
      const begun = await db.query<unknown[]>(
        `INSERT INTO bulk_export (hospital_id, id, caller, caller_id, request, types, since, started_at, state, total, done, failures, retry_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'running', (SELECT count(*) FROM patient WHERE hospital_id = $1), 0, 0, $8)
         ON CONFLICT DO NOTHING RETURNING true`,
        [hospital.id, id, JSON.stringify(reader), caller.id, request, wanted, since, now],
      );
      if (begun.length === 0) throw inProgress();
      return id;
    });
  }

  /** The exports that run or can be fetched, those of other callers without their files. */
  async list(): Promise<readonly ListedExport[]> {
    return this.scope.transaction((tx) => listExports(tx));
  }

  /** How far it is, with its files once it has finished. Refuses (409) one that failed or whose content was deleted. */
  async status(id: string): Promise<{ readonly begun: BulkExport; readonly files: readonly ExportFile[] }> {
    return this.scope.transaction(async (tx) => {
      const begun = await ownExport(tx, id);
      if (begun.state === 'failed')
        throw new DomainError('conflict', 'bulk-export-failed', msg('bulk-export-failed'));
      return { begun, files: begun.state === 'finished' ? await filesOf(tx, id) : [] };
    });
  }

  /** Ends a running export, and deletes what a finished one has left. */
  async remove(id: string): Promise<void> {
    await this.scope.transaction(async (tx) => {
      await ownExport(tx, id);
      await tx.db.query('DELETE FROM bulk_export WHERE hospital_id = $1 AND id = $2', [tx.hospital.id, id]);
    });
  }

  /** The same for any export of the hospital, so that no machine keeps the places of others. */
  async end(id: string): Promise<void> {
    await this.scope.transaction(async ({ db, hospital }) => {
      const [, deleted] = await db.query<[unknown, number]>(
        'DELETE FROM bulk_export WHERE hospital_id = $1 AND id = $2',
        [hospital.id, id],
      );
      if (deleted === 0) throw notFound('bulk-export', id);
    });
  }

  /** The lines of one file, one part in memory at a time. The call is audited before the first line leaves. */
  async file(id: string, type: string): Promise<Readable> {
    const { hospitalId } = this.scope;
    const running = this.fetched.get(hospitalId) ?? 0;
    if (running >= MOST_FETCHED)
      throw tooMany('too-many-downloads', msg('too-many-downloads', { limit: MOST_FETCHED }), RETRY_SECONDS);
    // Counted before the wait for the database, in which others begin.
    this.fetched.set(hospitalId, running + 1);
    try {
      const file = await this.fileOf(id, type);
      const lines = Readable.from(this.linesOf(this.scope.caller, file), {
        ...{ objectMode: false, highWaterMark: 1 },
      });
      lines.once('close', () => this.release(hospitalId));
      return lines;
    } catch (error) {
      this.release(hospitalId);
      throw error;
    }
  }

  private async fileOf(id: string, type: string): Promise<ExportFile> {
    const file = await this.scope.transaction(async (tx) => {
      await ownExport(tx, id);
      showOnly([]); // the entries of the steps say which patients the export contains
      return (await filesOf(tx, id)).find((one) => one.type === type);
    });
    if (!file) throw notFound('bulk-export', `${id}/${type}`);
    return file;
  }

  private release(hospitalId: string): void {
    const left = (this.fetched.get(hospitalId) ?? 1) - 1;
    if (left === 0) this.fetched.delete(hospitalId);
    else this.fetched.set(hospitalId, left);
  }

  /** A part that was deleted meanwhile breaks the answer off, so that it is not taken for whole. */
  private async *linesOf(caller: Caller, { parts }: ExportFile): AsyncGenerator<Buffer> {
    for (const part of parts) {
      const read = (tx: HospitalTransaction): Promise<string> => contentOf(tx, part);
      const content = await this.scope.run(
        caller,
        async () => (await this.scope.atStandby(read))?.value ?? (await this.scope.unaudited(read)),
      );
      yield await uncompressed(Buffer.from(content, 'base64'));
    }
  }
}

async function contentOf(tx: HospitalTransaction, part: string): Promise<string> {
  const [row] = await tx.db.query<{ content: string | null }[]>(
    'SELECT content FROM bulk_export_part WHERE hospital_id = $1 AND id = $2',
    [tx.hospital.id, part],
  );
  if (!row?.content) throw new Error('The export was deleted while it was fetched.');
  return (await tx.keys([row.content])).open(row.content, partContext(part));
}

async function refuseTooMany({ db, hospital }: HospitalTransaction): Promise<void> {
  const [{ running, kept }] = await db.query<[{ running: number; kept: number }]>(
    `SELECT count(*) FILTER (WHERE state = 'running')::integer AS running, count(*) FILTER (WHERE state <> 'running')::integer AS kept
       FROM bulk_export WHERE hospital_id = $1`,
    [hospital.id],
  );
  if (running > 0) throw inProgress();
  if (kept >= MOST_KEPT)
    throw tooMany('too-many-bulk-exports', msg('too-many-bulk-exports', { limit: MOST_KEPT }), RETRY_SECONDS);
}

const inProgress = (): DomainError =>
  tooMany('bulk-export-in-progress', msg('bulk-export-in-progress'), RETRY_SECONDS);

/** The wanted types; without a wish, all that the caller may read. */
function typesOf(caller: Caller, wanted: readonly string[] | undefined): readonly string[] {
  const readable = PATIENT_RESOURCES.map(({ type }) => type).filter((type) => mayReadType(caller, type));
  const refused = wanted?.filter((type) => !readable.some((one) => one === type)) ?? [];
  if (refused.length > 0 || readable.length === 0)
    throw new DomainError(
      'forbidden',
      'type-not-allowed',
      msg('type-not-allowed', { types: refused, readable }),
    );
  return wanted ?? readable;
}
