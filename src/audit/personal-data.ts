import { columnNames, columns, type TableDeclaration } from '../encryption/table-declaration.js';

export const AUDIT_TABLES: readonly TableDeclaration[] = [
  {
    table: 'audit_event',
    rows: 'hospital_id = $1 AND patients @> ARRAY[$2::uuid]',
    columns: columns(
      `
      id hospital_id recorded_at call outcome status caller_kind caller_id roles address request_id
      purpose patients detail
    `,
      {
        hidden: 'An export shows these rows as `seenBy`, one for each day, caller and purpose.',
        kept: 'The trail names a patient by id alone, and a changed entry would break its seal.',
      },
    ),
  },
  {
    table: 'audit_unsealed',
    notAboutPatients: 'The ids of audit entries that are not sealed yet.',
    columns: columnNames('hospital_id recorded_at id'),
  },
  {
    table: 'audit_seal',
    notAboutPatients: 'Digests of audit entries.',
    columns: columnNames('hospital_id batch previous ids instants digests digest sealed_at'),
  },
];
