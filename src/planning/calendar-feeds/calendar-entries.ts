import { createHash } from 'node:crypto';
import { addDays, type CalendarDate } from '../../guideline/calendar.js';
import type { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import type { EntryStatus } from './icalendar.js';

/** The days that a feed shows, before and after today. */
export const DAYS_BEFORE = 30;
export const DAYS_AFTER = 400;

/** So long a cancelled entry stays, so that every program that subscribes sees the cancellation. */
export const CANCELLED_DAYS = 90;

/** What an entry shows; a change of any field is a new revision of the event. */
export interface EntryContent {
  readonly itemId: string;
  readonly patientId: string;
  readonly day: CalendarDate;
  readonly status: EntryStatus;
  readonly summary: string;
  readonly description: string;
  readonly location: string | null;
  readonly category: string;
}

/** An entry as the feed has shown it last. */
export interface ShownEntry extends Pick<EntryContent, 'itemId' | 'patientId' | 'day' | 'status'> {
  readonly sequence: number;
  readonly digest: Buffer;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

export type RevisedEntry = EntryContent & Omit<ShownEntry, keyof EntryContent>;

/** Where an item stands in a calendar; null: nothing happens on any day. */
export function placeOf(
  item: Pick<
    SurveillanceItem,
    'state' | 'beforeEnrolment' | 'step' | 'stepOn' | 'stepUntil' | 'due' | 'missedOn' | 'completedOn'
  >,
  today: CalendarDate,
): { readonly day: CalendarDate; readonly status: EntryStatus } | null {
  if (item.state === 'completed')
    return item.completedOn === null ? null : { day: item.completedOn, status: 'CONFIRMED' };
  if (item.state === 'cancelled' || item.beforeEnrolment) return null;
  const isMissed = item.missedOn !== null && item.missedOn <= today;
  switch (item.step) {
    case 'booked':
    case 'attended':
      return { day: item.stepOn ?? item.due, status: 'CONFIRMED' };
    case 'declined':
    case 'contraindicated':
      return null;
    case 'deferred':
      return isMissed ? null : { day: item.stepUntil ?? item.due, status: 'TENTATIVE' };
    case 'not_attended':
    case null:
      return isMissed ? null : { day: item.due, status: 'TENTATIVE' };
  }
}

export const isShownOn = (day: CalendarDate, today: CalendarDate): boolean =>
  day >= addDays(today, -DAYS_BEFORE) && day <= addDays(today, DAYS_AFTER);

const digestOf = ({ day, status, summary, description, location, category }: EntryContent): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([day, status, summary, description, location, category]))
    .digest();

const MINUTE_MS = 60_000;
const EPOCH = Date.UTC(2020, 0, 1);

/**
 * The number of an event that the feed has no record of: minutes since 2020. An event that left the feed long ago and
 * returns has therefore a higher number than before, although its record is deleted.
 */
export const firstSequence = (now: Date): number => Math.floor((now.getTime() - EPOCH) / MINUTE_MS);

/** The entry with the number and the instants of its current revision. */
export function revised(content: EntryContent, shown: ShownEntry | undefined, now: Date): RevisedEntry {
  const digest = digestOf(content);
  if (shown === undefined)
    return { ...content, digest, sequence: firstSequence(now), createdAt: now, changedAt: now };
  const { createdAt, changedAt, sequence } = shown;
  return shown.digest.equals(digest)
    ? { ...content, digest, sequence, createdAt, changedAt }
    : { ...content, digest, sequence: sequence + 1, createdAt, changedAt: now };
}

/** Whether a cancelled entry has stayed long enough. */
export const isForgotten = (
  { status, changedAt }: Pick<RevisedEntry, 'status' | 'changedAt'>,
  now: Date,
): boolean => status === 'CANCELLED' && now.getTime() - changedAt.getTime() > CANCELLED_DAYS * 86_400_000;
