import { columns, HOSPITAL_ID, type TableDeclaration } from '../../encryption/table-declaration.js';

const OF_PATIENT = 'hospital_id = $1 AND patient_id = $2';
const ANONYMOUS = 'Clinical rows stay, about nobody: the law on medical records asks for them.';
const emptied = (column: string) => ({ [column]: { erased: `CASE WHEN ${column} IS NOT NULL THEN '' END` } });

export const APPOINTMENTS_TABLES: readonly TableDeclaration[] = [
  {
    table: 'appointment',
    rows: OF_PATIENT,
    columns: {
      ...HOSPITAL_ID,
      ...columns(
        'id patient_id date time half_day reason outside_window version moves booked_by booked_at changed_by changed_at confirmed_at',
        { kept: ANONYMOUS },
      ),
      place: { erased: 'NULL' },
      ...emptied('room'),
      ...emptied('note'),
      ...emptied('reason_note'),
      attention_since: { erased: 'NULL' },
      outcome: { erased: `coalesce(outcome, 'withdrawn')` },
      ...emptied('outcome_note'),
      outcome_by: { erased: `coalesce(outcome_by, 'nedwatch')` },
      outcome_at: { erased: 'coalesce(outcome_at, program_now())' },
    },
    sealed: [{ column: 'room' }, { column: 'note' }, { column: 'reason_note' }, { column: 'outcome_note' }],
  },
  {
    table: 'appointment_item',
    rows: OF_PATIENT,
    newestFirst: 'appointment_id DESC, item_id DESC',
    columns: {
      ...HOSPITAL_ID,
      ...columns('appointment_id item_id patient_id outside_window', { kept: ANONYMOUS }),
      is_open: { erased: 'false' },
    },
  },
];
