import { columns, type TableDeclaration } from '../encryption/table-declaration.js';
import { ERASURE_LOCK } from './kept-answers.js';

const REPEATS = 'An answer kept for seven days repeats rows that the export shows.';
const CARRIED_OUT = 'That the request was carried out stays, so that its key is not used twice.';

export const ACCESS_TABLES: readonly TableDeclaration[] = [
  {
    table: 'idempotent_answer',
    // An answer lists the patients that it names. The report of an import may name patients by number alone, and an
    // answer kept by an older version has no list, so all of these count.
    rows: `hospital_id = $1 AND status IS NOT NULL
           AND (patients IS NULL OR $2 = ANY (patients) OR call = 'POST /imports')`,
    columns: {
      ...columns('hospital_id key status created_at caller_id call limits', {
        hidden: REPEATS,
        kept: CARRIED_OUT,
      }),
      body: { hidden: REPEATS, erased: 'NULL' },
      patients: { hidden: REPEATS, erased: `'{}'` },
      // The content about one patient could be guessed from its digest; the content of a whole file could not.
      request_hash: {
        hidden: REPEATS,
        erased: `CASE WHEN call = 'POST /imports' THEN request_hash ELSE '' END`,
      },
    },
    lockForErasure: `SELECT pg_advisory_xact_lock(${ERASURE_LOCK})`,
    sealed: [{ column: 'body', row: 'key', notResealed: 'It is deleted after seven days.' }],
  },
];
