import type { ItemStep } from '../../schedules/surveillance-item.entity.js';
import { LONGEST_WINDOW_DAYS } from '../../schedules/urgent-day.js';
import {
  DAYS_OF_WEEK,
  daysAhead,
  isByDate,
  type ItemList,
  RETURNED_FIRST_DAYS,
  STEPS_OF_LIST,
} from './list-membership.js';

/**
 * The rules of `list-membership.ts` in SQL. Where an index is to be used, a condition compares plain columns: row security
 * keeps all others from an index.
 */

/** SQL expressions of the values that the rules depend on. Reading one makes it a parameter of the statement. */
export interface DayParameters {
  readonly today: string;
  readonly bookAheadDays: string;
  readonly resultWithinDays: string;
}

/** The rows of a list that one index holds, in the order of that index. `r` is the row. */
export interface ListBranch {
  readonly where: string;
  /** What the index orders by. */
  readonly orderedBy: string;
  /** The place of a row by `orderedBy`, and the other way round. */
  readonly placeBy: (ordered: string) => string;
  readonly orderOf: (place: string) => string;
}

/** The type of a place, by which PostgreSQL orders the rows of a list. */
export type PlaceType = 'date' | 'timestamptz' | 'bigint';

/** Where the rows of a list lie. */
export interface ListSource {
  readonly table: string;
  /** The column by which two rows of a patient differ. */
  readonly id: string;
  /** The column with the id of the patient. */
  readonly patientId: string;
  readonly branches: readonly ListBranch[];
  /** The same rows by conditions that are faster for many of them, `patientCondition` included; undefined: there are none. */
  readonly counted?: readonly ListBranch[];
  /** Whether rows of one place are ordered by patient, then id, or by id alone: as the indexes of the branches have them. */
  readonly byPatient: boolean;
  /** The rows `s` of a patient among which the others of the list are, as an index has them; null: a patient has one row. */
  readonly siblings: ((s: string) => string) | null;
  /** Whether the row `r` is in the list, whichever index finds it. */
  readonly holds: (r: string) => string;
  readonly place: (r: string) => string;
  readonly ofItems: boolean;
  /** Whether the rows are those of `patient` themselves. */
  readonly rowsArePatients?: boolean;
  /** What `branches` leave out: a condition about `p`, the row of `patient`, looked up together with those of a filter. */
  readonly patientCondition?: string;
  /** Whether the rows themselves say where their patients are. */
  readonly saysWhere?: boolean;
  /** The activity of the row `r`, which is no item; null: it has none, and the open items of its patient count. */
  readonly activity: ((r: string) => string) | null;
}

const itself = (place: string): string => place;

/** A branch in which the rows are ordered by their place. */
export const branchBy = (orderedBy: string, where: string): ListBranch => ({
  ...{ orderedBy, where, placeBy: itself, orderOf: itself },
});

/** The condition of the partial indexes: open, and not marked as overtaken. */
export const live = (r: string): string =>
  `${r}.state = 'active' AND NOT ${r}.before_enrolment AND (${r}.overtaken_on = ${r}.missed_on) IS NOT TRUE`;

/** The day by which an item becomes urgent; at most 62 days after it falls due. */
const urgentBy = (r: string): string => `coalesce(${r}.urgent_on, ${r}.overdue)`;

/** Holds for each item of a list by date, which an index has by patient and due date. */
export const notDueLater = (list: ItemList, r: string, days: DayParameters): string =>
  `${r}.due <= ${days.today} + ${daysAhead(list, days)}`;

/** Nothing that becomes urgent later belongs to a list by date. */
const lastUrgent = (list: ItemList, days: DayParameters): string =>
  list === 'overdue' ? days.today : `${days.today} + ${daysAhead(list, days)} + ${LONGEST_WINDOW_DAYS}`;

/**
 * The dates of an item in a list by date, whatever its step. The due date is subtracted, not compared: an index by due date
 * would be used for it, and all rows of the list be read and sorted.
 */
