import type { PatientTable, TableDeclaration } from '../../encryption/table-declaration.js';

/**
 * The SQL that erases the patient `$2` of the hospital `$1` from the declared tables, in the order of their
 * declaration. A statement without the parameter `$2` takes a lock.
 */
export function erasureStatements(tables: readonly TableDeclaration[]): readonly ErasureStatement[] {
  return tables.flatMap((table) => ('notAboutPatients' in table ? [] : statementsFor(table)));
}

export interface ErasureStatement {
  readonly sql: string;
  /** A lock is taken for the whole hospital. */
  readonly isLock: boolean;
  /** It has the blind index of the patient's number as a third parameter. */
  readonly isByNumber: boolean;
}

function statementsFor({
  table,
  rows,
  columns,
  erasedRows,
  lockForErasure,
  claimByNumber,
}: PatientTable): ErasureStatement[] {
  const assignments = Object.entries(columns).flatMap(([column, declared]) =>
    'erased' in declared ? [`${column} = ${declared.erased}`] : [],
  );
  if (assignments.length === 0) return [];
  const condition = erasedRows === undefined ? rows : `(${rows}) AND (${erasedRows})`;
  return [
    ...(lockForErasure === undefined ? [] : [{ sql: lockForErasure, isLock: true, isByNumber: false }]),
    ...(claimByNumber === undefined ? [] : [{ sql: claimByNumber, isLock: false, isByNumber: true }]),
    {
      sql: `UPDATE ${table} SET ${assignments.join(', ')} WHERE ${condition}`,
      ...{ isLock: false, isByNumber: false },
    },
  ];
}
