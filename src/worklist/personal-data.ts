import { RECORD_MERGE_TABLES } from './record-merges/personal-data.js';
import { RESULT_TABLES } from './results/personal-data.js';
import { columnNames, columns, HOSPITAL_ID, type TableDeclaration } from '../encryption/table-declaration.js';
import { APPOINTMENTS_TABLES } from './appointments/personal-data.js';
import { STEPS_TABLES } from './steps/personal-data.js';
import { CONTACT_TABLES } from './contacts/personal-data.js';
import { OWNERSHIP_TABLES } from './ownership/personal-data.js';

const OF_PATIENT = 'hospital_id = $1 AND patient_id = $2';

export const WORKLIST_TABLES: readonly TableDeclaration[] = [
  ...RECORD_MERGE_TABLES,
  {
    table: 'worklist_settings',
    notAboutPatients: 'What the hospital decides about the work of its ward.',
    columns: columnNames('hospital_id settings changed_by changed_at'),
  },
  {
    table: 'worklist_change',
    rows: OF_PATIENT,
    columns: {
      ...HOSPITAL_ID,
      ...columns('id patient_id kind changed_at', { kept: 'It names ids and a kind of change alone.' }),
    },
  },
  ...STEPS_TABLES,
  ...APPOINTMENTS_TABLES,
  ...CONTACT_TABLES,
  ...OWNERSHIP_TABLES,
  {
    table: 'saved_list',
    notAboutPatients: 'Queries of lists that people keep: filters without the name or number of a patient.',
    columns: columnNames('id hospital_id owner_kind owner_id author name query shared saved_at'),
  },
  {
    table: 'patient_presence',
    rows: OF_PATIENT,
    newestFirst: 'until DESC',
    columns: {
      ...HOSPITAL_ID,
      ...columns('patient_id caller_id name until', {
        kept: 'It names who worked on a row, and is deleted within minutes.',
      }),
    },
  },
  ...RESULT_TABLES,
];
