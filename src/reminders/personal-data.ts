import { HOSPITAL_ID, columnNames, columns, type TableDeclaration } from '../encryption/table-declaration.js';

const REMINDERS_ABOUT = `
  SELECT r.id FROM reminder r JOIN surveillance_item i ON i.hospital_id = r.hospital_id AND i.id = r.item_id
   WHERE i.hospital_id = $1 AND i.patient_id = $2`;

export const REMINDERS_TABLES: readonly TableDeclaration[] = [
  {
    table: 'reminder',
    rows: `hospital_id = $1 AND id IN (${REMINDERS_ABOUT})`,
    columns: {
      ...HOSPITAL_ID,
      ...columns(
        `
        id item_id kind due item_revision remind_on created_at escalated_to late digest
      `,
        { kept: 'It names ids and dates alone, and the people whom a reminder was escalated to.' },
      ),
    },
  },
  {
    table: 'reminder_sweep',
    notAboutPatients: 'When the reminders of a hospital were last looked through.',
    columns: columnNames('hospital_id swept_at'),
  },
];
