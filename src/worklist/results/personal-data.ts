import { columns, HOSPITAL_ID, type TableDeclaration } from '../../encryption/table-declaration.js';

export const RESULT_TABLES: readonly TableDeclaration[] = [
  {
    table: 'review_outcome',
    rows: 'hospital_id = $1 AND patient_id = $2',
    columns: {
      ...HOSPITAL_ID,
      ...columns(
        `
        id patient_id event_id judgement author judged_at item_id decision_id recorded_event_id undone_at
        undone_by
      `,
        { kept: 'Clinical rows stay, about nobody: the law on medical records asks for them.' },
      ),
      note: { erased: `CASE WHEN note IS NOT NULL THEN '' END` },
    },
    sealed: [{ column: 'note' }],
  },
];
