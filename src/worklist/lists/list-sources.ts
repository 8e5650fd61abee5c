import { isLossProposed } from '../contacts/contact-lists.js';
import { ITEM_LISTS, type ItemList, isByDate } from './list-membership.js';
import {
  branchBy,
  branchesOf,
  type DayParameters,
  isInList,
  type ListBranch,
  live,
  placeInList,
} from './list-sql.js';

/** Lists of patients by something else than their items. */
const PATIENT_LISTS = ['contact_lost', 'withheld'] as const;
type PatientList = (typeof PATIENT_LISTS)[number];

/** The lists, in the order of a nurse's day. */
export const LISTS = [...ITEM_LISTS, ...PATIENT_LISTS] as const;
export type ListName = ItemList | PatientList;

/** The type of a place, by which PostgreSQL orders the rows of a list. */
export type PlaceType = 'date' | 'timestamptz' | 'bigint';

export const placeTypeOf = (list: ListName): PlaceType => (isItemList(list) ? 'date' : PLACE_TYPES[list]);

const PLACE_TYPES: Readonly<Record<PatientList, PlaceType>> = {
  contact_lost: 'date',
  withheld: 'bigint',
};

/** Where the rows of a list lie. */
export interface ListSource {
  readonly table: string;
  /** The column that tells two rows of a patient apart. */
  readonly id: string;
  readonly branches: readonly ListBranch[];
  /** Whether rows of one place are ordered by patient, then id, or by id alone: as the indexes of the branches have them. */
  readonly byPatient: boolean;
  /** The rows `s` of a patient among which the others of the list are, as an index of patients has them. */
  readonly siblings: (s: string) => string;
  /** Whether the row `r` is in the list, whichever index finds it. */
  readonly holds: (r: string) => string;
  readonly place: (r: string) => string;
  readonly ofItems: boolean;
}

export const isItemList = (list: ListName): list is ItemList => ITEM_LISTS.some((name) => name === list);

export function sourceOf(list: ListName, days: DayParameters): ListSource {
  if (!isItemList(list)) return PATIENT_SOURCES[list](days);
  return {
    ...{ table: 'surveillance_item', id: 'id', ofItems: true },
    branches: branchesOf(list, days),
    byPatient: list !== 'this_week',
    siblings: (s) => (isByDate(list) ? live(s) : 'true'),
    holds: (r) => isInList(list, r, days),
    place: (r) => placeInList(list, r),
  };
}

/** Whether a patient who was contacted leaves the list for a while. */
export const rests = (list: ListName): boolean =>
  isItemList(list) && (isByDate(list) || ['not_attended', 'returned', 'ask_again'].includes(list));

const PATIENT_SOURCES: Readonly<Record<PatientList, (days: DayParameters) => ListSource>> = {
  contact_lost: ({ today }) => {
    const holds = (r: string): string => isLossProposed(r, today);
    return {
      ...{ table: 'patient_contact', id: 'patient_id', ofItems: false },
      branches: [branchBy('r.lost_proposed_on', holds('r'))],
      byPatient: true,
      siblings: () => 'true',
      holds,
      place: (r) => `${r}.lost_proposed_on`,
    };
  },
  /** Nobody is told of these patients, so that somebody has to look: those with an examination to be arranged. */
  withheld: (days) => {
    const holds = (
      r: string,
    ): string => `${r}.channel = 'webhook' AND ${r}.decision = 'withdrawn' AND NOT EXISTS (
      SELECT FROM patient_consent later WHERE later.hospital_id = ${r}.hospital_id AND later.patient_id = ${r}.patient_id
         AND later.channel = 'webhook' AND later.ordinal > ${r}.ordinal)
      AND EXISTS (SELECT FROM surveillance_item open WHERE open.hospital_id = ${r}.hospital_id AND open.patient_id = ${r}.patient_id
         AND ${live('open')} AND (open.missed_on > ${days.today} OR open.missed_on IS NULL)
         AND open.due <= ${days.today} + ${days.bookAheadDays})`;
    return {
      ...{ table: 'patient_consent', id: 'id', ofItems: false },
      branches: [branchBy('r.ordinal', holds('r'))],
      byPatient: true,
      siblings: () => 'true',
      holds,
      place: (r) => `${r}.ordinal`,
    };
  },
};
