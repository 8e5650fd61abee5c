import type { CalendarDate } from '../guideline/calendar.js';
import { earlier } from '../guideline/planned-item.js';

/**
 * What became of an item that fell due in a period. `docs/statistics.md` has the same definitions.
 *
 * | outcome           | meaning                                                                     |
 * |-------------------|-----------------------------------------------------------------------------|
 * | `on_time`         | done before the first late day                                              |
 * | `late`            | done on the first late day or later                                         |
 * | `missed`          | not done, and the next item or the end of the pathway has overtaken it      |
 * | `overdue`         | not done, late, and still open                                              |
 * | `not_yet`         | not done, and not late yet                                                  |
 * | `declined`        | not done, because the patient declines                                      |
 * | `contraindicated` | not done, because it must not be done                                       |
 * | `ended`           | not done, because the follow-up ended before the item was late              |
 */
export const ITEM_OUTCOMES = [
  'on_time',
  'late',
  'missed',
  'overdue',
  'not_yet',
  'declined',
  'contraindicated',
  'ended',
] as const;
export type ItemOutcome = (typeof ITEM_OUTCOMES)[number];

/** The outcomes by which adherence is judged: its denominator. The others are excused, or open. */
export const JUDGED: readonly ItemOutcome[] = ['on_time', 'late', 'missed', 'overdue'];
export const EXCUSED: readonly ItemOutcome[] = ['declined', 'contraindicated', 'ended'];

/** What decides the outcome. */
export interface CountedItem {
  readonly overdue: CalendarDate;
  readonly missedOn: CalendarDate | null;
  readonly completedOn: CalendarDate | null;
  /** What people did about it; of a patient whose follow-up has ended, the last thing that they had done. */
  readonly step: string | null;
  readonly stepUntil: CalendarDate | null;
}

/** The outcome on `today`. `endedOn`: the day of the event that ended the follow-up; null: the follow-up continues. */
export function itemOutcome(
  { overdue, missedOn, completedOn, step, stepUntil }: CountedItem,
  endedOn: CalendarDate | null,
  today: CalendarDate,
): ItemOutcome {
  if (completedOn !== null) return completedOn < overdue ? 'on_time' : 'late';
  if (step === 'declined') return step;
  const last = endedOn === null ? today : earlier(endedOn, today);
  if (step === 'contraindicated' && (stepUntil === null || stepUntil > last)) return step;
  if (endedOn !== null && endedOn <= overdue) return 'ended';
  if (missedOn !== null && missedOn <= today) return 'missed';
  return overdue <= today ? 'overdue' : 'not_yet';
}

/** SQL of what decides the outcome. */
export interface CountedItemSql {
  /** The alias of the item's row. */
  readonly item: string;
  readonly step: string;
  readonly stepUntil: string;
  readonly endedOn: string;
  readonly today: string;
}

/** The same rule in SQL. */
export const itemOutcomeSql = ({ item, step, stepUntil, endedOn, today }: CountedItemSql): string => `
  CASE WHEN ${item}.completed_on < ${item}.overdue THEN 'on_time'
       WHEN ${item}.completed_on IS NOT NULL THEN 'late'
       WHEN ${step} = 'declined' THEN 'declined'
       WHEN ${step} = 'contraindicated' AND coalesce(${stepUntil} > least(${endedOn}, ${today}), true) THEN 'contraindicated'
       WHEN ${endedOn} <= ${item}.overdue THEN 'ended'
       WHEN ${item}.missed_on <= ${today} THEN 'missed'
       WHEN ${item}.overdue <= ${today} THEN 'overdue' ELSE 'not_yet' END`;
