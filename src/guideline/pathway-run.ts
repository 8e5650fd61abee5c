import type { CalendarDate } from './calendar.js';
import { byTime, type ClinicalFact, matches } from './facts.js';
import type { Guideline, Pathway } from './guideline.js';

/** One period of follow-up: from the clock's date until the day before `end`. */
export interface PathwayRun {
  readonly pathway: Pathway;
  readonly clock: ClinicalFact;
  readonly start: CalendarDate;
  /** The first day on which no item of the run stays open; null while it runs. */
  readonly end: CalendarDate | null;
  readonly endedBy: ClinicalFact | null;
}

/**
 * Every run of every pathway, in the order of the clocks. A second clock on one day is a repeated record of the
 * first.
 */
export function pathwayRuns(guideline: Guideline, inTime: readonly ClinicalFact[]): PathwayRun[] {
  return guideline.pathways
    .flatMap((pathway) => runsOf(pathway, inTime))
    .sort((a, b) => byTime(a.clock, b.clock));
}

function runsOf(pathway: Pathway, inTime: readonly ClinicalFact[]): PathwayRun[] {
  const runs: PathwayRun[] = [];
  inTime.forEach((clock, index) => {
    if (!matches(clock, pathway.clock) || runs.at(-1)?.start === clock.date) return;
    const later = inTime.slice(index + 1);
    const endedBy =
      later.find(
        (fact) =>
          (pathway.endedBy.includes(fact.type) || matches(fact, pathway.clock)) &&
          (fact.type !== clock.type || fact.date > clock.date),
      ) ?? null;
    runs.push({ pathway, clock, start: clock.date, end: endedBy?.date ?? null, endedBy });
  });
  return runs;
}

/** Whether `day` lies within the run. */
export const isOn = ({ start, end }: PathwayRun, day: CalendarDate): boolean =>
  start <= day && (end === null || day < end);

/**
 * Whether an exam on `day` may belong to the run. Its last day counts, because a finding of that day may have ended
 * it.
 */
export const isWithin = ({ start, end }: PathwayRun, day: CalendarDate): boolean =>
  start <= day && (end === null || day <= end);

/** The run among `ids` that contains `day`. */
export function runOn(
  runs: readonly PathwayRun[],
  ids: readonly string[],
  day: CalendarDate,
): PathwayRun | undefined {
  return runs.find((run) => ids.includes(run.pathway.id) && isOn(run, day));
}
