import { columns, HOSPITAL_ID, type TableDeclaration } from '../../encryption/table-declaration.js';

const WHO_IS_WHO = 'It says which records were of one person, in ids, dates and names of fields.';

export const RECORD_MERGE_TABLES: readonly TableDeclaration[] = [
  {
    table: 'record_merge',
    rows: 'hospital_id = $1 AND (patient_id = $2 OR source_id = $2)',
    columns: {
      ...HOSPITAL_ID,
      ...columns('id patient_id source_id author merged_at done undone_at undone_by', { kept: WHO_IS_WHO }),
      reason: { erased: `''` },
      undo_reason: { erased: `CASE WHEN undo_reason IS NOT NULL THEN '' END` },
    },
    sealed: [{ column: 'reason' }, { column: 'undo_reason' }],
  },
  {
    table: 'duplicate_dismissal',
    rows: 'hospital_id = $1 AND (patient_id = $2 OR other_id = $2)',
    newestFirst: 'dismissed_at DESC',
    columns: {
      ...HOSPITAL_ID,
      ...columns('patient_id other_id author dismissed_at', { kept: WHO_IS_WHO }),
    },
  },
];
