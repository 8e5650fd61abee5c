import { columns, HOSPITAL_ID, type TableDeclaration } from '../../encryption/table-declaration.js';

const SENT = 'A message of another system, which holds the original.';

export const HL7_TABLES: readonly TableDeclaration[] = [
  {
    table: 'hl7_message',
    rows: 'hospital_id = $1 AND patient_ids @> ARRAY[$2::uuid]',
    columns: {
      ...HOSPITAL_ID,
      ...columns(
        'id sender control_id digest type event received_by caller_name received_at processed_at outcome voided_at voided_by',
        {
          kept: 'They say that a message came, without what it says.',
        },
      ),
      ...columns('patient_id patient_ids event_ids', {
        hidden: 'Ids of this program.',
        kept: 'The rows that they name are erased.',
      }),
      detail: { hidden: SENT, erased: "''" },
      content: { hidden: SENT, erased: "''" },
    },
    sealed: [
      { column: 'detail', where: "detail <> ''" },
      { column: 'content', where: "content <> ''" },
    ],
  },
];
