import { columnNames, columns, HOSPITAL_ID, type TableDeclaration } from '../encryption/table-declaration.js';

const PROOF = 'It proves what was sent when and why, and names the patient by ids alone.';
const OF_PATIENT = 'hospital_id = $1 AND patient_id = $2';
const BY_REPLY =
  'hospital_id = $1 AND id IN (SELECT r.reply_id FROM patient_reply_patient r WHERE r.hospital_id = $1 AND r.patient_id = $2)';

export const PATIENT_MESSAGES_TABLES: readonly TableDeclaration[] = [
  {
    table: 'message_settings',
    notAboutPatients: 'What the hospital decides about messages to its patients.',
    columns: columnNames('hospital_id settings enabled_since changed_by changed_at'),
  },
  {
    table: 'message_gateway',
    notAboutPatients: 'The SMS gateway of the hospital, and when it was used.',
    columns: columnNames('hospital_id config timeouts paused_until recent_attempts changed_by changed_at'),
    sealed: [{ column: 'config', row: 'hospital_id' }],
  },
  {
    table: 'message_template',
    notAboutPatients: 'Texts with words in braces.',
    columns: columnNames('hospital_id occasion language text relative_text changed_by changed_at'),
  },
  {
    table: 'patient_message',
    rows: OF_PATIENT,
    newestFirst: 'created_at DESC, id DESC',
    columns: {
      ...HOSPITAL_ID,
      ...columns(
        `
        id patient_id occasion about_on item_ids appointment_id event_id channel route relative_id language attempts uncounted
        first_tried_at sent_at created_at uncertain_at settled_at settled_by
      `,
        { kept: PROOF },
      ),
      number: { erased: 'NULL' },
      number_index: {
        hidden: 'A reply is matched by it; it says nothing more than the number.',
        erased: 'NULL',
      },
      text: { erased: 'NULL' },
      reference: { erased: 'NULL' },
      next_attempt_at: { erased: 'NULL' },
      reason: { erased: `CASE WHEN state IN ('pending', 'uncertain') THEN 'patient_erased' ELSE reason END` },
      state: { erased: `CASE WHEN state IN ('pending', 'uncertain') THEN 'cancelled' ELSE state END` },
    },
    sealed: [{ column: 'number' }, { column: 'text' }],
  },
  {
    table: 'patient_message_subject',
    rows: OF_PATIENT,
    newestFirst: 'about_on DESC, subject_id DESC',
    columns: {
      ...HOSPITAL_ID,
      ...columns('patient_id occasion subject_id about_on message_id', { kept: PROOF }),
    },
  },
  {
    table: 'patient_message_attempt',
    rows: OF_PATIENT,
    newestFirst: 'started_at DESC, message_id DESC, number DESC',
    columns: {
      ...HOSPITAL_ID,
      ...columns('patient_id message_id number started_at duration_ms outcome status', { kept: PROOF }),
      answer: { erased: 'NULL' },
      error: { erased: 'NULL' },
    },
  },
  {
    table: 'patient_reply',
    rows: BY_REPLY,
    newestFirst: 'received_at DESC, id DESC',
    columns: {
      ...HOSPITAL_ID,
      ...columns('id patient_id meaning effect received_at recorded_at seen_at seen_by', { kept: PROOF }),
      external_id: { hidden: 'The sender knows the reply by it.', erased: 'NULL' },
      number: { erased: 'NULL' },
      text: { erased: 'NULL' },
    },
    sealed: [{ column: 'number' }, { column: 'text' }],
  },
  {
    table: 'patient_reply_patient',
    rows: OF_PATIENT,
    newestFirst: 'reply_id DESC',
    columns: {
      ...HOSPITAL_ID,
      ...columns('reply_id patient_id relative_id', { kept: PROOF }),
    },
  },
];
