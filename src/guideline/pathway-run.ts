import type { CalendarDate } from './calendar.js';
import { byTime, type ClinicalFact, matches } from './facts.js';
import type { Guideline, Pathway } from './guideline.js';

/** One stretch of follow-up: from the clock's date until the day before `end`. */
export interface PathwayRun {
  readonly pathway: Pathway;
  readonly clock: ClinicalFact;
  readonly start: CalendarDate;
  /** The first day on which nothing of it stays open; null while it runs. */
  readonly end: CalendarDate | null;
  readonly endedBy: ClinicalFact | null;
}

/** Every run of every pathway, in the order of the clocks. A second clock on one day is the first one told twice. */
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

/** Whether `day` falls into the run. */
export const isOn = ({ start, end }: PathwayRun, day: CalendarDate): boolean =>
  start <= day && (end === null || day < end);

/** Whether an examination on `day` may belong to the run: its last day counts, for what was found then may have ended it. */
export const isWithin = ({ start, end }: PathwayRun, day: CalendarDate): boolean =>
  start <= day && (end === null || day <= end);

/** The run among `ids` that `day` falls into. */
export function runOn(
  runs: readonly PathwayRun[],
  ids: readonly string[],
  day: CalendarDate,
): PathwayRun | undefined {
  return runs.find((run) => ids.includes(run.pathway.id) && isOn(run, day));
}
