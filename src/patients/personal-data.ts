import { FREE_TEXT } from '../guideline/facts.js';
import { REPORT_FIELD } from './event-text.js';
import { HOSPITAL_ID, columnNames, columns, type TableDeclaration } from '../encryption/table-declaration.js';

const ANONYMOUS = 'The law on medical records requires clinical rows. They stay without an identity.';
const FOUND_BY =
  'The patient is found by it; it says nothing more than the columns from which it is computed.';
const WITH_BLIND_INDEX = 'It is sealed together with the blind index of the patient.';
const OF_PATIENT = 'hospital_id = $1 AND patient_id = $2';

export const PATIENTS_TABLES: readonly TableDeclaration[] = [
  {
    table: 'patient',
    rows: 'hospital_id = $1 AND id = $2',
    columns: {
      ...HOSPITAL_ID,
      ...columns(
        `
        id sex diagnosis_date department ward care_group profile liver_imaging enrolled_on created_at policy_version
        planner_revision
      `,
        { kept: ANONYMOUS },
      ),
      ...columns('erased_at erased_by erasure_ground', { kept: 'They record the erasure.' }),
      merged_into: { kept: 'It names another record of the same person, whose identity is erased too.' },
      ...columns('mrn_shared identity_shared index_version', {
        kept: 'The database computes it from the other columns.',
      }),
      mrn: { erased: `'erased-' || id` },
      name: { erased: `''` },
      phone: { erased: 'NULL' },
      identity_number: { erased: 'NULL' },
      birth_date: { erased: 'make_date(extract(year FROM birth_date)::integer, 1, 1)' },
      responsible_nurse: { erased: 'NULL' },
      responsible_person_id: { erased: 'NULL' },
      ...columns('replan_on undecided_since distance_km', { erased: 'NULL' }),
      next_due: { hidden: 'By it lists find the patient: the due date of an item.', erased: 'NULL' },
      ...columns('has_unseen_result has_result_to_judge webhook_withdrawn loss_proposed_on', {
        hidden:
          'By it lists find the patient: it repeats events, consents and attempts to reach the patient.',
        kept: 'The database computes it from these.',
      }),
      ...columns('search_terms identity_index', { hidden: FOUND_BY, erased: 'NULL' }),
      ...columns('mrn_key nurse_key', {
        hidden: FOUND_BY,
        kept: 'The database computes it from the erased columns.',
      }),
    },
    sealed: ['name', 'phone', 'identity_number'].map((column) => ({ column, notResealed: WITH_BLIND_INDEX })),
  },
  {
    table: 'clinical_event',
    rows: OF_PATIENT,
    columns: {
      ...HOSPITAL_ID,
      ...columns(
        `
        id patient_id type date recorded_at recorded_by voided_at voided_by to_judge judged_at confirmed_by copied_from result_of
        seen_at seen_by
      `,
        { kept: ANONYMOUS },
      ),
      void_reason: { erased: `CASE WHEN void_reason IS NOT NULL THEN '' END` },
      detail: {
        erased: `CASE WHEN type = '${FREE_TEXT.event}' THEN detail - '${FREE_TEXT.field}' ELSE detail - '${REPORT_FIELD}' END`,
      },
    },
    sealed: [
      { column: 'void_reason' },
      {
        column: `detail.${FREE_TEXT.field}`,
        stored: `detail->>'${FREE_TEXT.field}'`,
        set: (text) => `detail = jsonb_set(detail, '{${FREE_TEXT.field}}', to_jsonb(${text}))`,
        where: `type = '${FREE_TEXT.event}'`,
      },
      {
        column: `detail.${REPORT_FIELD}`,
        stored: `detail->>'${REPORT_FIELD}'`,
        set: (text) => `detail = jsonb_set(detail, '{${REPORT_FIELD}}', to_jsonb(${text}))`,
        where: `detail->>'${REPORT_FIELD}' IS NOT NULL`,
      },
    ],
  },
  {
    table: 'patient_consent',
    rows: OF_PATIENT,
    columns: {
      ...HOSPITAL_ID,
      ...columns('id patient_id channel decision decided_on author ordinal recorded_at', {
        kept: 'What the patient consented to must be proved later, too.',
      }),
      note: { erased: 'NULL' },
      awaiting_relay_since: {
        kept: 'Withheld deliveries wait to be opened again.',
        hidden: 'A mark for the relay, empty within a second.',
      },
    },
    sealed: [{ column: 'note' }],
  },
  {
    table: 'nurse_name',
    notAboutPatients: 'Imported names of nurses and the people whom they mean.',
    columns: columnNames('hospital_id name_key written person_id author decided_at'),
  },
];
