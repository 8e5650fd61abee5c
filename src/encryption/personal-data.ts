import { keyContext } from './field-cipher.js';
import { columnNames, type TableDeclaration } from './table-declaration.js';

export const ENCRYPTION_TABLES: readonly TableDeclaration[] = [
  {
    table: 'hospital_key',
    notAboutPatients: 'The keys of a hospital.',
    columns: columnNames('hospital_id number wrapped created_at resealed_at'),
    underMasterKey: {
      column: 'wrapped',
      row: 'number',
      contextOf: ({ hospitalId, id }) => keyContext(hospitalId, Number(id)),
    },
  },
];
