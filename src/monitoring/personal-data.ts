import { columnNames, type TableDeclaration } from '../encryption/table-declaration.js';

export const MONITORING_TABLES: readonly TableDeclaration[] = [
  {
    table: 'examination',
    notAboutPatients: 'How many violations the delivery audit found.',
    columns: columnNames('hospital_id made_at violations'),
  },
];
