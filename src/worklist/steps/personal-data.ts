import { columns, HOSPITAL_ID, type TableDeclaration } from '../../encryption/table-declaration.js';

const ANONYMOUS = 'Clinical rows stay, about nobody: the law on medical records asks for them.';

export const STEPS_TABLES: readonly TableDeclaration[] = [
  {
    table: 'item_step',
    rows: 'hospital_id = $1 AND patient_id = $2',
    columns: {
      ...HOSPITAL_ID,
      ...columns(
        `
        id patient_id item_id number group_id step from_position from_on from_until to_position to_on to_until reason
        appointment_id event_id author caller_id taken_at undone_number undone_at undone_by undone_by_id
      `,
        { kept: ANONYMOUS },
      ),
      note: { erased: `CASE WHEN note IS NOT NULL THEN '' END` },
      detail: { erased: `'{}'` },
    },
    sealed: [{ column: 'note' }],
  },
];
