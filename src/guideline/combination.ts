import { type CalendarDate, order } from './calendar.js';
import { BY_HAND } from './by-hand.js';
import type { ActivityCode, Rule } from './guideline.js';
import { type PlanningCase, ruleEnd } from './planning-case.js';
import { dayAfter, earlier, later, overdueUntil, type PlannedItem } from './planned-item.js';

/**
 * Combines the items of all rules to one plan: no item after a rule's end, one item for what one exam covers, one
 * live item per activity, no late item from before enrolment.
 */
export function combine(
  planned: readonly (readonly [Rule, readonly PlannedItem[]])[],
  byHand: readonly PlannedItem[],
  enrolledOn: CalendarDate,
  given: PlanningCase,
): PlannedItem[] {
  const items: PlannedItem[] = []; // pushed: flatMap takes a fifth of the planner's time
  for (const [rule, its] of planned) items.push(...enrolled(rule, ended(rule, its, given), enrolledOn));
  items.push(...byHand);
  return oneLive(coverSameDay(given.guideline.covers, items).sort(byDueDate), given);
}

/** Removes items that would fall due after the rule's end; an open item from before is missed on that day. */
function ended(rule: Rule, items: readonly PlannedItem[], given: PlanningCase): readonly PlannedItem[] {
  const end = ruleEnd(rule, given);
  if (end === null) return items;
  return items
    .filter(({ due, completedOn }) => due < end || completedOn !== null)
    .map((item) =>
      item.completedOn === null ? { ...item, missedOn: earlier(item.missedOn ?? end, end) } : item,
    );
}

/**
 * A grid date from before enrolment is never late, because the hospital was not responsible for it. An open chain
 * still waits for its exam, and a finding for its answer.
 */
function enrolled(
  rule: Rule,
  items: readonly PlannedItem[],
  enrolledOn: CalendarDate,
): readonly PlannedItem[] {
  const [first] = items;
  if (first === undefined || first.due >= enrolledOn) return items;
  const isGrid = rule.kind === 'recurring' && rule.anchor === 'grid';
  return items.map((item) => {
    if (item.due >= enrolledOn || item.completedOn !== null) return item;
    const waits = !isGrid && (item.missedOn === null || item.missedOn > enrolledOn);
    return waits ? item : { ...item, beforeEnrolment: true };
  });
}

/** The grid date of an item, also where a range moved its due date forward. */
const gridDay = ({ movedFrom, due }: PlannedItem): CalendarDate => movedFrom ?? due;

/** The items of these activities by due date and, if it differs, by grid date. */
function byDay(
  activities: ReadonlySet<ActivityCode>,
  items: readonly PlannedItem[],
): Map<CalendarDate, PlannedItem[]> {
  const days = new Map<CalendarDate, PlannedItem[]>();
  for (const item of items) {
    if (!activities.has(item.activity)) continue;
    addTo(days, item.due, item);
    if (item.movedFrom !== null) addTo(days, item.movedFrom, item);
  }
  return days;
}

function addTo(days: Map<CalendarDate, PlannedItem[]>, day: CalendarDate, item: PlannedItem): void {
  const those = days.get(day);
  if (those) those.push(item);
  else days.set(day, [item]);
}

/**
 * Merges an item into the item of the same day whose activity includes it, unless the first would still be open when
 * the second is done or overtaken. Two items of one grid date stay together where a range moved one of them forward
 * and both windows contain the earlier day: then both are due on that day.
 */
function coverSameDay(covers: Covers, items: PlannedItem[]): PlannedItem[] {
  const candidates = byDay(coverable(covers), items);
  if (candidates.size === 0) return items;
  const covered = new Set<PlannedItem>();
  const covering = items.map((item) => {
    const activities = covers[item.activity];
    if (!activities) return item;
    const near = nearby(item, candidates);
    if (near === undefined) return item;
    const included = near.filter(
      (other) => activities.includes(other.activity) && !outlives(other, item) && belongTogether(other, item),
    );
    for (const other of included) covered.add(other);
    return included.length === 0 ? item : joined(item, included);
  });
  return covering.filter((_, index) => !covered.has(items[index] as PlannedItem));
}

