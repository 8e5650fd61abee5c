import { addMonths, type CalendarDate } from '../guideline/calendar.js';
import type { PlannedItem } from '../guideline/planned-item.js';
import { hasDerivedIds } from './item-ids.js';

/** How far ahead items have rows when a plan is drawn up, and at least: then it is drawn up again. */
const STORED_MONTHS = 26;
const ALWAYS_STORED_MONTHS = 24;

/** Every open item of a plan that is due by this day has a row; of later ones, those on which people have acted. */
export const lastStoredDay = (today: CalendarDate): CalendarDate => addMonths(today, ALWAYS_STORED_MONTHS);

type Stored = (item: Pick<PlannedItem, 'earliest' | 'completedOn' | 'beforeEnrolment'>) => boolean;

/**
 * Whether an item of a plan that is drawn up for the patient on `today` gets a row. The others are computed on request:
 * those far ahead, and those of the time before the enrolment, on which nobody has to act.
 */
export function storedOn(today: CalendarDate, patientId: string): Stored {
  if (!hasDerivedIds(patientId)) return () => true;
  const last = addMonths(today, STORED_MONTHS);
  return ({ earliest, completedOn, beforeEnrolment }) =>
    completedOn !== null || (!beforeEnrolment && earliest <= last);
}

/** The day on which an item without a row gets one. It lies after the day of planning. */
export const storedFrom = ({ earliest }: Pick<PlannedItem, 'earliest'>): CalendarDate =>
  addMonths(earliest, -ALWAYS_STORED_MONTHS);
