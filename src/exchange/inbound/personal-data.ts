import { columns, HOSPITAL_ID, type TableDeclaration } from '../../encryption/table-declaration.js';

const OF_PATIENT = 'hospital_id = $1 AND patient_id = $2';
const IDS = { hidden: 'Ids of this program.', kept: 'The rows that they name are erased.' };

export const INBOUND_TABLES: readonly TableDeclaration[] = [
  {
    table: 'inbox_entry',
    rows: OF_PATIENT,
    columns: {
      ...HOSPITAL_ID,
      ...columns('id kind subject key digest activity received_at', {
        kept: 'They name a message, without what it says.',
      }),
      ...columns('patient_id source_id event_id', IDS),
      state: { erased: `CASE WHEN state = 'open' THEN 'dismissed' ELSE state END` },
      closed_at: { erased: 'coalesce(closed_at, program_now())' },
      closed_by: { erased: `coalesce(closed_by, 'nedwatch')` },
      content: { erased: "''" },
      closing: { erased: "''" },
    },
    sealed: [
      { column: 'content', where: "content <> ''" },
      { column: 'closing', where: "closing <> ''" },
    ],
  },
  {
    table: 'reported_exam',
    rows: OF_PATIENT,
    columns: {
      ...HOSPITAL_ID,
      ...columns('id report activity reported_at', { kept: 'They name a report, without what it says.' }),
      ...columns('patient_id event_id message_id', IDS),
    },
  },
  {
    table: 'linked_appointment',
    rows: OF_PATIENT,
    columns: {
      ...HOSPITAL_ID,
      ...columns('id sender placer_id filler_id sent_at', {
        kept: 'They name an appointment of another system.',
      }),
      ...columns('patient_id appointment_id', IDS),
    },
  },
];
