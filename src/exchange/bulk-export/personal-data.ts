import {
  columnNames,
  columns,
  HOSPITAL_ID,
  type TableDeclaration,
} from '../../encryption/table-declaration.js';

const EXPORTED = 'A copy of the same data for another system; it is deleted after a day.';

export const BULK_EXPORT_TABLES: readonly TableDeclaration[] = [
  {
    table: 'bulk_export',
    notAboutPatients: 'How far an export of the hospital is, and who began it.',
    columns: columnNames(`
      hospital_id id caller caller_id request types since started_at state total done done_until failures
      retry_at ended_at
    `),
  },
  {
    table: 'bulk_export_part',
    // A part is about many patients, so an erasure empties all of the hospital's; the export then has to be started again.
    rows: 'hospital_id = $1 AND content IS NOT NULL AND $2::uuid IS NOT NULL',
    // A step that has read the patient before the erasure is committed first, and its part is emptied with the others.
    lockForErasure: 'SELECT FROM bulk_export WHERE hospital_id = $1 FOR UPDATE',
    columns: {
      ...HOSPITAL_ID,
      ...columns('id export_id type part resources', {
        hidden: EXPORTED,
        kept: 'They say that something was exported.',
      }),
      content: { hidden: EXPORTED, erased: 'NULL' },
    },
    sealed: [{ column: 'content', notResealed: 'It is deleted after a day.' }],
  },
];