function dateCondition(list: ItemList, r: string, days: DayParameters): string {
  const { today } = days;
  const dueIn = `${r}.due - ${today}`;
  const within = `${dueIn} <= ${daysAhead(list, days)}`;
  const notMissed = `(${r}.missed_on > ${today} OR ${r}.missed_on IS NULL)`;
  switch (list) {
    case 'overdue':
      return `${notMissed} AND ${r}.overdue <= ${today}`;
    case 'due':
      return `${notMissed} AND ${within} AND ${r}.overdue > ${today}`;
    case 'this_week':
      return `${notMissed} AND ${within} AND ${dueIn} > 0`;
    default:
      return `${notMissed} AND ${within}`;
  }
}

/** The steps that end by themselves. */
const RETURNING: readonly ItemStep[] = ['deferred', 'contraindicated', 'declined'];

function stepCondition(list: ItemList, r: string, days: DayParameters): string {
  switch (list) {
    case 'booked':
      return `${r}.step_on >= ${days.today}`;
    case 'booked_passed':
      return `${r}.step_on < ${days.today}`;
    case 'awaiting_result':
      return `${r}.step_on <= ${days.today} - ${days.resultWithinDays}`;
    case 'not_attended':
      return 'true';
    default:
      return `${r}.step_until <= ${days.today}`;
  }
}

const isOneOf = (r: string, steps: readonly ItemStep[]): string =>
  `${r}.step IN (${steps.map((step) => `'${step}'`).join(', ')})`;

/** Whether the item `r` is in the list. */
export const isInList = (list: ItemList, r: string, days: DayParameters): string =>
  isByDate(list)
    ? `${live(r)} AND ${urgentBy(r)} <= ${lastUrgent(list, days)} AND ${dateCondition(list, r, days)}
       AND (${r}.step IS NULL OR ${r}.step_until <= ${days.today})`
    : `${r}.state = 'active' AND ${isOneOf(r, STEPS_OF_LIST[list])} AND ${stepCondition(list, r, days)}`;

const dayInList = (list: ItemList): 'step_on' | 'step_until' =>
  list === 'returned' || list === 'ask_again' ? 'step_until' : 'step_on';

/** The day by which the item takes its place (`placeIn`). */
export const placeInList = (list: ItemList, r: string): string =>
  isByDate(list)
    ? `coalesce(${r}.step_until - ${RETURNED_FIRST_DAYS}, ${list === 'this_week' ? `${r}.due` : urgentBy(r)})`
    : `${r}.${dayInList(list)}`;

/** The indexes that hold the list, each row in one of them. */
export function branchesOf(list: ItemList, days: DayParameters): ListBranch[] {
  if (!isByDate(list))
    return STEPS_OF_LIST[list].map((step) =>
      branchBy(
        `r.${dayInList(list)}`,
        `r.state = 'active' AND r.step = '${step}' AND ${stepCondition(list, 'r', days)}`,
      ),
    );
  const dates = dateCondition(list, 'r', days);
  const untouched = (column: string, where: string): ListBranch =>
    branchBy(column, `${live('r')} AND r.step IS NULL AND ${where} AND ${dates}`);
  const last = lastUrgent(list, days);
  // What is not late yet becomes late after today.
  const notLate = list === 'due' || list === 'this_week' ? `r.overdue > ${days.today} AND ` : '';
  const narrow = `${notLate}r.urgent_on IS NULL AND r.overdue <= ${last}`;
  const wide = `r.urgent_on IS NOT NULL AND r.urgent_on <= ${last}`;
  const thisWeek = `r.due > ${days.today} AND r.due <= ${days.today} + ${DAYS_OF_WEEK}`;
  return [
    ...(list === 'this_week'
      ? [untouched('r.due', `${thisWeek} AND ${narrow}`), untouched('r.due', `${thisWeek} AND ${wide}`)]
      : [untouched('r.overdue', narrow), untouched('r.urgent_on', wide)]),
    ...RETURNING.map((step) => ({
      where: `${live('r')} AND r.step = '${step}' AND r.step_until <= ${days.today} AND ${dates}`,
      orderedBy: 'r.step_until',
      placeBy: (day: string) => `${day} - ${RETURNED_FIRST_DAYS}`,
      orderOf: (place: string) => `${place} + ${RETURNED_FIRST_DAYS}`,
    })),
  ];
}
