import { Injectable } from '@nestjs/common';
import { authorOf } from '../tenancy/author.js';
import { HospitalScope, type HospitalTransaction, notePatient } from '../tenancy/hospital-scope.js';
import { refuseNameBeyondScope } from '../tenancy/nurse-name-limits.js';
import { invalid } from '../platform/domain-error.js';
import { msg } from '../platform/messages/dictionary.js';
import { folded } from './folded.js';

/** A nurse's name as it was imported, with the number of its patients and the person it is mapped to. */
export interface NurseName {
  readonly key: string;
  readonly name: string;
  readonly patients: number;
  /** The number of these patients without a responsible person. */
  readonly unassigned: number;
  /** The person whom the name is mapped to; null if it is not mapped. */
  readonly personId: string | null;
  readonly personName: string | null;
  readonly author: string | null;
  readonly decidedAt: Date | null;
}

/** The mapping from imported nurse names to people. */
@Injectable()
export class NurseNames {
  constructor(private readonly scope: HospitalScope) {}

  /** At most `limit` names after `after`, ordered by their folded form. */
  async list(limit: number, after: string | undefined): Promise<NurseName[]> {
    return this.scope.transaction((tx) => namesOf(tx, { limit, after }));
  }

  /**
   * Maps a name to a person, for all patients with it and for all later imports. Null removes the mapping, so that
   * the name is resolved automatically again.
   */
  async map(input: {
    readonly name: string;
    readonly personId: string | null;
    readonly author?: string;
  }): Promise<NurseName> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital, now } = tx;
      const author = authorOf(tx.caller, input.author);
      const key = folded(input.name);
      await refuseNameBeyondScope(tx, [input.name], { assigned: true });
      if (input.personId !== null) await refuseUnknownPerson(tx, input.personId);
      await db.query(
        input.personId === null
          ? 'DELETE FROM nurse_name WHERE hospital_id = $1 AND name_key = $2'
          : `INSERT INTO nurse_name (hospital_id, name_key, written, person_id, author, decided_at) VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (hospital_id, name_key) DO UPDATE
                  SET written = excluded.written, person_id = excluded.person_id, author = excluded.author, decided_at = excluded.decided_at`,
        [
          ...[hospital.id, key],
          ...(input.personId === null ? [] : [input.name, input.personId, author, now]),
        ],
      );
      const [changed] = await db.query<[{ id: string }[], number]>(
        `UPDATE patient SET responsible_person_id = $3
          WHERE hospital_id = $1 AND nurse_key = $2 AND responsible_person_id IS DISTINCT FROM $3 RETURNING id`,
        [hospital.id, key, input.personId],
      );
      for (const { id } of changed) notePatient(id);
      const [name] = await namesOf(tx, { limit: 1, key });
      const unused = { key, name: input.name, patients: 0, unassigned: 0, personId: null };
      return name ?? { ...unused, personName: null, author: null, decidedAt: null };
    });
  }
}

async function namesOf(
  { db, hospital }: HospitalTransaction,
  { limit, after, key }: { readonly limit: number; readonly after?: string; readonly key?: string },
): Promise<NurseName[]> {
  return db.query<NurseName[]>(
    `SELECT coalesce(used.key, mapped.name_key) AS key, coalesce(mapped.written, used.name) AS name,
            coalesce(used.patients, 0) AS patients, coalesce(used.unassigned, 0) AS unassigned,
            mapped.person_id AS "personId", p.name AS "personName", mapped.author, mapped.decided_at AS "decidedAt"
       FROM (SELECT nurse_key AS key, min(responsible_nurse) AS name, count(*)::integer AS patients,
                    (count(*) FILTER (WHERE responsible_person_id IS NULL))::integer AS unassigned
               FROM patient WHERE hospital_id = $1 AND nurse_key > $3 AND ($4::text IS NULL OR nurse_key = $4)
              GROUP BY nurse_key) AS used
       FULL JOIN (SELECT * FROM nurse_name WHERE hospital_id = $1 AND name_key > $3 AND ($4::text IS NULL OR name_key = $4)) AS mapped
         ON mapped.name_key = used.key
       LEFT JOIN person p ON p.hospital_id = $1 AND p.id = mapped.person_id
      ORDER BY 1 LIMIT $2`,
    [hospital.id, limit, after ?? '', key ?? null],
  );
}

async function refuseUnknownPerson({ db, hospital }: HospitalTransaction, id: string): Promise<void> {
  const found = await db.query<unknown[]>('SELECT FROM person WHERE hospital_id = $1 AND id = $2', [
    hospital.id,
    id,
  ]);
  if (found.length > 0) return;
  const message = msg('unknown-person', { id });
  throw invalid('unknown-person', message, [{ pointer: '/personId', code: 'unknown-person', message }]);
}
