import { addDays, type CalendarDate, calendarDate } from './calendar.js';
import type { ActivityCode, Recommendation, Rule } from './guideline.js';

/** One planned examination. All dates are calendar days of the hospital. */
export interface PlannedItem extends Recommendation {
  /** The same for the same slot of the same clock, however often the plan is drawn up. */
  readonly key: string;
  readonly pathway: string;
  readonly rule: string;
  readonly activity: ActivityCode;
  /** Examinations due the same day that this one includes; they have no item of their own. */
  readonly covers: readonly ActivityCode[];
  /** Counts the slots of one rule on one clock, from 1. */
  readonly sequence: number;
  /** Index of the rule's phase or case that dated it. */
  readonly phase: number;
  readonly section: string;
  /** The date its due date was counted from. */
  readonly measuredFrom: CalendarDate;
  readonly earliest: CalendarDate;
  readonly due: CalendarDate;
  /** The first late day; `NEVER`: it is never late. */
  readonly overdue: CalendarDate;
  /** From this day on the next slot, or the pathway's end, has overtaken it; null: it waits. */
  readonly missedOn: CalendarDate | null;
  readonly beforeEnrolment: boolean;
  readonly completedOn: CalendarDate | null;
  /** The stored event that completed it, if it came from one. */
  readonly completedBy: string | null;
  /** True when it was completed by another method than the planned one. */
  readonly otherMethod: boolean;
  /** True when the date rests on an examination that has not happened yet. */
  readonly projected: boolean;
  /** The grid date that a range moved forward to `due`; null: `due` is the grid date. */
  readonly movedFrom: CalendarDate | null;
  /** Dates of other rules that the same examination answers and that have no item of their own, each `RULE@DUE`. */
  readonly alsoFor: readonly string[];
  /** True when hospital or clinician chose an interval outside the text's. */
  readonly deviates: boolean;
}

export type ItemStatus = 'before_enrolment' | 'missed' | 'overdue' | 'due' | 'upcoming' | 'completed';

/** What decides an item's status, whether freshly planned or stored. */
export interface ItemDates {
  readonly due: CalendarDate;
  readonly overdue: CalendarDate;
  readonly missedOn: CalendarDate | null;
  readonly beforeEnrolment: boolean;
  readonly completedOn: CalendarDate | null;
}

/** How an item stands on `day`. */
export function statusOn(day: CalendarDate, item: ItemDates): ItemStatus {
  if (item.completedOn !== null) return 'completed';
  if (item.beforeEnrolment) return 'before_enrolment';
  if (item.missedOn !== null && day >= item.missedOn) return 'missed';
  if (day >= item.overdue) return 'overdue';
  return day >= item.due ? 'due' : 'upcoming';
}

/** `overdue` of an item that is never late: no day is later, so that every comparison of dates holds. */
export const NEVER = calendarDate('9999-12-31');

/** The first late day of an item that is missed from `missedOn` on. */
export const overdueUntil = (overdue: CalendarDate, missedOn: CalendarDate): CalendarDate =>
  overdue === NEVER ? NEVER : earlier(overdue, missedOn);

export const earlier = (a: CalendarDate, b: CalendarDate): CalendarDate => (a < b ? a : b);
export const later = (a: CalendarDate, b: CalendarDate): CalendarDate => (a > b ? a : b);
/** Of items that cover nothing and stand for no other: one list for all of them. */
export const NONE: readonly never[] = [];

export const dayAfter = (date: CalendarDate): CalendarDate => addDays(date, 1);

/** The activity of a rule's slot: where there are several, they take turns. */
export const activityOf = ({ activity }: Rule, sequence: number): ActivityCode =>
  typeof activity === 'string' ? activity : (activity[(sequence - 1) % activity.length] ?? activity[0]);

/** Every activity that the rule may ask for. */
export const activitiesOf = ({ activity }: Rule): readonly ActivityCode[] =>
  typeof activity === 'string' ? [activity] : activity;
