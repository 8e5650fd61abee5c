import { columnNames, type TableDeclaration } from '../encryption/table-declaration.js';
import { CALENDAR_FEED_TABLES } from './calendar-feeds/personal-data.js';

export const PLANNING_TABLES: readonly TableDeclaration[] = [
  {
    table: 'ward_capacity',
    notAboutPatients: 'What a place of the hospital can do in a day.',
    columns: columnNames('hospital_id place activity per_weekday changed_by changed_at'),
  },
  {
    table: 'ward_load',
    notAboutPatients: 'How many items of an activity are due or booked on a day.',
    columns: columnNames('id hospital_id measure day activity place items is_total'),
  },
  ...CALENDAR_FEED_TABLES,
];