type Covers = Readonly<Record<ActivityCode, readonly ActivityCode[]>>;

/** Computed once for each guideline, like `waitingRules`. */
const coverableOf = new WeakMap<Covers, ReadonlySet<ActivityCode>>();

/** The activities that another activity includes. */
function coverable(covers: Covers): ReadonlySet<ActivityCode> {
  const known = coverableOf.get(covers) ?? new Set(Object.values(covers).flat());
  coverableOf.set(covers, known);
  return known;
}

/** The candidates on the item's due date and on its grid date; undefined: none. */
function nearby(
  { due, movedFrom }: PlannedItem,
  candidates: ReadonlyMap<CalendarDate, readonly PlannedItem[]>,
): readonly PlannedItem[] | undefined {
  const ofDay = candidates.get(due);
  const ofGrid = movedFrom === null ? undefined : candidates.get(movedFrom);
  return ofDay && ofGrid ? [...new Set([...ofDay, ...ofGrid])] : (ofDay ?? ofGrid);
}

function belongTogether(a: PlannedItem, b: PlannedItem): boolean {
  if (a.due === b.due) return true;
  const day = earlier(a.due, b.due);
  return (
    gridDay(a) === gridDay(b) && [a, b].every(({ earliest, overdue }) => day >= earliest && day < overdue)
  );
}

/** One item for both, with the window in which one exam is right for all of them, done or not. */
function joined(item: PlannedItem, included: readonly PlannedItem[]): PlannedItem {
  let due = item.due;
  const covers: ActivityCode[] = [];
  for (const other of included) {
    due = earlier(due, other.due);
    if (!covers.includes(other.activity)) covers.push(other.activity);
  }
  const movedFrom = due < item.due ? (item.movedFrom ?? item.due) : item.movedFrom;
  return { ...item, ...shared(item, included), due, movedFrom, covers };
}

function outlives(other: PlannedItem, item: PlannedItem): boolean {
  if (other.completedOn !== null) return false;
  if (item.completedOn !== null) return true;
  return item.missedOn !== null && (other.missedOn === null || other.missedOn > item.missedOn);
}

/** The intersection of the windows: the latest opening, the first late day. */
function shared(
  item: PlannedItem,
  others: readonly PlannedItem[],
): Pick<PlannedItem, 'earliest' | 'overdue'> {
  let { earliest, overdue } = item;
  for (const other of others) {
    earliest = later(earliest, other.earliest);
    overdue = earlier(overdue, other.overdue);
  }
  return { earliest, overdue };
}

const waitsForPeople = ({ completedOn, beforeEnrolment, projected }: PlannedItem): boolean =>
  completedOn === null && !beforeEnrolment && !projected;

const waitingOf = new WeakMap<readonly Rule[], ReadonlySet<string>>();

/**
 * The rules whose items stay open until they are done: those after findings, and items added by hand. Routine items
 * do not overtake them.
 */
export function waitingRules({ guideline: { rules } }: PlanningCase): ReadonlySet<string> {
  const ids = (): string[] => rules.filter(({ kind }) => kind === 'after-finding').map(({ id }) => id);
  const known = waitingOf.get(rules) ?? new Set([BY_HAND, ...ids()]);
  waitingOf.set(rules, known);
  return known;
}

/** One item for two that the same exam answers, with the reasons of both. */
const coversBoth = (item: PlannedItem, other: PlannedItem): PlannedItem => ({
  ...item,
  overdue: other.due < item.due ? item.overdue : earlier(item.overdue, other.overdue),
  alsoFor: [...item.alsoFor, `${other.rule}@${other.due}`, ...other.alsoFor],
});

/**
 * Where several rules plan the same activity, one of their items is live. The next item overtakes the previous one,
 * like the grid dates of one rule: from the day on which its window opens, and at the latest on its due date. Of two
 * items due on one day, the one that stays open longer replaces both. An item of a waiting rule replaces every other
 * item that is open together with it on the day of planning. Processes the items in the order of their due dates.
 */
