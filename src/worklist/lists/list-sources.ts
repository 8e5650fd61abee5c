import { ITEM_LISTS, type ItemList, isByDate } from './list-membership.js';
import { branchesOf, isInList, type ListBranch, live, placeInList } from './list-sql.js';
import {
  PATIENT_SOURCES,
  type PatientList,
  type PatientListParameters,
  PLACE_TYPES,
} from './patient-lists.js';

export type ListName = ItemList | PatientList;

/** The lists, in the order of a nurse's day. */
export const LISTS = [
  'unowned',
  'overdue',
  'due',
  'this_week',
  'to_book',
  'booked',
  'booked_passed',
  'awaiting_result',
  'unseen_result',
  'to_judge',
  'to_decide',
  'not_attended',
  'returned',
  'ask_again',
  'contact_lost',
  'withheld',
] as const satisfies readonly ListName[];

/** What the lists depend on, as SQL expressions. Reading one makes it a parameter of the statement. */
export type ListParameters = PatientListParameters;

/** The type of a place, by which PostgreSQL orders the rows of a list. */
export type PlaceType = 'date' | 'timestamptz' | 'bigint';

export const placeTypeOf = (list: ListName): PlaceType => (isItemList(list) ? 'date' : PLACE_TYPES[list]);

/** Where the rows of a list lie. */
export interface ListSource {
  readonly table: string;
  /** The column by which two rows of a patient differ. */
  readonly id: string;
  /** The column with the id of the patient. */
  readonly patientId: string;
  readonly branches: readonly ListBranch[];
  /** Whether rows of one place are ordered by patient, then id, or by id alone: as the indexes of the branches have them. */
  readonly byPatient: boolean;
  /** The rows `s` of a patient among which the others of the list are, as an index has them; null: a patient has one row. */
  readonly siblings: ((s: string) => string) | null;
  /** Whether the row `r` is in the list, whichever index finds it. */
  readonly holds: (r: string) => string;
  readonly place: (r: string) => string;
  readonly ofItems: boolean;
  /** The activity of the row `r`, which is no item; null: it has none, and the open items of its patient count. */
  readonly activity: ((r: string) => string) | null;
}

export const isItemList = (list: ListName): list is ItemList => ITEM_LISTS.some((name) => name === list);

export function sourceOf(list: ListName, parameters: ListParameters): ListSource {
  if (!isItemList(list)) return PATIENT_SOURCES[list](parameters);
  return {
    ...{ table: 'surveillance_item', id: 'id', patientId: 'patient_id', ofItems: true, activity: null },
    branches: branchesOf(list, parameters),
    byPatient: list !== 'this_week',
    siblings: (s) => (isByDate(list) ? live(s) : `${s}.step IS NOT NULL`),
    holds: (r) => isInList(list, r, parameters),
    place: (r) => placeInList(list, r),
  };
}

/** Whether a patient who was contacted leaves the list for a while. */
export const rests = (list: ListName): boolean =>
  isItemList(list) && (isByDate(list) || ['not_attended', 'returned', 'ask_again'].includes(list));
