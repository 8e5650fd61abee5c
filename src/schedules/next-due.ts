import type { CalendarDate } from '../guideline/calendar.js';
import type { SurveillanceItem } from './surveillance-item.entity.js';

/** What decides whether a list by date can hold an item, now or after the end of its step. */
export type ListableItem = Pick<
  SurveillanceItem,
  'due' | 'state' | 'beforeEnrolment' | 'missedOn' | 'overtakenOn' | 'step' | 'stepUntil'
>;

const isListable = ({
  state,
  beforeEnrolment,
  missedOn,
  overtakenOn,
  step,
  stepUntil,
}: ListableItem): boolean =>
  state === 'active' &&
  !beforeEnrolment &&
  (missedOn === null || overtakenOn !== missedOn) &&
  (step === null || stepUntil !== null);

/**
 * The first due date of the items that a list by date can hold; null: there are none. The same rule as in the triggers
 * that keep `patient.next_due`, which find nothing to do where it is written beforehand.
 */
export function nextDueOf(items: Iterable<ListableItem>): CalendarDate | null {
  let first: CalendarDate | null = null;
  for (const item of items) if (isListable(item) && (first === null || item.due < first)) first = item.due;
  return first;
}
