import { type CalendarDate, order } from './calendar.js';
import type { ActivityCode } from './guideline.js';
import type { PlannedItem } from './planned-item.js';

interface Slotted {
  readonly key: string;
  readonly activity: ActivityCode;
  readonly due: CalendarDate;
}

/**
 * Which item of before each item of after is: the one with its key, else one that asks for the same activity on
 * the same day, so that another rule or guideline asking for the same thing changes nothing. `isOpenTo` says
 * which may be taken for that. `left` are those that none of after is.
 */
export function pairItems<B extends Slotted, A extends Slotted>(
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
  const bySlot = new Map<string, B>();
  if (paired.size < after.length)
    for (const item of byKey.values()) if (isOpenTo(item)) bySlot.set(slotOf(item), item);
  for (const item of bySlot.size === 0 ? [] : after) {
    if (paired.has(item)) continue;
    const same = bySlot.get(slotOf(item));
    if (same === undefined) continue;
    paired.set(item, same);
    bySlot.delete(slotOf(item));
    byKey.delete(same.key);
  }
  return { pairs: after.map((item) => [paired.get(item) ?? null, item]), left: [...byKey.values()] };
}

const slotOf = ({ activity, due }: Slotted): string => `${activity} ${due}`;

/** What a change does to one item of a plan. */
export interface ItemChange {
  readonly change: 'kept' | 'moved' | 'cancelled' | 'added';
  /** The item as it stands; null for an added one. */
  readonly before: PlannedItem | null;
  /** The item as it would stand; null for a cancelled one. */
  readonly after: PlannedItem | null;
}

/**
 * What becomes of each item when the plan `before` gives way to `after`, in the order of their due dates.
 * Moved is one whose window changes. What is done is never cancelled: it stays on record.
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
