import {
  columnNames,
  columns,
  HOSPITAL_ID,
  type TableDeclaration,
} from '../../encryption/table-declaration.js';

export const CALENDAR_FEED_TABLES: readonly TableDeclaration[] = [
  {
    table: 'calendar_feed',
    notAboutPatients: 'Calendars to which people subscribe: filters without the name or number of a patient.',
    columns: columnNames(`
      id hospital_id token_hash owner_kind owner_id author name person_id department place names language created_at
      last_used_at
    `),
  },
  {
    table: 'calendar_entry',
    rows: 'hospital_id = $1 AND patient_id = $2',
    newestFirst: 'changed_at DESC, item_id',
    columns: {
      ...HOSPITAL_ID,
      ...columns('feed_id item_id patient_id sequence day status created_at changed_at', {
        kept: 'A calendar shows the cancellation by them, about nobody.',
      }),
      digest: { hidden: 'A hash of what the other tables say.', erased: `''` },
    },
  },
];
