import { ITEM_LISTS, type ItemList, isByDate } from './list-membership.js';
import {
  branchesOf,
  isInList,
  type ListSource,
  live,
  notDueLater,
  placeInList,
  type PlaceType,
} from './list-sql.js';
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

export const placeTypeOf = (list: ListName): PlaceType => (isItemList(list) ? 'date' : PLACE_TYPES[list]);

export const isItemList = (list: ListName): list is ItemList => ITEM_LISTS.some((name) => name === list);

/** Whether the list has items with a step, which keep where their patients are. */
export const isOfSteps = (list: ListName): boolean => isItemList(list) && !isByDate(list);

/** Whether a row of the list is of an activity by the open items of its patient. */
export const isByOpenItems = (list: ListName): boolean =>
  !isItemList(list) && list !== 'unseen_result' && list !== 'to_judge';

export function sourceOf(list: ListName, parameters: ListParameters): ListSource {
  if (!isItemList(list)) return PATIENT_SOURCES[list](parameters);
  return {
    ...{ table: 'surveillance_item', id: 'id', patientId: 'patient_id', ofItems: true, activity: null },
    branches: branchesOf(list, parameters),
    saysWhere: isOfSteps(list),
    byPatient: list !== 'this_week',
    siblings: (s) =>
      isByDate(list) ? `${live(s)} AND ${notDueLater(list, s, parameters)}` : `${s}.step IS NOT NULL`,
    holds: (r) => isInList(list, r, parameters),
    place: (r) => placeInList(list, r),
  };
}

/** Whether a patient who was contacted leaves the list for a while. */
export const rests = (list: ListName): boolean =>
  isItemList(list) && (isByDate(list) || ['not_attended', 'returned', 'ask_again'].includes(list));
