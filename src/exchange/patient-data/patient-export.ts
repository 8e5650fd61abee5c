import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import {
  exportedColumns,
  isSealed,
  type PatientTable,
  TABLE_DECLARATIONS,
  type TableDeclaration,
} from '../../encryption/table-declaration.js';
import { HospitalScope, type HospitalTransaction, notePatient } from '../../tenancy/hospital-scope.js';
import { recordsOf, refuseMerged } from '../../patients/merged-records.js';
import { PatientsService } from '../../patients/patients.service.js';
import type { ItemRow } from '../../schedules/planned-row.js';
import { storedPlan } from '../../schedules/stored-plan.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';

type Row = Record<string, unknown>;

/** Who saw or changed the patient on one day. */
export interface SeenBy extends Row {
  readonly day: string;
  readonly callerKind: string;
  readonly callerId: string;
  readonly name: string | null;
  readonly roles: string[];
  readonly purpose: string;
  readonly calls: string[];
  readonly times: number;
}

/**
 * Far more than a follow-up of thirty years creates; only messages to many endpoints with many replays can exceed it.
 */
export const MOST_ROWS_OF_A_TABLE = 5000;
/** Rows opened before other requests have their turn. */
const ROWS_AT_A_TIME = 100;

/** An item of the plan that has no row. */
export type ExportedItem = Pick<ItemRow, 'id' | 'key' | 'rule' | 'activity' | 'earliest' | 'due' | 'overdue'>;

/** All data about one patient: what is stored, and what the plan says beyond it. */
export interface PatientExport {
  readonly patientId: string;
  readonly asOf: string;
  /** By table and column, as each room declares in `personal-data.ts`. */
  readonly records: Record<string, Row[]>;
  /** Items of the plan that are computed on request, because they lie far ahead or before the enrolment. */
  readonly plannedItems: readonly ExportedItem[];
  /** The tables with more rows than `MOST_ROWS_OF_A_TABLE`, of which `records` contains only the newest. */
  readonly incomplete: string[];
  /** By day, caller and purpose. */
  readonly seenBy: SeenBy[];
}

/** A patient's right to a copy (PIPL article 45). */
@Injectable()
export class PatientExports {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
    @Inject(TABLE_DECLARATIONS) private readonly tables: readonly TableDeclaration[],
  ) {}

  /** With the rows of the records that were merged into this one. Refuses (409) a record that was merged into another one. */
  async of(patientId: string): Promise<PatientExport> {
    return this.scope.transaction(async (tx) => {
      await refuseMerged(tx, await this.patients.find(tx, patientId));
      const ids = await recordsOf(tx, patientId);
      for (const id of ids) notePatient(id);
      const records: Record<string, Row[]> = {};
      const incomplete: string[] = [];
      for (const declared of exportedTables(this.tables)) {
        const rows = await rowsOfAll(tx, ids, declared);
        if (rows.length > MOST_ROWS_OF_A_TABLE) incomplete.push(declared.table);
        records[declared.table] = rows.slice(-MOST_ROWS_OF_A_TABLE);
      }
      const asOf = tx.now.toISOString();
      const plannedItems = await itemsWithoutRow(tx, patientId);
      return { patientId, asOf, records, plannedItems, incomplete, seenBy: await seenBy(tx, ids) };
    });
  }
}

async function itemsWithoutRow(tx: HospitalTransaction, patientId: string): Promise<ExportedItem[]> {
  const { items } = await storedPlan(tx, patientId);
  return items
    .filter((item) => !(item instanceof SurveillanceItem))
    .map(({ id, key, rule, activity, earliest, due, overdue }) => ({
      ...{ id, key, rule, activity, earliest, due, overdue },
    }));
}

/** The tables of which an export shows at least one column, in the order of their declaration. */
export const exportedTables = (tables: readonly TableDeclaration[]): readonly PatientTable[] =>
  tables.flatMap((declared) =>
    'notAboutPatients' in declared || exportedColumns(declared).length === 0 ? [] : [declared],
  );

/** The rows about any of these records, of each as `rowsOf` returns them; a row about two of them once. */
async function rowsOfAll(
  tx: HospitalTransaction,
  ids: readonly string[],
  declared: PatientTable,
): Promise<Row[]> {
  const found = new Map<string, Row>();
  for (const id of ids) for (const row of await rowsOf(tx, id, declared)) found.set(JSON.stringify(row), row);
  return [...found.values()];
}

/** From the oldest to the newest, one more than `MOST_ROWS_OF_A_TABLE` at most. */
async function rowsOf(tx: HospitalTransaction, patientId: string, declared: PatientTable): Promise<Row[]> {
  const { table, rows: about, newestFirst = 'id DESC' } = declared;
  const shownColumns = exportedColumns(declared).map((column) => `t.${column}`);
  const rows = await tx.db.query<{ row: Row }[]>(
    `SELECT (SELECT to_jsonb(exported) FROM (SELECT ${shownColumns.join(', ')}) AS exported) AS row
       FROM ${table} t WHERE ${about} ORDER BY ${newestFirst} LIMIT ${MOST_ROWS_OF_A_TABLE + 1}`,
    [tx.hospital.id, patientId],
  );
  const sealed = (column: string): boolean => isSealed(declared, column);
  const keys = await tx.keys(
    rows.flatMap(({ row }) =>
      Object.entries(row).flatMap(([column, value]) => textsIn(value, column, sealed)),
    ),
  );
  const opened = (value: unknown, column: string, id: string): unknown => {
    if (typeof value === 'string')
      return sealed(column) ? keys.open(value, { table, column, row: id }) : value;
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, opened(inner, `${column}.${key}`, id)]),
    );
  };
  const shown: Row[] = [];
  for (const [n, { row }] of rows.reverse().entries()) {
    if (n % ROWS_AT_A_TIME === 0) await nextTurn();
    const fields = Object.entries(row).map(([column, value]) => [
      column,
      opened(value, column, String(row['id'])),
    ]);
    shown.push(Object.fromEntries(fields) as Row);
  }
  return shown;
}

/** The sealed values of a column, including those inside JSON. */
const textsIn = (value: unknown, column: string, sealed: (column: string) => boolean): string[] => {
  if (typeof value === 'string') return sealed(column) ? [value] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, `${column}.${key}`, sealed));
};

/** From the audit trail: a line for each day, caller, role and purpose, however often they looked. */
async function seenBy({ db, hospital }: HospitalTransaction, ids: readonly string[]): Promise<SeenBy[]> {
  return db.query(
    `SELECT (a.recorded_at AT TIME ZONE $3)::date::text AS day, a.caller_kind AS "callerKind", a.caller_id AS "callerId",
            p.name, a.roles, a.purpose, array_agg(DISTINCT a.call) AS calls, count(*) AS times
       FROM audit_event a LEFT JOIN person p ON p.hospital_id = a.hospital_id AND p.id::text = a.caller_id
      WHERE a.hospital_id = $1 AND a.patients && $2::uuid[]
      GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3`,
    [hospital.id, ids, hospital.timeZone],
  );
}
