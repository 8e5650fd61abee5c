import { CONTACT_OUTCOMES } from '../worklist/contacts/contact-attempt.js';
import { OUTCOMES } from '../worklist/appointments/appointment.entity.js';
import { ITEM_OUTCOMES } from './item-outcome.js';

/** A further exam: it was done, and completes no item. */
export const FURTHER_EXAM = 'further_exam';
/** An event by which a person recorded a loss to follow-up in the period. */
export const LOSS_RECORDED = 'loss_recorded';
/** How the hospital's patients stand at the end of the period. */
export const PATIENT_STATES = ['followed', 'loss_proposed', 'lost'] as const;

const prefixed = <P extends string, N extends string>(prefix: P, names: readonly N[]): `${P}_${N}`[] =>
  names.map((name) => `${prefix}_${name}` as const);

export const CONTACT_MEASURES = prefixed('contact', CONTACT_OUTCOMES);
/** The same attempts, as far as a number was dialled. */
export const CALL_MEASURES = prefixed('call', CONTACT_OUTCOMES);
export const APPOINTMENT_MEASURES = [...prefixed('appointment', OUTCOMES), 'appointment_open'] as const;
export const PATIENT_MEASURES = prefixed('patient', PATIENT_STATES);

/** All that is counted. Each count opens to its patients by `GET /adherence/patients?measure=`. */
export const MEASURES = [
  ...ITEM_OUTCOMES,
  FURTHER_EXAM,
  LOSS_RECORDED,
  ...APPOINTMENT_MEASURES,
  ...CONTACT_MEASURES,
  ...CALL_MEASURES,
  ...PATIENT_MEASURES,
] as const;
export type Measure = (typeof MEASURES)[number];

/** The kinds of rows that are counted, and the measures that each can give. */
export const SOURCES = {
  items: ITEM_OUTCOMES,
  exams: [FURTHER_EXAM],
  losses: [LOSS_RECORDED],
  appointments: APPOINTMENT_MEASURES,
  contacts: CONTACT_MEASURES,
  calls: CALL_MEASURES,
  patients: PATIENT_MEASURES,
} as const satisfies Record<string, readonly Measure[]>;
export type Source = keyof typeof SOURCES;

export const sourceOf = (measure: Measure): Source =>
  (Object.keys(SOURCES) as Source[]).find((source) => SOURCES[source].some((one) => one === measure)) ??
  'items';

/** By what the figures are grouped. */
export const DIMENSIONS = ['activity', 'rule', 'nurse', 'department', 'stage'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** The sources that say something of each group: an appointment or a call belongs to no single activity. */
export const sourcesBy = (by: Dimension): readonly Source[] =>
  by === 'activity' ? ['items', 'exams'] : by === 'rule' ? ['items'] : (Object.keys(SOURCES) as Source[]);
