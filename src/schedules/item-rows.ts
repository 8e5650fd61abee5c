import type { EntityManager } from 'typeorm';
import type { ItemRow } from './planned-row.js';

/** Columns and their types, in the order of the parameters of the statements below. */
const COLUMNS = {
  id: 'uuid',
  hospitalId: 'uuid',
  patientId: 'uuid',
  guideline: 'text',
  key: 'text',
  pathway: 'text',
  rule: 'text',
  activity: 'text',
  covers: 'text',
  alsoFor: 'text',
  sequence: 'integer',
  phase: 'integer',
  measuredFrom: 'date',
  earliest: 'date',
  due: 'date',
  overdue: 'date',
  urgentOn: 'date',
  missedOn: 'date',
  beforeEnrolment: 'boolean',
  projected: 'boolean',
  deviates: 'boolean',
  state: 'text',
  completedOn: 'date',
  completedByEventId: 'uuid',
  cancelledByEventId: 'uuid',
  revision: 'integer',
  nextReminderOn: 'date',
  step: 'text',
  stepOn: 'date',
  stepUntil: 'date',
  steps: 'integer',
} as const satisfies Record<keyof ItemRow, string>;

const names = Object.keys(COLUMNS) as (keyof ItemRow)[];
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
// PostgreSQL's unnest flattens an array of arrays, so each list is sent as one text.
const LISTS: readonly string[] = ['covers', 'alsoFor'] satisfies (keyof ItemRow)[];
const valueOf = (name: keyof ItemRow): string =>
  LISTS.includes(name) ? `string_to_array(${snakeCase(name)}, ',')` : snakeCase(name);
const source = `unnest(${names.map((name, index) => `$${index + 1}::${COLUMNS[name]}[]`).join(', ')}) AS row(${names.map(snakeCase).join(', ')})`;

const INSERT = `INSERT INTO surveillance_item (${names.map(snakeCase).join(', ')}) SELECT ${names.map(valueOf).join(', ')} FROM ${source}`;

const changing = names.filter((name) => !['id', 'hospitalId', 'patientId'].includes(name));
const UPDATE = `
  UPDATE surveillance_item AS item
     SET ${changing.map((name) => `${snakeCase(name)} = new.${snakeCase(name)}`).join(', ')}, changed_at = program_now()
    FROM (SELECT ${names.map((name) => `${valueOf(name)} AS ${snakeCase(name)}`).join(', ')} FROM ${source}) AS new
   WHERE item.hospital_id = new.hospital_id AND item.id = new.id`;

const parametersOf = (rows: readonly ItemRow[]): unknown[] =>
  names.map((name) => rows.map((row) => textOfList(row[name])));

const textOfList = (value: ItemRow[keyof ItemRow]): unknown =>
  Array.isArray(value) ? value.join(',') : value;

/** Inserts all rows in one statement. */
export async function insertItems(db: EntityManager, rows: readonly ItemRow[]): Promise<void> {
  if (rows.length > 0) await db.query(INSERT, parametersOf(rows));
}

/** Updates the rows with the same ids in one statement. */
export async function updateItems(db: EntityManager, rows: readonly ItemRow[]): Promise<void> {
  if (rows.length > 0) await db.query(UPDATE, parametersOf(rows));
}
