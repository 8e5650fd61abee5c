import { addDays, type CalendarDate, calendarDate } from './calendar.js';
import type { ActivityCode, Recommendation, Rule } from './guideline.js';

/** One planned item. All dates are calendar days of the hospital. */
export interface PlannedItem extends Recommendation {
  /** Identifies the grid date or step on its clock. Replanning does not change it. */
  readonly key: string;
  readonly pathway: string;
  readonly rule: string;
  readonly activity: ActivityCode;
  /** Activities due on the same day that this one includes; they have no item of their own. */
  readonly covers: readonly ActivityCode[];
  /** Counts the items of one rule on one clock, from 1. */
  readonly sequence: number;
  /** Index of the rule's phase or case that dated it. */
  readonly phase: number;
  readonly section: string;
  /** The date from which its due date was counted. */
  readonly measuredFrom: CalendarDate;
  readonly earliest: CalendarDate;
  readonly due: CalendarDate;
  /** The first late day; `NEVER`: it is never late. */
  readonly overdue: CalendarDate;
  /** From this day on the next item, or the pathway's end, has overtaken it; null: it stays open. */
  readonly missedOn: CalendarDate | null;
  readonly beforeEnrolment: boolean;
  readonly completedOn: CalendarDate | null;
  /** The stored event that completed it, if there is one. */
  readonly completedBy: string | null;
  /** True when it was completed by another method than the planned one. */
  readonly otherMethod: boolean;
  /** True when the date depends on an exam that has not happened yet. */
  readonly projected: boolean;
  /** The grid date, where a range moved `due` forward; null: `due` is the grid date. */
  readonly movedFrom: CalendarDate | null;
  /** Dates of other rules that the same exam answers and that have no item of their own, each `RULE@DUE`. */
  readonly alsoFor: readonly string[];
  /** True when hospital or clinician chose an interval outside the text's range. */
  readonly deviates: boolean;
  /** True when a finding asks for it. */
  readonly answersFinding?: boolean;
}

export type ItemStatus = 'before_enrolment' | 'missed' | 'overdue' | 'due' | 'upcoming' | 'completed';

/** The facts that determine an item's status, computed or stored. */
export interface ItemDates {
  readonly due: CalendarDate;
  readonly overdue: CalendarDate;
  readonly missedOn: CalendarDate | null;
  readonly beforeEnrolment: boolean;
  readonly completedOn: CalendarDate | null;
}

/** The status of an item on `day`. */
export const statusOn = (day: CalendarDate, item: ItemDates): ItemStatus =>
  item.completedOn === null ? openStatusOn(day, item) : 'completed';

/** The status on `day` of an item that is not completed. */
export function openStatusOn(
  day: CalendarDate,
  item: Omit<ItemDates, 'completedOn'>,
): Exclude<ItemStatus, 'completed'> {
  if (item.beforeEnrolment) return 'before_enrolment';
  if (item.missedOn !== null && day >= item.missedOn) return 'missed';
  if (day >= item.overdue) return 'overdue';
  return day >= item.due ? 'due' : 'upcoming';
}

/** The `overdue` of an item that is never late: no day is later, so every comparison of dates works. */
export const NEVER = calendarDate('9999-12-31');

/** The first late day of an item that is missed from `missedOn` on. */
export const overdueUntil = (overdue: CalendarDate, missedOn: CalendarDate): CalendarDate =>
  overdue === NEVER ? NEVER : earlier(overdue, missedOn);

export const earlier = (a: CalendarDate, b: CalendarDate): CalendarDate => (a < b ? a : b);
export const later = (a: CalendarDate, b: CalendarDate): CalendarDate => (a > b ? a : b);
/** One shared empty list for items that cover nothing and replace no other. */
export const NONE: readonly never[] = [];

export const dayAfter = (date: CalendarDate): CalendarDate => addDays(date, 1);

/** The activity of a rule's n-th item: several activities take turns. */
export const activityOf = ({ activity }: Rule, sequence: number): ActivityCode =>
  typeof activity === 'string' ? activity : (activity[(sequence - 1) % activity.length] ?? activity[0]);

/** Every activity that the rule may plan. */
export const activitiesOf = ({ activity }: Rule): readonly ActivityCode[] =>
  typeof activity === 'string' ? [activity] : activity;
