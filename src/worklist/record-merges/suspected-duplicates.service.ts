import { Injectable } from '@nestjs/common';
import { invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { HospitalScope, showOnly } from '../../tenancy/hospital-scope.js';
import { shownNames } from '../../patients/identity.js';
import { PatientsService } from '../../patients/patients.service.js';

/** One of two records that may be of one person. */
export interface SuspectedRecord {
  readonly id: string;
  readonly mrn: string;
  /** Null: the caller may not see it. */
  readonly name: string | null;
  readonly sex: string;
  readonly birthDate: string;
  readonly diagnosisDate: string;
  readonly department: string | null;
  readonly createdAt: Date;
}

export interface SuspectedPairs {
  readonly pairs: readonly (readonly [SuspectedRecord, SuspectedRecord])[];
  /** The sort key after which the next page begins; null: the whole hospital was compared. */
  readonly next: readonly [birthDate: string, sex: string, name: string, id: string] | null;
}

/** The records that one call compares. It reads them by birth date; a page may hold no pair and not be the last. */
const COMPARED_AT_A_TIME = 4000;

/** The pairs of one record; of the others, those that come later hold more. */
export const MOST_OF_ONE = 10;

/** Pairs of records that are probably of one person: same name, birth date and sex, and nothing says that they are two. */
@Injectable()
export class SuspectedDuplicates {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
  ) {}

  /** The pairs of the next `limit` records that have namesakes, by birth date, sex, name and id. */
  async list(limit: number, after: readonly string[] | undefined): Promise<SuspectedPairs> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital } = tx;
      const [birthDate = '0001-01-01', sex = '', name = '', id = FIRST_ID] = after ?? [];
      const rows = await db.query<PairRow[]>(FIND_PAIRS, [hospital.id, birthDate, sex, name, id, limit]);
      const page = rows.filter(({ place }) => place <= limit);
      const found = page.flatMap(({ first, second }) => (second ? [[first, second] as const] : []));
      const records = [...new Map(found.flat().map((record) => [record.id, record])).values()];
      showOnly(records);
      const names = await shownNames(tx, records);
      const shown = ({ createdAt, ...record }: StoredRecord): SuspectedRecord => ({
        ...record,
        ...{ name: names.get(record.id) ?? null, createdAt: new Date(createdAt) },
      });
      const last = page.at(-1);
      const isMore = rows.length > page.length || last?.endedEarly === true;
      return {
        pairs: found.map(([first, second]) => [shown(first), shown(second)] as const),
        next: last && isMore ? [last.birthDate, last.sex, last.name, last.id] : null,
      };
    });
  }

  /** Says that the records are of two people: the pair is not proposed again. Repeated, it changes nothing. */
  async dismiss(ids: readonly [string, string]): Promise<void> {
    await this.scope.transaction(async (tx) => {
      const [first, second] = [...ids].sort();
      if (first === undefined || second === undefined || first === second) throw samePatient();
      for (const id of [first, second]) await this.patients.find(tx, id);
      await tx.db.query(
        `INSERT INTO duplicate_dismissal (hospital_id, patient_id, other_id, author, dismissed_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
        [tx.hospital.id, first, second, tx.caller.name, tx.now],
      );
    });
  }
}

const samePatient = () => {
  const message = msg('same-record');
  return invalid('same-record', message, [{ pointer: '/patientIds', code: 'same-record', message }]);
};

type StoredRecord = Omit<SuspectedRecord, 'createdAt' | 'name'> & {
  readonly name: string;
  readonly createdAt: string;
};

interface PairRow {
  /** The place of the first record among the records of this answer, from 1. */
  readonly place: number;
  readonly birthDate: string;
  readonly sex: string;
  /** The blind index of the name, hexadecimal. */
  readonly name: string;
  readonly id: string;
  readonly first: StoredRecord;
  /** Null: the record has no other. */
  readonly second: StoredRecord | null;
  /** Whether records are left that this call has not compared. */
  readonly endedEarly: boolean;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

const record = (patient: string): string => `
  jsonb_build_object('id', ${patient}.id, 'mrn', ${patient}.mrn, 'name', ${patient}.name, 'sex', ${patient}.sex,
    'birthDate', ${patient}.birth_date, 'diagnosisDate', ${patient}.diagnosis_date, 'department', ${patient}.department,
    'createdAt', ${patient}.created_at)`;

// The first of the search terms is the name's, the phone's follow after the surname's, and an identity number's is the
// last. Namesakes lie side by side in the order of the scan: only a record with one beside it, and the last one, is
// looked up again. `FIND_DUPLICATES` decides by the same rule.
const FIND_PAIRS = `
  WITH compared AS MATERIALIZED (
    SELECT id, birth_date, sex, search_terms[1] AS name FROM patient
     WHERE hospital_id = $1 AND birth_date >= $2::date AND merged_into IS NULL AND erased_at IS NULL
       AND search_terms IS NOT NULL
       AND (birth_date, sex, search_terms[1], id) > ($2::date, $3::text, decode($4, 'hex'), $5::uuid)
     ORDER BY birth_date, sex, search_terms[1], id LIMIT ${COMPARED_AT_A_TIME}),
  beside AS (
    SELECT *, lead(id) OVER same IS NOT NULL AS has_namesake, lead(id) OVER all_of_them IS NULL AS is_last FROM compared
    WINDOW same AS (PARTITION BY birth_date, sex, name ORDER BY id),
           all_of_them AS (ORDER BY birth_date, sex, name, id)),
  candidates AS (
    SELECT *, (row_number() OVER (ORDER BY birth_date, sex, name, id))::integer AS place
      FROM beside WHERE has_namesake OR is_last ORDER BY place LIMIT $6 + 1)
  SELECT c.place, c.birth_date AS "birthDate", c.sex, encode(c.name, 'hex') AS name, c.id,
         ${record('a')} AS first, b.record AS second, (SELECT count(*) FROM compared) = ${COMPARED_AT_A_TIME} AS "endedEarly"
    FROM candidates c JOIN patient a ON a.hospital_id = $1 AND a.id = c.id
    LEFT JOIN LATERAL (
      SELECT p.id, ${record('p')} AS record FROM patient p
       WHERE p.hospital_id = $1 AND p.birth_date = c.birth_date AND p.sex = c.sex AND p.search_terms @> ARRAY[c.name]
         AND p.id > c.id AND p.merged_into IS NULL AND p.erased_at IS NULL
         AND (a.identity_number IS NULL OR p.identity_number IS NULL
              OR p.search_terms @> a.search_terms[array_upper(a.search_terms, 1):])
         AND NOT (p.diagnosis_date <> a.diagnosis_date AND p.phone IS NOT NULL AND a.phone IS NOT NULL
                  AND NOT p.search_terms && a.search_terms[3:])
         AND NOT EXISTS (SELECT FROM duplicate_dismissal d
                          WHERE d.hospital_id = $1 AND d.patient_id = c.id AND d.other_id = p.id)
       LIMIT ${MOST_OF_ONE}) b ON true
   ORDER BY c.place, b.id`;
