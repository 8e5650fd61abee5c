import { columnNames, type TableDeclaration } from '../../encryption/table-declaration.js';

const CODES = 'What the codes of the hospital mean.';

export const MAPPINGS_TABLES: readonly TableDeclaration[] = [
  {
    table: 'stored_mapping',
    notAboutPatients: CODES,
    columns: columnNames('hospital_id id version digest content uploaded_by uploaded_at'),
  },
  {
    table: 'mapping_in_force',
    notAboutPatients: CODES,
    columns: columnNames('hospital_id id version selected_by selected_at'),
  },
];
