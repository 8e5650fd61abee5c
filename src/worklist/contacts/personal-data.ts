import { columns, HOSPITAL_ID, type TableDeclaration } from '../../encryption/table-declaration.js';

const ANONYMOUS = 'That the hospital tried to reach somebody must be proved later, about nobody.';
const OF_PATIENT = 'hospital_id = $1 AND patient_id = $2';

export const CONTACT_TABLES: readonly TableDeclaration[] = [
  {
    table: 'patient_relative',
    rows: OF_PATIENT,
    columns: {
      ...HOSPITAL_ID,
      ...columns('id patient_id relation rank author recorded_at removed_at removed_by', { kept: ANONYMOUS }),
      name: { erased: `''` },
      phone: { erased: 'NULL' },
      note: { erased: 'NULL' },
    },
    sealed: [{ column: 'name' }, { column: 'phone' }, { column: 'note' }],
  },
  {
    table: 'contact',
    rows: OF_PATIENT,
    columns: {
      ...HOSPITAL_ID,
      ...columns(
        `
        id patient_id channel outcome cause confirms_alive contacted_on next_action_on relative_id author caller_id
        recorded_at voided_at voided_by
      `,
        { kept: ANONYMOUS },
      ),
      number: { erased: 'NULL' },
      note: { erased: 'NULL' },
      void_reason: { erased: `CASE WHEN void_reason IS NOT NULL THEN '' END` },
    },
    sealed: [{ column: 'number' }, { column: 'note' }, { column: 'void_reason' }],
  },
  {
    table: 'patient_contact',
    rows: OF_PATIENT,
    newestFirst: 'patient_id',
    columns: {
      ...HOSPITAL_ID,
      ...columns(
        `
        patient_id tried reached failed since_reached last_tried_on last_reached_on last_called_on ladder_step
        known_alive_on changed_at
      `,
        { kept: ANONYMOUS },
      ),
      ...columns(
        'rests_until next_action_on lost_proposed_on claimed_by claimed_until callback_requested_at call_wanted_at call_from',
        { erased: 'NULL' },
      ),
    },
  },
];
