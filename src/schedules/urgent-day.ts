import { addDays, type CalendarDate } from '../guideline/calendar.js';
import type { PlannedItem } from '../guideline/planned-item.js';

/**
 * An item with a longer window, or one that is never late, becomes urgent this number of days after its due date. The
 * database's trigger has the same number.
 */
export const LONGEST_WINDOW_DAYS = 62;

/** An exam that a finding asks for is ranked as if it had been late for this number of days on its due date. */
const FINDING_FIRST_DAYS = 365;

/** The day by which lists rank the item; null if that is its first late day. It depends on facts only, not on today. */
export function urgentDay({
  due,
  overdue,
  answersFinding = false,
}: Pick<PlannedItem, 'due' | 'overdue' | 'answersFinding'>): CalendarDate | null {
  if (answersFinding) return addDays(due, -FINDING_FIRST_DAYS);
  const last = addDays(due, LONGEST_WINDOW_DAYS);
  return overdue > last ? last : null;
}
