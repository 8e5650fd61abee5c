import {
  type CalendarDate,
  type Clock,
  clockOf,
  type DayNumber,
  fromDayNumber,
  toDayNumber,
} from './calendar.js';
import type { ClinicalFact } from './facts.js';
import { type Choices, toleranceDays } from './choices.js';
import type { Period, PeriodOrRange, RecurringRule } from './guideline.js';
import { isOn, isWithin, type PathwayRun } from './pathway-run.js';
import { after, longEnd, NO_TIME, offsetOf, plus, shortEnd } from './period.js';
import { earlier, type PlannedItem, slotKey } from './slot.js';

const chosenInterval = (every: PeriodOrRange, { profile }: Choices): Period =>
  profile === 'intensive' ? shortEnd(every) : longEnd(every);

const chosenDuration = (until: PeriodOrRange, { profile }: Choices): Period =>
  profile === 'intensive' ? longEnd(until) : shortEnd(until);

/** One date of the grid, in day numbers. */
interface GridDate {
  readonly due: DayNumber;
  /** First day on which the examination counts for it. */
  readonly opens: DayNumber;
  readonly phase: number;
  readonly tolerance: number;
}

const DAYS_IN_MONTH = 30.4375;

/**
 * The dates of the rule's grid, each counted from the clock in one step, up to the first one after `until`,
 * whose opening closes the last slot. A range opens at its short end, both with the tolerance.
 */
function grid(rule: RecurringRule, start: CalendarDate, choices: Choices, until: DayNumber): GridDate[] {
  const clock = clockOf(start);
  const dates: GridDate[] = [];
  let offset = NO_TIME;
  let previous = after(clock, offset);
  for (const [phase, { every, until: duration }] of rule.phases.entries()) {
    const step = offsetOf(chosenInterval(every, choices));
    const shortest = offsetOf(shortEnd(every));
    const tolerance = toleranceDays(step.months + step.days / DAYS_IN_MONTH, choices);
    const lastDay =
      duration === undefined ? Infinity : after(clock, offsetOf(chosenDuration(duration, choices)));
    for (let next = plus(offset, step); after(clock, next) <= lastDay; next = plus(next, step)) {
      const due = after(clock, next);
      const opens = Math.min(due, after(clock, plus(offset, shortest))) - tolerance;
      dates.push({ due, opens: Math.max(opens, previous + 1), phase, tolerance });
      if (due > until) return dates;
      offset = next;
      previous = due;
    }
  }
  return dates;
}

interface Slot extends GridDate {
  readonly sequence: number;
  readonly dueDate: CalendarDate;
  readonly earliest: CalendarDate;
  /** The day the next slot opens; null when there is no next one. */
  readonly closes: CalendarDate | null;
}

/** The slots of one plan by the phases they were drawn from: rules of one sentence share them. */
export type SlotsByPhases = Map<
  RecurringRule['phases'],
  { readonly run: PathwayRun; readonly slots: readonly Slot[] }
>;

function sharedSlots(
  rule: RecurringRule,
  run: PathwayRun,
  choices: Choices,
  until: CalendarDate,
  drawn: SlotsByPhases,
): readonly Slot[] {
  const before = drawn.get(rule.phases);
  if (before?.run === run) return before.slots;
  const slots = slotsOf(rule, run, choices, until);
  drawn.set(rule.phases, { run, slots });
  return slots;
}

function slotsOf(rule: RecurringRule, run: PathwayRun, choices: Choices, until: CalendarDate): Slot[] {
  const horizon = toDayNumber(until);
  const end = run.end === null ? Infinity : toDayNumber(run.end);
  const dates = grid(rule, run.start, choices, horizon);
  const slots: Slot[] = [];
  for (const [index, { due, opens, phase, tolerance }] of dates.entries()) {
    if (due > horizon || opens >= end) break;
    const next = dates[index + 1];
    slots.push({
      due,
      opens,
      phase,
      tolerance,
      sequence: index + 1,
      dueDate: fromDayNumber(due),
      earliest: fromDayNumber(opens),
      closes: next ? fromDayNumber(next.opens) : null,
    });
  }
  return slots;
}

/** First late day: past the range's long end since the last one done, or past a fixed date's tolerance. */
function lateFrom({ due, phase, tolerance }: Slot, rule: RecurringRule, lastDone: Clock): CalendarDate {
  const every = rule.phases[phase]?.every;
  if (every === undefined || typeof every === 'string') return fromDayNumber(due + tolerance + 1);
  return fromDayNumber(Math.max(after(lastDone, offsetOf(longEnd(every))), due) + 1);
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
    ({ date, forDue }) => forDue === slot.dueDate && (isWithin(run, date) || isOn(run, slot.dueDate)),
  );
  if (named) return named;
  return exams.find(
    ({ date, forDue }) =>
      isWithin(run, date) &&
      date >= slot.earliest &&
      (slot.closes === null || date < slot.closes) &&
      !slots.some(({ dueDate }) => dueDate === forDue),
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
  drawn: SlotsByPhases,
): PlannedItem[] {
  const exams = recorded.filter(({ date }) => date >= run.start); // in the order of time
  const slots = sharedSlots(rule, run, choices, until, drawn);
  const items: PlannedItem[] = [];
  let lastDone = clockOf(run.start);
  let judged = 0;
  for (const slot of slots) {
    for (let exam = exams[judged]; exam && exam.date < slot.earliest; exam = exams[++judged])
      lastDone = clockOf(exam.date);
    const exam = fulfilmentOf(slot, exams, slots, run);
    if (exam || run.end === null || slot.dueDate < run.end)
      items.push(itemOf(rule, run, slot, exam, lastDone));
  }
  return items;
}

function itemOf(
  rule: RecurringRule,
  run: PathwayRun,
  slot: Slot,
  exam: ClinicalFact | undefined,
  lastDone: Clock,
): PlannedItem {
  const { sequence, phase, earliest, dueDate, closes } = slot;
  const late = lateFrom(slot, rule, lastDone);
  const missedOn = closes !== null && run.end !== null ? earlier(closes, run.end) : (closes ?? run.end);
  return {
    key: slotKey(rule, run.start, sequence),
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
    due: dueDate,
    overdue: closes === null ? late : earlier(late, closes),
    missedOn: exam ? null : missedOn,
    beforeEnrolment: false,
    completedOn: exam?.date ?? null,
    completedBy: exam?.id ?? null,
    projected: false,
  };
}
