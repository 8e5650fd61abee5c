import type { ItemOfRow } from '../calls/lists.js';
import type { Tone } from '../parts/chip.js';
import { daysFrom } from '../words/dates.js';

/** How the due date of an item lies to today. */
export type Urgency =
  | { readonly kind: 'overdue' | 'dueSince' | 'dueIn'; readonly days: number }
  | { readonly kind: 'dueToday' | 'missed' };

/** `overdue` is the first late day, so on that day the item is late by one day. */
export function urgencyOf(
  { status, due, overdue }: Pick<ItemOfRow, 'status' | 'due' | 'overdue'>,
  today: string,
): Urgency {
  if (status === 'missed') return { kind: 'missed' };
  if (status === 'overdue') return { kind: 'overdue', days: daysFrom(overdue, today) + 1 };
  const days = daysFrom(today, due);
  if (days === 0) return { kind: 'dueToday' };
  return days > 0 ? { kind: 'dueIn', days } : { kind: 'dueSince', days: -days };
}

export const toneOf = ({ kind }: Urgency): Tone => {
  if (kind === 'overdue' || kind === 'missed') return 'late';
  return kind === 'dueToday' || kind === 'dueSince' ? 'warning' : 'plain';
};

/** Of the items that put a patient on the list, the one that is due first. */
export const firstInList = (items: readonly ItemOfRow[]): ItemOfRow | undefined =>
  items.find(({ inList }) => inList) ?? items[0];
