import { columnNames, type TableDeclaration } from '../encryption/table-declaration.js';

export const WORK_CALENDAR_TABLES: readonly TableDeclaration[] = [
  {
    table: 'work_calendar_day',
    notAboutPatients: 'Days on which the hospital is closed, or works additionally.',
    columns: columnNames('hospital_id day kind name changed_by changed_at'),
  },
  {
    table: 'work_calendar_year',
    notAboutPatients: 'Imported public holidays.',
    columns: columnNames('hospital_id year papers days imported_by imported_at'),
  },
];
