import { columnNames, type TableDeclaration } from '../encryption/table-declaration.js';

export const STATISTICS_TABLES: readonly TableDeclaration[] = [
  {
    table: 'statistics_month',
    notAboutPatients: 'When the figures of a month were computed.',
    columns: columnNames('hospital_id month computed_at'),
  },
  {
    table: 'statistics_figure',
    notAboutPatients: 'Counts of a month.',
    columns: columnNames(
      'hospital_id month by_nurse department person_id nurse stage measure activity rule reason delays counts',
    ),
  },
  {
    table: 'inspection_report',
    notAboutPatients: 'Counts of a month, by department, with the name of the author.',
    columns: columnNames('id hospital_id department month content digest created_by created_at'),
  },
];