function oneLive(items: PlannedItem[], given: PlanningCase): PlannedItem[] {
  const contested = contestedActivities(items);
  if (contested.size === 0) return items;
  const live: (PlannedItem | null)[] = [...items];
  const asking = new Map<ActivityCode, number>();
  const open = new Map<ActivityCode, number>();
  const behind = new Set<number>();
  const waits = waitingRules(given);
  for (const [index, item] of items.entries()) {
    if (!contested.has(item.activity) || !waitsForPeople(item)) continue;
    const asked = asking.get(item.activity);
    const isAsking = waits.has(item.rule);
    if (asked !== undefined && isOpenToday(live[asked], given)) {
      if (standBehind(live, asked, index, given)) continue;
      if (!isAsking) continue;
    }
    if (asked !== undefined && isWaitingFor(live[asked], item)) behind.add(index);
    const before = open.get(item.activity);
    const isContest = before !== undefined && isWaitingFor(live[before], item);
    if (isAsking) {
      asking.set(item.activity, index);
      // An item merged into a finding's item is merged into the item that replaces it.
      const isBehind = isContest && (behind.has(before) || live[before]?.due === item.due);
      if (isBehind) standBehind(live, index, before, given);
      else if (isContest) overtake(live, before, item);
    } else if (!isContest || settle(live, before, index) === index) {
      open.set(item.activity, index);
    }
  }
  return live.filter((item) => item !== null);
}

type Live = (PlannedItem | null)[];

const isOpenToday = (item: PlannedItem | null | undefined, { asOf }: PlanningCase): item is PlannedItem =>
  item != null && item.earliest <= asOf && (item.missedOn === null || item.missedOn > asOf);

/** Whether `waiting` belongs to another rule and is still open when the window of `item` opens. */
const isWaitingFor = (waiting: PlannedItem | null | undefined, item: PlannedItem): boolean =>
  waiting != null &&
  waiting.rule !== item.rule &&
  (waiting.missedOn === null || waiting.missedOn > item.earliest);

/** Merges another rule's item into a waiting rule's item if both are open today; returns whether it did. */
function standBehind(live: Live, first: number, other: number, given: PlanningCase): boolean {
  const [item, behind] = [live[first], live[other]];
  if (!isOpenToday(item, given) || !isOpenToday(behind, given) || item.rule === behind.rule) return false;
  live[first] = coversBoth(item, behind);
  live[other] = null;
  return true;
}

/**
 * Makes the previous item missed from the day on which the next one opens, at the earliest the day after its due
 * date.
 */
function overtake(live: Live, before: number, next: PlannedItem): void {
  const waiting = live[before];
  if (!waiting) return;
  const overtaken = later(next.earliest, dayAfter(waiting.due));
  const missedOn = earlier(waiting.missedOn ?? overtaken, overtaken);
  live[before] = { ...waiting, missedOn, overdue: overdueUntil(waiting.overdue, missedOn) };
}

/** Decides which of two open items is live; returns its index. */
function settle(live: Live, before: number, index: number): number {
  const [waiting, item] = [live[before], live[index]];
  if (!waiting || !item) return index;
  if (waiting.due < item.due) {
    overtake(live, before, item);
    return index;
  }
  const [stays, goes] = outlives(waiting, item) ? [before, index] : [index, before];
  const [staying, going] = stays === before ? [waiting, item] : [item, waiting];
  live[stays] = { ...coversBoth(staying, going), ...shared(staying, [going]) };
  live[goes] = null;
  return stays;
}

/** The activities that more than one rule plans. */
function contestedActivities(items: readonly PlannedItem[]): Set<ActivityCode> {
  const rules = new Map<ActivityCode, string>();
  const contested = new Set<ActivityCode>();
  for (const { activity, rule } of items) {
    const before = rules.get(activity);
    if (before === undefined) rules.set(activity, rule);
    else if (before !== rule) contested.add(activity);
  }
  return contested;
}

function byDueDate(a: PlannedItem, b: PlannedItem): number {
  if (a.due !== b.due) return a.due < b.due ? -1 : 1;
  return order(a.activity, b.activity) || order(a.key, b.key);
}
