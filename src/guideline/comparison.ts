import { type CalendarDate, order } from './calendar.js';
import type { ActivityCode } from './guideline.js';
import type { PlannedItem } from './planned-item.js';

interface Comparable {
  readonly key: string;
  readonly activity: ActivityCode;
  readonly due: CalendarDate;
}

/**
 * Matches the items of two plans: by key, else by activity and due date, so that another rule or guideline with the
 * same item changes nothing. `isOpenTo` decides which items may match by activity and date. `left` contains the items
 * of `before` without a match.
 */
export function pairItems<B extends Comparable, A extends Comparable>(
  before: readonly B[],
  after: readonly A[],
  isOpenTo: (item: B) => boolean = () => true,
): { readonly pairs: readonly (readonly [B | null, A])[]; readonly left: readonly B[] } {
  const byKey = new Map(before.map((item) => [item.key, item]));
  const paired = new Map<A, B>();
  for (const item of after) {
    const same = byKey.get(item.key);
    if (same === undefined) continue;
    paired.set(item, same);
    byKey.delete(item.key);
  }
  const byDueDate = new Map<string, B>();
  if (paired.size < after.length)
    for (const item of byKey.values()) if (isOpenTo(item)) byDueDate.set(activityAndDue(item), item);
  for (const item of byDueDate.size === 0 ? [] : after) {
    if (paired.has(item)) continue;
    const same = byDueDate.get(activityAndDue(item));
    if (same === undefined) continue;
    paired.set(item, same);
    byDueDate.delete(activityAndDue(item));
    byKey.delete(same.key);
  }
  return { pairs: after.map((item) => [paired.get(item) ?? null, item]), left: [...byKey.values()] };
}

const activityAndDue = ({ activity, due }: Comparable): string => `${activity} ${due}`;

/** The effect of a change on one item of a plan. */
export interface ItemChange {
  readonly change: 'kept' | 'moved' | 'cancelled' | 'added';
  /** The current item; null for an added one. */
  readonly before: PlannedItem | null;
  /** The future item; null for a cancelled one. */
  readonly after: PlannedItem | null;
}

/**
 * The difference between the plans `before` and `after`, in the order of due dates. An item is moved when its window
 * changes. A completed item is never cancelled: it stays on record.
 */
export function comparePlans(before: readonly PlannedItem[], after: readonly PlannedItem[]): ItemChange[] {
  const { pairs, left } = pairItems(before, after);
  const changes = pairs.map(([old, item]): ItemChange => {
    if (old === null) return { change: 'added', before: null, after: item };
    return { change: sameWindow(old, item) ? 'kept' : 'moved', before: old, after: item };
  });
  for (const item of left)
    changes.push(
      item.completedOn === null
        ? { change: 'cancelled', before: item, after: null }
        : { change: 'kept', before: item, after: item },
    );
  return changes.sort((a, b) => order(dueOf(a), dueOf(b)));
}

type Windowed = Pick<PlannedItem, 'earliest' | 'due' | 'overdue'>;

export const sameWindow = (a: Windowed, b: Windowed): boolean =>
  a.earliest === b.earliest && a.due === b.due && a.overdue === b.overdue;

const dueOf = ({ before, after }: ItemChange): string => (after ?? before)?.due ?? '';
