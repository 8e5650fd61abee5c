import {
  columnNames,
  columns,
  HOSPITAL_ID,
  type TableDeclaration,
} from '../../encryption/table-declaration.js';

const UPLOADED = 'Rows of an uploaded file that were not taken; they are deleted after seven days.';

export const IMPORTS_TABLES: readonly TableDeclaration[] = [
  {
    table: 'import_mapping',
    notAboutPatients: 'What the headings of the hospital’s spreadsheets mean.',
    columns: columnNames('hospital_id kind form heading field mapped_by mapped_at'),
  },
  {
    table: 'import_run',
    notAboutPatients: 'How far an import is, and what became of it.',
    columns: columnNames(
      'hospital_id id kind dry_run caller_id started_by started_at phase done total changed_at outcome',
    ),
  },
  {
    table: 'import_rejection',
    // Its content may be about any patient, so an erasure empties all of the hospital's.
    rows: 'hospital_id = $1 AND content IS NOT NULL AND $2::uuid IS NOT NULL',
    columns: {
      ...HOSPITAL_ID,
      ...columns('id kind caller_id created_at', {
        hidden: UPLOADED,
        kept: 'They say that a file was imported.',
      }),
      content: { hidden: UPLOADED, erased: 'NULL' },
    },
    sealed: [{ column: 'content', notResealed: 'It is deleted after seven days.' }],
  },
];
