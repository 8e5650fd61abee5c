import { addDays, type CalendarDate, fromDayNumber } from './calendar.js';
import type { ClinicalFact } from './facts.js';
import type { Choices, Period, PeriodOrRange, RecurringRule } from './guideline.js';
import { isOn, isWithin, type PathwayRun } from './pathway-run.js';
import { dayAt, longEnd, NO_TIME, type Offset, offsetOf, plus, shortEnd } from './period.js';
import { dayAfter, earlier, later, type PlannedItem, slotKey, toleranceDays } from './slot.js';

const chosenInterval = (every: PeriodOrRange, { profile }: Choices): Period =>
  profile === 'intensive' ? shortEnd(every) : longEnd(every);

const chosenDuration = (until: PeriodOrRange, { profile }: Choices): Period =>
  profile === 'intensive' ? longEnd(until) : shortEnd(until);

interface GridDate {
  readonly due: CalendarDate;
  readonly phase: number;
  readonly every: PeriodOrRange;
  readonly chosen: Period;
}

/** The dates of the rule's grid, each counted from the clock in one step; ends with the last phase, or never. */
function* grid(rule: RecurringRule, start: CalendarDate, choices: Choices): Generator<GridDate, undefined> {
  let offset: Offset = NO_TIME;
  for (const [phase, { every, until }] of rule.phases.entries()) {
    const chosen = chosenInterval(every, choices);
    const step = offsetOf(chosen);
    const lastDay = until === undefined ? Infinity : dayAt(start, offsetOf(chosenDuration(until, choices)));
    for (let next = plus(offset, step); dayAt(start, next) <= lastDay; next = plus(next, step)) {
      offset = next;
      yield { due: fromDayNumber(dayAt(start, next)), phase, every, chosen };
    }
  }
}

const DAYS_IN_MONTH = 30.4375;

function toleranceOf({ chosen }: GridDate): number {
  const { months, days } = offsetOf(chosen);
  return toleranceDays(months + days / DAYS_IN_MONTH);
}

/** First day on which the examination counts for this slot: a range opens at its short end, both with the tolerance. */
function opens(slot: GridDate, previousDue: CalendarDate): CalendarDate {
  const shortest = fromDayNumber(dayAt(previousDue, offsetOf(shortEnd(slot.every))));
  return later(addDays(earlier(slot.due, shortest), -toleranceOf(slot)), dayAfter(previousDue));
}

/** First late day: past the range's long end since the last one done, or past a fixed date's tolerance. */
function lateFrom(slot: GridDate, lastDone: CalendarDate): CalendarDate {
  if (typeof slot.every === 'string') return addDays(slot.due, toleranceOf(slot) + 1);
  const longest = fromDayNumber(dayAt(lastDone, offsetOf(longEnd(slot.every))));
  return later(dayAfter(longest), dayAfter(slot.due));
}

interface Slot extends GridDate {
  readonly key: string;
  readonly sequence: number;
  readonly earliest: CalendarDate;
  /** The day the next slot opens; null when there is no next one. */
  readonly closes: CalendarDate | null;
}

function slotsOf(rule: RecurringRule, run: PathwayRun, choices: Choices, until: CalendarDate): Slot[] {
  const slots: Slot[] = [];
  const dates = grid(rule, run.start, choices);
  let date = dates.next().value;
  let earliest = date && opens(date, run.start);
  while (date && earliest && date.due <= until && (run.end === null || earliest < run.end)) {
    const next = dates.next().value;
    const closes = next ? opens(next, date.due) : null;
    const sequence = slots.length + 1;
    slots.push({ ...date, key: slotKey(rule, run.start, sequence), sequence, earliest, closes });
    [date, earliest] = [next, closes ?? undefined];
  }
  return slots;
}

/**
 * The examination recorded for this slot, else the first of the run whose date its window holds. `forDue`
 * is the due date that a person named when recording it; one that no slot has says nothing.
 */
function fulfilmentOf(
  slot: Slot,
  exams: readonly ClinicalFact[],
  slots: readonly Slot[],
  run: PathwayRun,
): ClinicalFact | undefined {
  const named = exams.find(
    ({ date, forDue }) => forDue === slot.due && (isWithin(run, date) || isOn(run, slot.due)),
  );
  if (named) return named;
  return exams.find(
    ({ date, forDue }) =>
      isWithin(run, date) &&
      date >= slot.earliest &&
      (slot.closes === null || date < slot.closes) &&
      !slots.some(({ due }) => due === forDue),
  );
}

/**
 * The rule's slots on one run of its pathway, due up to `until`. What falls due on or after the run's
 * end is left out, unless it was done by then.
 */
export function recurringItems(
  rule: RecurringRule,
  run: PathwayRun,
  recorded: readonly ClinicalFact[],
  choices: Choices,
  until: CalendarDate,
): PlannedItem[] {
  const exams = recorded.filter(({ date }) => date >= run.start);
  const slots = slotsOf(rule, run, choices, until);
  const items: PlannedItem[] = [];
  for (const slot of slots) {
    const exam = fulfilmentOf(slot, exams, slots, run);
    if (exam || run.end === null || slot.due < run.end) {
      const lastDone = exams.findLast(({ date }) => date < slot.earliest)?.date ?? run.start;
      items.push(itemOf(rule, run, slot, exam, lastDone));
    }
  }
  return items;
}

function itemOf(
  rule: RecurringRule,
  run: PathwayRun,
  slot: Slot,
  exam: ClinicalFact | undefined,
  lastDone: CalendarDate,
): PlannedItem {
  const { key, sequence, phase, earliest, due, closes } = slot;
  const late = lateFrom(slot, lastDone);
  const missedOn = closes !== null && run.end !== null ? earlier(closes, run.end) : (closes ?? run.end);
  return {
    key,
    pathway: run.pathway.id,
    rule: rule.id,
    activity: rule.activity,
    covers: [],
    sequence,
    phase,
    section: rule.section,
    evidence: rule.phases[phase]?.evidence ?? null,
    grade: rule.phases[phase]?.grade ?? null,
    measuredFrom: run.start,
    earliest,
    due,
    overdue: closes === null ? late : earlier(late, closes),
    missedOn: exam ? null : missedOn,
    beforeEnrolment: false,
    completedOn: exam?.date ?? null,
    completedBy: exam?.id ?? null,
    projected: false,
  };
}
