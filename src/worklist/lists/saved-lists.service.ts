import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { DomainError, notFound } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { SavedQuery } from './saved-query.js';

export interface SavedList {
  readonly id: string;
  readonly name: string;
  readonly query: SavedQuery;
  readonly shared: boolean;
  readonly author: string;
  /** Whether the caller saved it. */
  readonly isOwn: boolean;
  readonly savedAt: Date;
}

export type NewSavedList = Pick<SavedList, 'name' | 'query' | 'shared'>;

/** More are neither read nor counted with each opening of the lists. */
const OWN_AT_MOST = 20;
const SHARED_AT_MOST = 30;

/** Queries of lists that people keep: each for themselves, or for everybody in the hospital. */
@Injectable()
export class SavedListsService {
  constructor(private readonly scope: HospitalScope) {}

  /** The caller's own and the shared ones, by name. */
  async all(): Promise<SavedList[]> {
    return this.scope.transaction((tx) => listsSeen(tx));
  }

  /** Refuses (409 `too-many-saved-lists`) one more than the caller or the hospital can have. */
  async save(list: NewSavedList): Promise<SavedList> {
    return this.scope.transaction(async (tx) => {
      await lockLists(tx);
      await refuseTooMany(tx, list.shared);
      const id = uuidv7();
      await tx.db.query(
        `INSERT INTO saved_list (id, hospital_id, owner_kind, owner_id, author, name, query, shared, saved_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          ...[id, tx.hospital.id, tx.caller.kind, tx.caller.id, tx.caller.name],
          ...[list.name, JSON.stringify(list.query), list.shared, tx.now],
        ],
      );
      return seenById(tx, id);
    });
  }

  /** Changes the fields that are given: of one's own list, or of a shared one, which belongs to the ward. */
  async change(id: string, change: Partial<NewSavedList>): Promise<SavedList> {
    return this.scope.transaction(async (tx) => {
      await lockLists(tx);
      const before = await seenById(tx, id);
      const after = { ...before, ...change };
      if (after.shared && !before.shared) await refuseTooMany(tx, true);
      await tx.db.query(
        'UPDATE saved_list SET name = $3, query = $4, shared = $5 WHERE hospital_id = $1 AND id = $2',
        [tx.hospital.id, id, after.name, JSON.stringify(after.query), after.shared],
      );
      return seenById(tx, id);
    });
  }

  async remove(id: string): Promise<void> {
    await this.scope.transaction(async (tx) => {
      await seenById(tx, id);
      await tx.db.query('DELETE FROM saved_list WHERE hospital_id = $1 AND id = $2', [tx.hospital.id, id]);
    });
  }
}

const isOwner = `owner_kind = $2 AND owner_id = $3`;

async function listsSeen(
  { db, hospital, caller }: HospitalTransaction,
  id: string | null = null,
): Promise<SavedList[]> {
  return db.query<SavedList[]>(
    `SELECT id, name, query, shared, author, (${isOwner}) AS "isOwn", saved_at AS "savedAt" FROM saved_list
      WHERE hospital_id = $1 AND (shared OR (${isOwner})) AND ($4::uuid IS NULL OR id = $4)
      ORDER BY name, id LIMIT ${OWN_AT_MOST + SHARED_AT_MOST}`,
    [hospital.id, caller.kind, caller.id, id],
  );
}

/** One of the lists that the caller sees. Refuses (404) any other. */
export async function seenById(tx: HospitalTransaction, id: string): Promise<SavedList> {
  const [list] = await listsSeen(tx, id);
  if (!list) throw notFound('saved-list', id);
  return list;
}

/** Two that are saved at the same moment are counted one after the other. */
const lockLists = ({ db, hospital }: HospitalTransaction): Promise<unknown> =>
  db.query(`SELECT pg_advisory_xact_lock(hashtextextended('saved_list ' || $1::text, 0))`, [hospital.id]);

async function refuseTooMany({ db, hospital, caller }: HospitalTransaction, shared: boolean): Promise<void> {
  const [{ own, all }] = await db.query<[{ own: number; all: number }]>(
    `SELECT count(*) FILTER (WHERE ${isOwner})::integer AS own, count(*) FILTER (WHERE shared)::integer AS all
       FROM saved_list WHERE hospital_id = $1`,
    [hospital.id, caller.kind, caller.id],
  );
  if (own < OWN_AT_MOST && !(shared && all >= SHARED_AT_MOST)) return;
  throw new DomainError(
    'conflict',
    'too-many-saved-lists',
    msg('too-many-saved-lists', { own: OWN_AT_MOST, shared: SHARED_AT_MOST }),
  );
}
