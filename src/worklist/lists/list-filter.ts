import type { CalendarDate } from '../../guideline/calendar.js';
import { folded } from '../../patients/folded.js';
import { inCareOf } from '../../patients/responsible-nurse.js';
import type { PatientCondition } from '../ownership/owned-patients.js';
import { type ListName, rests } from './list-sources.js';
import { type ListSource, live } from './list-sql.js';
import type { ListStatement, SqlValues } from './list-statement.js';
import type { Rarity } from './rare-items.js';

/** Which rows of a list are asked for. */
export interface ListFilter {
  readonly activity?: string | undefined;
  readonly rule?: string | undefined;
  /** The statement reads the open items of the one or the other, if they are few; left out: perhaps there are many of both. */
  readonly rare?: Rarity | undefined;
  /** First and last due date, both included. */
  readonly from?: CalendarDate | undefined;
  readonly to?: CalendarDate | undefined;
  /** Who owns a duty of the patient today. */
  readonly owner?: PatientCondition | undefined;
  /** The responsible nurse: a person's id, login or name, or what was imported. */
  readonly assignee?: string | undefined;
  readonly department?: string | undefined;
  readonly ward?: string | undefined;
  /** The group of doctors that treats the patient. */
  readonly group?: string | undefined;
  /** The least and the greatest distance from home to the hospital in kilometres, both included. */
  readonly distanceFrom?: number | undefined;
  readonly distanceTo?: number | undefined;
}

/** Conditions of the filter about the patient `p`; none: every patient. */
export function patientConditions(filter: ListFilter, values: SqlValues): string[] {
  const { department, ward, group, distanceFrom, distanceTo } = filter;
  const compared = (column: string, type: string, operator: string, value: unknown): string[] =>
    value === undefined ? [] : [`p.${column} ${operator} ${values.add(value, type)}`];
  return [
    ...careConditions(filter, values),
    ...compared('department', 'text', '=', department),
    ...compared('ward', 'text', '=', ward),
    ...compared('care_group', 'text', '=', group),
    ...compared('distance_km', 'integer', '>=', distanceFrom),
    ...compared('distance_km', 'integer', '<=', distanceTo),
  ];
}

/** Those of them about who cares for the patient. */
export function careConditions({ owner, assignee }: ListFilter, values: SqlValues): string[] {
  return [
    ...(owner === undefined ? [] : [owner.condition('p', (name) => values.bare(owner.parameters[name]))]),
    ...(assignee === undefined
      ? []
      : [inCareOf('p').replaceAll(':nurseKey', values.add(folded(assignee), 'text'))]),
  ];
}

/** The others, about an item with a step. */
function placeConditions(filter: ListFilter, values: SqlValues): Condition[] {
  const { department, ward, group, distanceFrom, distanceTo } = filter;
  return [
    ...compared(values, 'text', '=', department, (r) => `${r}.step_department`),
    ...compared(values, 'text', '=', ward, (r) => `${r}.step_ward`),
    ...compared(values, 'text', '=', group, (r) => `${r}.step_group`),
    ...compared(values, 'integer', '>=', distanceFrom, (r) => `${r}.step_km`),
    ...compared(values, 'integer', '<=', distanceTo, (r) => `${r}.step_km`),
  ];
}

/** A condition about the row `r`. */
export type Condition = (r: string) => string;

/** Conditions of the filter about an item. */
export function itemConditions({ activity, rule, from, to }: ListFilter, values: SqlValues): Condition[] {
  return [
    ...compared(values, 'text', '=', activity, (r) => `${r}.activity`),
    ...compared(values, 'text', '=', rule, (r) => `${r}.rule`),
    ...compared(values, 'date', '>=', from, (r) => `${r}.due`),
    ...compared(values, 'date', '<=', to, (r) => `${r}.due`),
  ];
}

function compared(
  values: SqlValues,
  type: string,
  operator: string,
  value: string | number | undefined,
  column: Condition,
): Condition[] {
  if (value === undefined) return [];
  const parameter = values.add(value, type);
  return [(r) => `${column(r)} ${operator} ${parameter}`];
}

/** SQL of all conditions, to stand behind another one. */
export const allOf = (conditions: readonly Condition[], r: string): string =>
  conditions.map((condition) => ` AND ${condition(r)}`).join('');

/** Conditions of the filter about an open item of the patient of a row, which is no item itself. */
export const openItemConditions = (
  { activity }: Pick<ListSource, 'activity'>,
  filter: ListFilter,
  values: SqlValues,
): Condition[] => itemConditions(activity === null ? filter : { ...filter, activity: undefined }, values);

function hasOpenItem(
  source: ListSource,
  filter: ListFilter,
  { values, hospital }: ListStatement,
): Condition[] {
  const conditions = openItemConditions(source, filter, values);
  if (conditions.length === 0) return [];
  return [
    (r) => `EXISTS (SELECT FROM surveillance_item f
      WHERE f.hospital_id = ${hospital} AND f.patient_id = ${r}.${source.patientId} AND ${live('f')}${allOf(conditions, 'f')})`,
  ];
}

/** SQL of the filter for the row `r` of a list; with a rare activity or rule, in a statement with `rareItems`. */
export function filterOf(
  list: ListName,
  source: ListSource,
  filter: ListFilter,
  statement: ListStatement,
): Condition {
  const { ofItems, saysWhere = false, activity, patientId } = source;
  const { values, patients } = statement;
  const parts: Condition[] = [];
  if (activity !== null) parts.push(...compared(values, 'text', '=', filter.activity, activity));
  if (ofItems) parts.push(...itemConditions(filter, values));
  // IS TRUE keeps PostgreSQL from joining: the few items are read once, not those of each patient of the list.
  else if (filter.rare !== undefined)
    parts.push((r) => `(${r}.${patientId} IN (SELECT patient_id FROM rare)) IS TRUE`);
  else parts.push(...hasOpenItem(source, filter, statement));
  if (saysWhere && patients === undefined) parts.push(...placeConditions(filter, values));
  parts.push(...patientFilterOf(list, source, filter, statement));
  return (r) => allOf(parts, r);
}

/** The part of it about the patient of the row, by columns of `patient` and by whether the patient rests. */
export function patientFilterOf(
  list: ListName,
  { saysWhere = false, patientId, rowsArePatients = false, patientCondition }: ListSource,
  filter: ListFilter,
  { values, hospital, parameters, patients }: ListStatement,
): Condition[] {
  const conditionsOf = saysWhere ? careConditions : patientConditions;
  const about =
    patients === undefined
      ? [...(patientCondition ? [patientCondition] : []), ...conditionsOf(filter, values)]
      : [];
  const doesNotRest = rests(list)
    ? (r: string): string =>
        `((SELECT resting.rests_until FROM patient_contact resting WHERE resting.hospital_id = ${hospital} AND resting.patient_id = ${r}.${patientId})
          > ${parameters.today}) IS NOT TRUE`
    : undefined;
  // The subquery looks up the patient of each row: the statistics of PostgreSQL do not know how many rows a page reads. Its
  // conditions are tested in their order: rows of other patients cost nothing more.
  if (about.length === 0) return doesNotRest ? [doesNotRest] : [];
  return [
    (r) => {
      const patient = rowsArePatients
        ? `(SELECT ${r}.* OFFSET 0) AS p`
        : `patient p WHERE p.hospital_id = ${hospital} AND p.id = ${r}.${patientId}`;
      return `(SELECT ${[...about, ...(doesNotRest ? [doesNotRest(r)] : [])].join(' AND ')} FROM ${patient})`;
    },
  ];
}
