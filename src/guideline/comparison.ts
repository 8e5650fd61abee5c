import type { CalendarDate } from './calendar.js';
import type { PlannedItem } from './slot.js';

/** What a change does to one item of a plan. */
export interface ItemChange {
  readonly change: 'kept' | 'moved' | 'cancelled' | 'added';
  /** The item as it stands; null for an added one. */
  readonly before: PlannedItem | null;
  /** The item as it would stand; null for a cancelled one. */
  readonly after: PlannedItem | null;
}

/**
 * What becomes of each item when the plan `before` gives way to `after`, in the order of their due dates. The
 * slots are told by their keys; moved is one whose window changes. What is done is never cancelled: it stays on record.
 */
export function comparePlans(before: readonly PlannedItem[], after: readonly PlannedItem[]): ItemChange[] {
  const byKey = new Map(before.map((item) => [item.key, item]));
  const changes = after.map((item): ItemChange => {
    const old = byKey.get(item.key) ?? null;
    byKey.delete(item.key);
    return {
      change: old === null ? 'added' : sameWindow(old, item) ? 'kept' : 'moved',
      before: old,
      after: item,
    };
  });
  for (const item of byKey.values())
    changes.push(
      item.completedOn === null
        ? { change: 'cancelled', before: item, after: null }
        : { change: 'kept', before: item, after: item },
    );
  return changes.sort((a, b) => (dueOf(a) < dueOf(b) ? -1 : dueOf(a) > dueOf(b) ? 1 : 0));
}

const sameWindow = (a: PlannedItem, b: PlannedItem): boolean =>
  a.earliest === b.earliest && a.due === b.due && a.overdue === b.overdue;

const dueOf = ({ before, after }: ItemChange): CalendarDate => (after ?? before)?.due ?? ('' as CalendarDate);
