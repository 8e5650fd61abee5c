import {
  columnNames,
  columns,
  HOSPITAL_ID,
  type TableDeclaration,
} from '../../encryption/table-declaration.js';

const SENT = 'A message of another system, which holds the original.';

export const HL7_TABLES: readonly TableDeclaration[] = [
  {
    table: 'hl7_sender',
    notAboutPatients: 'A system of the hospital and where it connects from.',
    columns: columnNames(
      'hospital_id id name facility facility_key addresses certificate created_by created_at disabled_at',
    ),
  },
  {
    table: 'hl7_settings',
    notAboutPatients: 'How long a hospital keeps messages.',
    columns: columnNames('hospital_id message_days other_people_days changed_by changed_at'),
  },
  {
    table: 'hl7_message',
    claimByNumber: `UPDATE hl7_message SET patient_ids = patient_ids || $2::uuid, patient_id = coalesce(patient_id, $2::uuid)
      WHERE hospital_id = $1 AND number_keys @> ARRAY[$3::bytea] AND NOT patient_ids @> ARRAY[$2::uuid]`,
    rows: 'hospital_id = $1 AND patient_ids @> ARRAY[$2::uuid]',
    columns: {
      ...HOSPITAL_ID,
      ...columns(
        'id sender control_id digest type event received_by caller_name received_at processed_at outcome',
        {
          kept: 'They say that a message came, without what it says.',
        },
      ),
      ...columns('patient_id patient_ids event_ids', {
        hidden: 'Ids of this program.',
        kept: 'The rows that they name are erased.',
      }),
      number_keys: { hidden: 'It finds messages by a number that they hold.', erased: "'{}'" },
      detail: { hidden: SENT, erased: "''" },
      content: { hidden: SENT, erased: "''" },
    },
    sealed: [
      { column: 'detail', where: "detail <> ''" },
      { column: 'content', where: "content <> ''" },
    ],
  },
  {
    table: 'reported_exam',
    rows: 'hospital_id = $1 AND patient_id = $2',
    columns: {
      ...HOSPITAL_ID,
      ...columns('id report activity reported_at', { kept: 'They name a report, without what it says.' }),
      ...columns('patient_id event_id message_id', {
        hidden: 'Ids of this program.',
        kept: 'The rows that they name are erased.',
      }),
    },
  },
];
