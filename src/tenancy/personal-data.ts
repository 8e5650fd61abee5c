import { columnNames, type TableDeclaration } from '../encryption/table-declaration.js';

export const TENANCY_TABLES: readonly TableDeclaration[] = [
  {
    table: 'hospital',
    notAboutPatients: 'A hospital and its settings.',
    columns: columnNames(`
      id name code time_zone language policy policy_version created_at password_policy idle_minutes
      networks second_factor_roles
    `),
  },
  {
    table: 'hospital_beginning',
    notAboutPatients: 'The first run of a hospital, or its demonstration.',
    columns: columnNames('hospital_id first_run_hash first_run_until set_up_at demonstration_logins'),
  },
  {
    table: 'hospital_move',
    notAboutPatients: 'A hospital on its way to another database.',
    columns: columnNames('hospital_id state other began_at arrived'),
  },
  {
    table: 'hospital_policy',
    notAboutPatients: 'The policy versions of a hospital.',
    columns: columnNames('hospital_id version policy author reason created_at'),
  },
  {
    table: 'stored_guideline',
    notAboutPatients: 'The protocol files of a hospital.',
    columns: columnNames('hospital_id id version digest content uploaded_by uploaded_at'),
  },
];
