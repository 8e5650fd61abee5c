import { HAS_TO_BE_JUDGED } from '../../patients/to-judge.js';
import { isLossProposed } from '../contacts/contact-lists.js';
import { IS_UNSEEN } from '../results/unseen-results.js';
import { branchBy, type DayParameters, type ListSource, live, type PlaceType } from './list-sql.js';

/** The lists of patients by something else than the dates and steps of their items. */
export const PATIENT_LISTS = [
  'unowned',
  'unseen_result',
  'to_judge',
  'to_decide',
  'contact_lost',
  'withheld',
] as const;
export type PatientList = (typeof PATIENT_LISTS)[number];

/** What these lists depend on beside days, as SQL expressions. */
export interface PatientListParameters extends DayParameters {
  /** Results recorded by this instant have waited too long. */
  readonly unseenSince: string;
  /** Whether only the last resort owns the patient of the row. */
  readonly isUnowned: (patient: string) => string;
  /** The people who own no patient today, or perhaps not each of theirs. */
  readonly mayNotOwn: string;
}

export const PLACE_TYPES: Readonly<Record<PatientList, PlaceType>> = {
  unowned: 'timestamptz',
  unseen_result: 'timestamptz',
  to_judge: 'timestamptz',
  to_decide: 'date',
  contact_lost: 'date',
  withheld: 'bigint',
};

/** What holds of the row `p` of each patient in the list; an index has these patients. A list that is left out has no such index. */
export const LISTED_PATIENTS: Readonly<
  Partial<Record<PatientList, (p: string, today: () => string) => string>>
> = {
  unseen_result: (p) => `${p}.has_unseen_result`,
  to_judge: (p) => `${p}.has_result_to_judge`,
  contact_lost: (p, today) => `${p}.loss_proposed_on <= ${today()}`,
  withheld: (p) => `${p}.webhook_withdrawn`,
};

/** A source in which a patient has one row at most. */
const ONE_ROW = { patientId: 'patient_id', byPatient: true, siblings: null, ofItems: false, activity: null };
const OF_PATIENT = {
  ...ONE_ROW,
  ...{ table: 'patient', id: 'id', patientId: 'id', byPatient: false, rowsArePatients: true },
};

// The events of a record that was merged into another one are copied there.
const OF_EVENTS = {
  ...{ table: 'clinical_event', id: 'id', patientId: 'patient_id', byPatient: false, ofItems: false },
  siblings: (s: string) => `${s}.voided_at IS NULL`,
  activity: (r: string) => `coalesce(${r}.result_of, ${r}.detail ->> 'activity')`,
  place: (r: string) => `${r}.recorded_at`,
};
const NOT_MERGED = 'p.merged_into IS NULL';
const notMerged = (r: string): string =>
  `(SELECT ${NOT_MERGED} FROM patient p WHERE p.hospital_id = ${r}.hospital_id AND p.id = ${r}.patient_id)`;

/** The branch of events of this condition. Their patients are looked up for a page; to count, the few merged ones are read once. */
const ofEvents = (where: string): Pick<ListSource, 'branches' | 'counted' | 'patientCondition'> => ({
  branches: [branchBy('r.recorded_at', where)],
  patientCondition: NOT_MERGED,
  counted: [
    branchBy(
      'r.recorded_at',
      `${where} AND r.patient_id NOT IN (
         SELECT p.id FROM patient p WHERE p.hospital_id = current_hospital() AND p.merged_into IS NOT NULL)`,
    ),
  ],
});

export const PATIENT_SOURCES: Readonly<
  Record<PatientList, (parameters: PatientListParameters) => ListSource>
> = {
  unowned: ({ isUnowned, mayNotOwn }) => ({
    ...OF_PATIENT,
    branches: [
      branchBy('r.created_at', `r.responsible_person_id IS NULL AND ${isUnowned('r')}`),
      branchBy('r.created_at', `r.responsible_person_id = ANY (${mayNotOwn}) AND ${isUnowned('r')}`),
    ],
    holds: isUnowned,
    place: (r) => `${r}.created_at`,
  }),
  unseen_result: ({ unseenSince }) => {
    const isUnseen = (r: string): string => `${IS_UNSEEN} AND ${r}.recorded_at <= ${unseenSince}`;
    return {
      ...OF_EVENTS,
      ...ofEvents(isUnseen('r')),
      holds: (r) => `${isUnseen(r)} AND ${notMerged(r)}`,
      activity: (r) => `${r}.result_of`,
    };
  },
  to_judge: () => ({
    ...OF_EVENTS,
    ...ofEvents(HAS_TO_BE_JUDGED),
    holds: (r) => `${HAS_TO_BE_JUDGED} AND ${notMerged(r)}`,
  }),
  to_decide: () => {
    const holds = (r: string): string => `${r}.undecided_since IS NOT NULL`;
    return {
      ...OF_PATIENT,
      branches: [branchBy('r.undecided_since', holds('r'))],
      holds,
      place: (r) => `${r}.undecided_since`,
    };
  },
  contact_lost: ({ today }) => {
    const holds = (r: string): string => isLossProposed(r, today);
    return {
      ...ONE_ROW,
      ...{ table: 'patient_contact', id: 'patient_id' },
      branches: [branchBy('r.lost_proposed_on', holds('r'))],
      holds,
      place: (r) => `${r}.lost_proposed_on`,
    };
  },
  /** Systems get no messages about these patients, so that people have to act: those with an examination to be arranged. */
  withheld: (parameters) => {
    const { today, bookAheadDays } = parameters;
    const holds = (
      r: string,
    ): string => `${r}.channel = 'webhook' AND ${r}.decision = 'withdrawn' AND NOT EXISTS (
      SELECT FROM patient_consent later WHERE later.hospital_id = ${r}.hospital_id AND later.patient_id = ${r}.patient_id
         AND later.channel = 'webhook' AND later.ordinal > ${r}.ordinal)
      AND EXISTS (SELECT FROM surveillance_item open WHERE open.hospital_id = ${r}.hospital_id AND open.patient_id = ${r}.patient_id
         AND ${live('open')} AND (open.missed_on > ${today} OR open.missed_on IS NULL)
         AND open.due <= ${today} + ${bookAheadDays})`;
    return {
      ...ONE_ROW,
      ...{ table: 'patient_consent', id: 'id' },
      branches: [branchBy('r.ordinal', holds('r'))],
      holds,
      place: (r) => `${r}.ordinal`,
    };
  },
};
