import { Injectable } from '@nestjs/common';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { BUILT_IN, BUILT_IN_MAPPING } from './built-in-mapping.js';
import type { Mapping } from './mapping-file.js';

/** A stored version without its content. */
export interface MappingHead {
  readonly id: string;
  readonly version: string;
  /** SHA-256 of the content, in hexadecimal digits. */
  readonly digest: string;
  readonly uploadedBy: string;
  readonly uploadedAt: Date;
}

/** The version that the hospital has selected. */
export interface SelectedMapping {
  readonly id: string;
  readonly version: string;
  readonly selectedBy: string;
  readonly selectedAt: Date;
}

const HEAD = `id, version, digest, uploaded_by AS "uploadedBy", uploaded_at AS "uploadedAt"`;

/** Of the row of `MAPPING_IN_FORCE`; null without a row: the built-in mapping holds. */
export type MappingColumns =
  | { readonly mappingId: string; readonly mappingVersion: string; readonly mappingDigest: string }
  | { readonly mappingId: null; readonly mappingVersion: null; readonly mappingDigest: null };

/** The version that the hospital has selected, as a part of a larger statement. Row security shows that of no other hospital. */
export const MAPPING_IN_FORCE = `SELECT id AS "mappingId", version AS "mappingVersion", digest AS "mappingDigest"
  FROM mapping_in_force JOIN stored_mapping USING (hospital_id, id, version)`;

/** Contents kept in memory, by digest: a content with a digest never changes. */
const MOST_IN_MEMORY = 32;
const contents = new Map<string, Mapping>();

/** The mappings of the hospital that the transaction has entered. */
@Injectable()
export class StoredMappings {
  /** The mapping by which messages and resources are read now: the selected one, else the built-in one. */
  async read(tx: HospitalTransaction, inForce: MappingColumns): Promise<Mapping> {
    const { mappingId: id, mappingVersion: version, mappingDigest: digest } = inForce;
    return id === null ? BUILT_IN_MAPPING : this.content(tx, { id, version, digest });
  }

  /** Undefined where there is no such version. */
  async find(tx: HospitalTransaction, id: string, version: string): Promise<Mapping | undefined> {
    if (id === BUILT_IN) return version === BUILT_IN_MAPPING.version ? BUILT_IN_MAPPING : undefined;
    const head = await this.head(tx, id, version);
    return head && this.content(tx, head);
  }

  async head(
    { db, hospital }: HospitalTransaction,
    id: string,
    version: string,
  ): Promise<MappingHead | undefined> {
    const [row] = await db.query<MappingHead[]>(
      `SELECT ${HEAD} FROM stored_mapping WHERE hospital_id = $1 AND id = $2 AND version = $3`,
      [hospital.id, id, version],
    );
    return row;
  }

  /** The newest first. */
  async list({ db, hospital }: HospitalTransaction): Promise<readonly MappingHead[]> {
    return db.query<MappingHead[]>(
      `SELECT ${HEAD} FROM stored_mapping WHERE hospital_id = $1 ORDER BY uploaded_at DESC, id, version`,
      [hospital.id],
    );
  }

  async store(
    { db, hospital, caller, now }: HospitalTransaction,
    { id, version }: Pick<Mapping, 'id' | 'version'>,
    { content, digest }: { readonly content: string; readonly digest: string },
  ): Promise<void> {
    await db.query(
      `INSERT INTO stored_mapping (hospital_id, id, version, digest, content, uploaded_by, uploaded_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [hospital.id, id, version, digest, content, caller.name, now],
    );
  }

  /** Undefined: the built-in mapping holds. */
  async selected({ db, hospital }: HospitalTransaction): Promise<SelectedMapping | undefined> {
    const [row] = await db.query<SelectedMapping[]>(
      `SELECT id, version, selected_by AS "selectedBy", selected_at AS "selectedAt" FROM mapping_in_force WHERE hospital_id = $1`,
      [hospital.id],
    );
    return row;
  }

  async select(
    { db, hospital, caller, now }: HospitalTransaction,
    { id, version }: Pick<Mapping, 'id' | 'version'>,
  ): Promise<void> {
    if (id === BUILT_IN) {
      await db.query('DELETE FROM mapping_in_force WHERE hospital_id = $1', [hospital.id]);
      return;
    }
    await db.query(
      `INSERT INTO mapping_in_force (hospital_id, id, version, selected_by, selected_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (hospital_id) DO UPDATE
         SET id = excluded.id, version = excluded.version, selected_by = excluded.selected_by, selected_at = excluded.selected_at`,
      [hospital.id, id, version, caller.name, now],
    );
  }

  private async content(
    { db, hospital }: HospitalTransaction,
    { id, version, digest }: Pick<MappingHead, 'id' | 'version' | 'digest'>,
  ): Promise<Mapping> {
    const known = contents.get(digest);
    if (known) return known;
    const [row] = await db.query<{ content: Mapping }[]>(
      'SELECT content FROM stored_mapping WHERE hospital_id = $1 AND id = $2 AND version = $3',
      [hospital.id, id, version],
    );
    if (row === undefined) throw new Error(`The mapping ${id}@${version} is missing.`);
    contents.set(digest, row.content);
    const [oldest] = contents.keys();
    if (contents.size > MOST_IN_MEMORY && oldest !== undefined) contents.delete(oldest);
    return row.content;
  }
}
