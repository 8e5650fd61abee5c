import { columns, HOSPITAL_ID, type TableDeclaration } from '../../../encryption/table-declaration.js';

export const FHIR_SOURCE_TABLES: readonly TableDeclaration[] = [
  {
    table: 'fhir_source',
    rows: 'hospital_id = $1 AND patient_id = $2',
    columns: {
      ...HOSPITAL_ID,
      ...columns('id resource_type digest reported_at updated_at', {
        kept: 'They say that a resource came, without what it says.',
      }),
      source: { hidden: 'The identifier of another system, which holds the original.', erased: 'id::text' },
      ...columns('resource_id current_id patient_id event_id appointment_id message_id', {
        hidden: 'Ids of this program.',
        kept: 'The rows that they name are erased.',
      }),
    },
  },
];
