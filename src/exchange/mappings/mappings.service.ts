import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError, invalid, notFound } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { Mapping } from './mapping-file.js';
import { mappingProblems } from './mapping-problems.js';
import { type MappingHead, type SelectedMapping, StoredMappings } from './stored-mappings.js';

/** Characters of one stored file: more than a thousand codes. */
const MOST_CHARACTERS = 400_000;
/** For one hospital: a new version every month for eight years. */
export const MOST_MAPPINGS = 100;
/** A file with more problems than these is corrected step by step. */
const MOST_PROBLEMS = 100;

/** Stores what the codes of a hospital mean. A stored version never changes; one of them is in force. */
@Injectable()
export class MappingsService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly stored: StoredMappings,
  ) {}

  /** Refuses (422, 413) what `store` would refuse, and stores nothing. Returns the SHA-256 that it would have. */
  async check(mapping: Mapping): Promise<string> {
    return this.scope.transaction(async (tx) => {
      const { digest } = written(mapping);
      refuseUnusable(mapping, tx);
      const before = await this.stored.head(tx, mapping.id, mapping.version);
      if (before && before.digest !== digest) throw differs(before);
      return digest;
    });
  }

  /** Idempotent; refuses (409) other content under a stored id and version. */
  async store(mapping: Mapping): Promise<{ readonly head: MappingHead; readonly isNew: boolean }> {
    const file = written(mapping);
    return this.scope.transaction(async (tx) => {
      refuseUnusable(mapping, tx);
      await lockMappings(tx);
      const before = await this.stored.head(tx, mapping.id, mapping.version);
      if (before && before.digest !== file.digest) throw differs(before);
      if (!before) {
        if ((await this.stored.list(tx)).length >= MOST_MAPPINGS)
          throw new DomainError(
            'conflict',
            'too-many-mappings',
            msg('too-many-mappings', { limit: MOST_MAPPINGS }),
          );
        await this.stored.store(tx, mapping, file);
      }
      const head = await this.stored.head(tx, mapping.id, mapping.version);
      if (head === undefined) throw new Error('A mapping that was stored is missing.');
      return { head, isNew: !before };
    });
  }

  async list(): Promise<{
    readonly heads: readonly MappingHead[];
    readonly selected: SelectedMapping | undefined;
  }> {
    return this.scope.transaction(async (tx) => ({
      heads: await this.stored.list(tx),
      selected: await this.stored.selected(tx),
    }));
  }

  async find(id: string, version: string): Promise<Mapping> {
    return this.scope.transaction((tx) => this.findIn(tx, id, version));
  }

  /** The same in a running transaction. */
  async findIn(tx: HospitalTransaction, id: string, version: string): Promise<Mapping> {
    const mapping = await this.stored.find(tx, id, version);
    if (!mapping) throw notFound('mapping', `${id}@${version}`);
    return mapping;
  }

  /**
   * From now on messages are read by this version. Refuses (422) one that the guideline of the hospital no longer fits.
   * What was read before stays as it is.
   */
  async select(id: string, version: string): Promise<SelectedMapping | undefined> {
    return this.scope.transaction(async (tx) => {
      await lockMappings(tx);
      refuseUnusable(await this.findIn(tx, id, version), tx, 'selected');
      await this.stored.select(tx, { id, version });
      return this.stored.selected(tx);
    });
  }
}

function written(mapping: Mapping): { readonly content: string; readonly digest: string } {
  const content = JSON.stringify(mapping);
  if (content.length > MOST_CHARACTERS)
    throw new DomainError(
      'too-large',
      'mapping-too-large',
      msg('mapping-too-large', { characters: content.length, limit: MOST_CHARACTERS }),
    );
  return { content, digest: createHash('sha256').update(content).digest('hex') };
}

/** A selected one may be the built-in one, whose name no file takes. */
export function refuseUnusable(
  mapping: Mapping,
  { hospital }: HospitalTransaction,
  purpose: 'stored' | 'selected' = 'stored',
): void {
  const problems = mappingProblems(mapping, hospital.guideline).filter(
    ({ pointer }) => purpose === 'stored' || pointer !== '/id',
  );
  if (problems.length > 0)
    throw invalid('invalid-input', msg('invalid-input'), problems.slice(0, MOST_PROBLEMS));
}

/** Changes of one hospital's mappings take turns, so that the limit holds. */
const lockMappings = ({ db, hospital }: HospitalTransaction): Promise<unknown> =>
  db.query(`SELECT pg_advisory_xact_lock(hashtextextended('mappings ' || $1, 0))`, [hospital.id]);

const differs = ({ id, version, digest }: MappingHead): DomainError =>
  new DomainError(
    'conflict',
    'mapping-version-taken',
    msg('mapping-version-taken', { mapping: `${id}@${version}`, digest }),
  );
