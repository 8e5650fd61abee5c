import { addMonths, type CalendarDate } from '../guideline/calendar.js';
import type { PlannedItem } from '../guideline/planned-item.js';
import { hasDerivedIds } from './item-ids.js';

/** A new plan stores items this far ahead, and is computed again when less than `ALWAYS_STORED_MONTHS` are left. */
const STORED_MONTHS = 26;
const ALWAYS_STORED_MONTHS = 24;

/** Every open item due by this day has a row. Later items have a row if people have acted on them. */
export const lastStoredDay = (today: CalendarDate): CalendarDate => addMonths(today, ALWAYS_STORED_MONTHS);

type IsStored = (item: Pick<PlannedItem, 'earliest' | 'completedOn' | 'beforeEnrolment'>) => boolean;

/**
 * Whether an item gets a row when the patient's plan is computed on `today`. Items far ahead and items before the
 * enrolment, on which no one has to act, get none. They are computed on request.
 */
export function storedOn(today: CalendarDate, patientId: string): IsStored {
  if (!hasDerivedIds(patientId)) return () => true;
  const last = addMonths(today, STORED_MONTHS);
  return ({ earliest, completedOn, beforeEnrolment }) =>
    completedOn !== null || (!beforeEnrolment && earliest <= last);
}

/** The day on which an item without a row gets one. It is after the day on which the plan was computed. */
export const storedFrom = ({ earliest }: Pick<PlannedItem, 'earliest'>): CalendarDate =>
  addMonths(earliest, -ALWAYS_STORED_MONTHS);
