import { addDays, type CalendarDate } from '../guideline/calendar.js';
import type { PlannedItem } from '../guideline/planned-item.js';

/** Items with a longer window, or with none, become urgent so many days after they fell due. Also in the database's trigger. */
export const LONGEST_WINDOW_DAYS = 62;

/** An exam that a finding asks for takes its place as if it had fallen due so many days earlier, and been late at once. */
const FINDING_FIRST_DAYS = 365;

/** The day by which lists rank the item, where that is not its first late day; null: it is. Depends on facts alone. */
export function urgentDay({
  due,
  overdue,
  answersFinding = false,
}: Pick<PlannedItem, 'due' | 'overdue' | 'answersFinding'>): CalendarDate | null {
  if (answersFinding) return addDays(due, -FINDING_FIRST_DAYS);
  const last = addDays(due, LONGEST_WINDOW_DAYS);
  return overdue > last ? last : null;
}
