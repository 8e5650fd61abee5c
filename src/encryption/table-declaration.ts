/**
 * A room declares each of its tables in its `personal-data.ts`, with every column. The export of a patient's data,
 * the erasure, key rotation and the check of a backup follow these declarations; a test fails for an undeclared
 * column.
 */
export type TableDeclaration = PatientTable | OtherTable;

/** A table with rows about patients. */
export interface PatientTable extends SealedValues {
  readonly table: string;
  /** SQL condition: the rows about the patient `$2` of the hospital `$1`. */
  readonly rows: string;
  readonly columns: Readonly<Record<string, PatientColumn>>;
  /** SQL order of the exported rows where the order of their ids is not chronological. */
  readonly newestFirst?: string;
  /** SQL condition: the rows that an erasure changes. Default: all of them. */
  readonly erasedRows?: string;
  /**
   * SQL that an erasure runs before: it finds rows by the blind index `$3` of the patient's number (`NUMBER_INDEX`) that were
   * stored before the patient `$2` of the hospital `$1` was.
   */
  readonly claimByNumber?: string;
  /** SQL that an erasure runs before it reads the rows; `$1` is the hospital. */
  readonly lockForErasure?: string;
}

/** The kind of the blind index of a patient's number, in its folded form. */
export const NUMBER_INDEX = 'record-number';

/** Without `hidden`, an export shows the column; `hidden` gives the reason why it does not. */
export type PatientColumn = { readonly hidden?: string } & (Erased | Kept);

/** SQL of the value that an erasure gives to the column. */
export interface Erased {
  readonly erased: string;
}

/** Why an erasure leaves the column unchanged. */
export interface Kept {
  readonly kept: string;
}

/** A table without rows about patients. */
export interface OtherTable extends SealedValues {
  readonly table: string;
  /** Why no row is about a patient. */
  readonly notAboutPatients: string;
  readonly columns: readonly string[];
}

interface SealedValues {
  /** Values sealed with a key of the hospital. */
  readonly sealed?: readonly SealedColumn[];
  /** Values sealed with the master key. */
  readonly underMasterKey?: MasterSealedColumn;
}

/** A text that is sealed with a key of the hospital. */
export interface SealedColumn {
  /** Its name in the context of the seal; of a value inside JSON: `detail.site`. */
  readonly column: string;
  /** The column whose value identifies the row in the context of the seal. Default: `id`. */
  readonly row?: string;
  /** SQL that reads the value. Default: `column`. */
  readonly stored?: string;
  /** The assignment that writes the value. Default: `column = text`. */
  readonly set?: (text: string) => string;
  /** SQL condition: the rows in which the value is sealed. Default: all rows. */
  readonly where?: string;
  /** Why key rotation does not re-encrypt this column by itself. */
  readonly notResealed?: string;
}

/** A secret that is sealed with the master key. */
export interface MasterSealedColumn {
  readonly column: string;
  /** The column that identifies the row within its hospital. */
  readonly row: string;
  readonly contextOf: (row: { readonly hospitalId: string; readonly id: string }) => string;
}

/** The token under which modules inject the declarations of all rooms. */
export const TABLE_DECLARATIONS = Symbol('TABLE_DECLARATIONS');

/** The names in a list that is separated by spaces and line breaks. */
export const columnNames = (list: string): readonly string[] => list.trim().split(/\s+/);

/** Gives each of the listed columns the same declaration. */
export const columns = (list: string, declared: PatientColumn): Readonly<Record<string, PatientColumn>> =>
  Object.fromEntries(columnNames(list).map((name) => [name, declared]));

/** The column `hospital_id` of a table about patients. */
export const HOSPITAL_ID = {
  hospital_id: {
    hidden: 'The same in every row of the export.',
    kept: 'It says nothing about the patient.',
  },
} as const satisfies Readonly<Record<string, PatientColumn>>;

/** The columns that an export shows, in the order of their declaration; none for a table that is not about patients. */
export const exportedColumns = (declaration: TableDeclaration): readonly string[] =>
  'notAboutPatients' in declaration
    ? []
    : Object.entries(declaration.columns).flatMap(([name, { hidden }]) =>
        hidden === undefined ? [name] : [],
      );

/**
 * Whether a text of this column is sealed. Only the declaration decides: a plain text may begin like a sealed one.
 */
export const isSealed = ({ sealed = [] }: TableDeclaration, column: string): boolean =>
  sealed.some((declared) => declared.column === column);
