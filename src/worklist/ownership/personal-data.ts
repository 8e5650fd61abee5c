import {
  columnNames,
  columns,
  HOSPITAL_ID,
  type TableDeclaration,
} from '../../encryption/table-declaration.js';

const OF_PATIENT = 'hospital_id = $1 AND patient_id = $2';

export const OWNERSHIP_TABLES: readonly TableDeclaration[] = [
  {
    table: 'patient_owner',
    rows: OF_PATIENT,
    newestFirst: 'assigned_at DESC',
    columns: {
      ...HOSPITAL_ID,
      ...columns('patient_id activity duty person_id author assigned_at', {
        kept: 'It says who of the hospital worked for the patient.',
      }),
    },
  },
  {
    table: 'handover_patient',
    rows: OF_PATIENT,
    newestFirst: 'handover_id DESC',
    columns: {
      ...HOSPITAL_ID,
      ...columns('handover_id patient_id', { kept: 'It says who of the hospital worked for the patient.' }),
    },
  },
  {
    table: 'handover',
    notAboutPatients: 'Who of the hospital stands in for whom.',
    columns: columnNames(`
      id hospital_id from_person to_person first_day last_day all_patients author created_at cancelled_at
      cancelled_by
    `),
  },
];
