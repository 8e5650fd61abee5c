import type { CalendarDate } from '../../guideline/calendar.js';
import type { Message } from '../../guideline/message.js';
import { msg } from '../../platform/messages/dictionary.js';
import { yearOf } from '../../work-calendar/work-calendar.js';
import type { PlacedItem, VisitContext } from './visit.js';

interface ReasonedVisit {
  readonly date: CalendarDate;
  readonly items: readonly PlacedItem[];
  /** Whether the patient has an appointment on the day. */
  readonly isBooked?: boolean;
}

/** Why the visit is on that day, the most important reason first. */
export function reasonsFor(
  { date, items, isBooked = false }: ReasonedVisit,
  context: VisitContext,
): Message[] {
  const reasons: Message[] = [];
  const count = items.length;
  const having = (wanted: PlacedItem['placement']): readonly PlacedItem[] =>
    items.filter(({ placement }) => placement === wanted);
  if (isBooked) reasons.push(msg('visit-at-appointment', { date }));
  if (having('late').length > 0) reasons.push(msg('visit-late', { count: having('late').length, date }));
  if (!isBooked && count > 1) reasons.push(msg('visit-together', { count }));
  const inWindow = having('in_window');
  if (!isBooked && count === 1 && inWindow.length === 1)
    reasons.push(msg('visit-nearest', { due: inWindow[0]?.item.due ?? date }));
  for (const due of new Set(inWindow.map(({ item }) => item.due))) {
    const reason = due === date ? undefined : reasonAgainstDueDay(due, items, context);
    if (reason) reasons.push(reason);
  }
  for (const { item } of having('early'))
    reasons.push(msg('visit-early', { earliest: item.earliest, last: item.last ?? item.due }));
  if (context.calendar.isProvisional(yearOf(date)))
    reasons.push(msg('visit-provisional-year', { year: yearOf(date) }));
  return reasons;
}

/** Why the visit is not on the due day of an item, where the calendar or the capacity forbids it. */
function reasonAgainstDueDay(
  due: CalendarDate,
  items: readonly PlacedItem[],
  { today, calendar, capacity }: VisitContext,
): Message | undefined {
  if (due <= today) return undefined;
  if (!calendar.isWorkingDay(due)) {
    const special = calendar.specialDay(due);
    return special
      ? msg('visit-due-on-special-day', { due, name: special.name })
      : msg('visit-due-on-weekend', { due });
  }
  const full = items.some(({ item }) => item.due === due && !capacity.fits(due, item.activity));
  return full ? msg('visit-due-day-full', { due }) : undefined;
}
