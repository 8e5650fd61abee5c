import { HOSPITAL_ID, columnNames, columns, type TableDeclaration } from '../encryption/table-declaration.js';

const ANONYMOUS = 'The law on medical records requires clinical rows. They stay without an identity.';
const OF_PATIENT = 'hospital_id = $1 AND patient_id = $2';

export const SCHEDULES_TABLES: readonly TableDeclaration[] = [
  {
    table: 'clinical_decision',
    rows: OF_PATIENT,
    columns: {
      ...HOSPITAL_ID,
      ...columns('id patient_id kind detail author decided_at revoked_at revoked_by', {
        kept: ANONYMOUS,
      }),
      reason: { erased: `''` },
      revoke_reason: { erased: `CASE WHEN revoke_reason IS NOT NULL THEN '' END` },
    },
    sealed: [{ column: 'reason' }, { column: 'revoke_reason' }],
  },
  {
    table: 'surveillance_item',
    rows: OF_PATIENT,
    erasedRows: `state = 'active'`,
    columns: {
      ...HOSPITAL_ID,
      ...columns(
        `
        id patient_id guideline key pathway rule activity covers also_for sequence phase measured_from
        earliest due overdue missed_on before_enrolment projected completed_on completed_by_event_id
        cancelled_by_event_id revision deviates steps
      `,
        { kept: ANONYMOUS },
      ),
      state: { erased: `'cancelled'` },
      next_reminder_on: { erased: 'NULL' },
      step: { erased: 'NULL' },
      step_on: { erased: 'NULL' },
      step_until: { erased: 'NULL' },
      changed_at: { erased: 'program_now()' },
      ...columns('urgent_on overtaken_on', {
        hidden: 'Marks for the indexes of lists, computed from the other columns.',
        kept: ANONYMOUS,
      }),
      ...columns('step_ward step_department step_group step_km', {
        hidden:
          'Where the patient is, by which lists find the items with a step: copies of the columns of the patient.',
        erased: 'NULL',
      }),
    },
  },
  {
    table: 'surveillance_event',
    rows: OF_PATIENT,
    newestFirst: 'ordinal DESC',
    columns: {
      ...HOSPITAL_ID,
      ...columns(
        `
        id patient_id item_id reminder_id type data ordinal position occurred_at
      `,
        { kept: 'It contains only ids, dates and activities.' },
      ),
      awaiting_relay_since: {
        kept: 'The relay has not created the deliveries of the event yet.',
        hidden: 'A mark for the relay, cleared within a second.',
      },
    },
  },
  {
    table: 'event_feed',
    notAboutPatients: 'The last position of the event feed of a hospital.',
    columns: columnNames('hospital_id last_position'),
  },
  {
    table: 'plan_change',
    notAboutPatients: 'Policy rollouts. The cursor is the id of the last patient that the preview counted.',
    columns: columnNames(`
      id hospital_id state policy based_on_version applied_version cursor patients_total patients_done
      kept moved cancelled added author reason created_at changed_at
    `),
  },
];
