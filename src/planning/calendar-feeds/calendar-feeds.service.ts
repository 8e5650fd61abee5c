import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Language } from '../../guideline/guideline.js';
import { DomainError, notFound } from '../../platform/domain-error.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import type { Caller } from '../../tenancy/caller.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { hashOfToken, newTokenOf } from '../../tenancy/tokens.js';
import { knownPerson } from '../../worklist/ownership/able-person.js';
import { staffOf } from '../../worklist/ownership/staff-rows.js';

export interface CalendarFeed {
  readonly id: string;
  readonly name: string;
  /** Who created it, with whose rights it is read. */
  readonly author: string;
  readonly personId: string | null;
  readonly department: string | null;
  readonly place: string | null;
  readonly names: boolean;
  readonly language: Language;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

export interface NewCalendarFeed {
  readonly name?: string | undefined;
  /** A person's id; `me`: the caller. */
  readonly owner?: string | undefined;
  readonly department?: string | undefined;
  readonly place?: string | undefined;
  readonly names: boolean;
  readonly language?: Language | undefined;
}

const OWN_AT_MOST = 10;
const HOSPITAL_AT_MOST = 500;

/** The caller's own, and those of keys, which belong to the ward; an administrator sees and removes all. */
const SEEN = `(owner_kind = $2 AND owner_id = $3 OR owner_kind = 'key' OR $4::boolean)`;

const seenBy = ({ kind, id, roles }: Caller): [string, string, boolean] => [
  ...([kind, id, roles.includes('hospital_admin')] as const),
];

const COLUMNS = `id, name, author, person_id AS "personId", department, place, names, language, created_at AS "createdAt",
  last_used_at AS "lastUsedAt"`;

/** The calendar feeds of the hospital's people and keys. */
@Injectable()
export class CalendarFeeds {
  constructor(private readonly scope: HospitalScope) {}

  async all(): Promise<readonly CalendarFeed[]> {
    return this.scope.transaction((tx) => feedsSeen(tx));
  }

  /**
   * Creates a feed and its token, which is returned here and never stored. Refuses (409) one more than a caller or a
   * hospital can have.
   */
  async create(input: NewCalendarFeed): Promise<{ readonly feed: CalendarFeed; readonly token: string }> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital, caller, now } = tx;
      await lockFeeds(tx);
      await refuseTooMany(tx);
      const personId = await personOf(tx, input);
      const language = input.language ?? hospital.language;
      const name = input.name ?? render(msg('calendar-name'), language);
      const id = uuidv7();
      const token = newTokenOf(hospital.id, '');
      await db.query(
        `INSERT INTO calendar_feed (id, hospital_id, token_hash, owner_kind, owner_id, author, name, person_id, department,
                                    place, names, language, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
        [
          ...[id, hospital.id, hashOfToken(token), caller.kind, caller.id, caller.name, name, personId],
          ...[input.department ?? null, input.place ?? null, input.names, language, now],
        ],
      );
      return { feed: await feedById(tx, id), token };
    });
  }

  /** From now on its address answers 404. */
  async remove(id: string): Promise<void> {
    await this.scope.transaction(async (tx) => {
      await feedById(tx, id);
      await tx.db.query('DELETE FROM calendar_feed WHERE hospital_id = $1 AND id = $2', [tx.hospital.id, id]);
    });
  }
}

/** A person who names nothing gets the own patients; a key, which has none, those of the hospital. */
async function personOf(
  tx: HospitalTransaction,
  { owner, department, place }: NewCalendarFeed,
): Promise<string | null> {
  const { caller } = tx;
  const isOwn = owner === 'me' || (owner === undefined && department === undefined && place === undefined);
  if (isOwn && caller.kind === 'person') return caller.id;
  if (owner === undefined || isOwn) {
    if (owner === 'me') return knownPerson(await staffOf(tx), caller.id, '/owner').id;
    return null;
  }
  return knownPerson(await staffOf(tx), owner, '/owner').id;
}

async function feedsSeen(
  { db, hospital, caller }: HospitalTransaction,
  id: string | null = null,
): Promise<CalendarFeed[]> {
  return db.query<CalendarFeed[]>(
    `SELECT ${COLUMNS} FROM calendar_feed
      WHERE hospital_id = $1 AND ${SEEN} AND ($5::uuid IS NULL OR id = $5) ORDER BY id LIMIT ${HOSPITAL_AT_MOST}`,
    [hospital.id, ...seenBy(caller), id],
  );
}

async function feedById(tx: HospitalTransaction, id: string): Promise<CalendarFeed> {
  const [feed] = await feedsSeen(tx, id);
  if (!feed) throw notFound('calendar-feed', id);
  return feed;
}

/** Two that are created at the same moment are counted one after the other. */
const lockFeeds = ({ db, hospital }: HospitalTransaction): Promise<unknown> =>
  db.query(`SELECT pg_advisory_xact_lock(hashtextextended('calendar_feed ' || $1::text, 0))`, [hospital.id]);

async function refuseTooMany({ db, hospital, caller }: HospitalTransaction): Promise<void> {
  const [{ own, all }] = await db.query<[{ own: number; all: number }]>(
    `SELECT count(*) FILTER (WHERE owner_kind = $2 AND owner_id = $3)::integer AS own, count(*)::integer AS all
       FROM calendar_feed WHERE hospital_id = $1`,
    [hospital.id, caller.kind, caller.id],
  );
  if (own < OWN_AT_MOST && all < HOSPITAL_AT_MOST) return;
  throw new DomainError(
    'conflict',
    'too-many-calendar-feeds',
    msg('too-many-calendar-feeds', { own: OWN_AT_MOST, hospital: HOSPITAL_AT_MOST }),
  );
}
