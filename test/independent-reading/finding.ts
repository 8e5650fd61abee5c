import { type Day, dayOf, NEVER } from './days.js';
import type { Item, Situation } from './item.js';
import { type Run, runsOn } from './pathways.js';

/** An MRI that a suspicious finding requires. */
export interface Finding {
  readonly day: Day;
  /** The day on which its pathway ends, and with it the item. */
  readonly end: Day;
  /** The day of the next finding on that pathway, which replaces this one. */
  readonly placeTaken: Day;
  /** The day of the first MRI from then on. */
  readonly answered: Day;
}

const ASKED_BY = ['liver_ultrasound', 'ct_abdomen_pelvis', 'ct_chest_abdomen_pelvis'];
const WINDOW = 14;

export const mriDays = ({ events }: Situation): Day[] =>
  events
    .filter(({ type, activity }) => type === 'exam' && activity === 'mri_liver')
    .map(({ date }) => dayOf(date))
    .sort((a, b) => a - b);

/**
 * The findings that require an MRI, two of one day as one (docs/guideline-reading.md: "Of two due on one day, one
 * stands for both"). An MRI of the same day answers; an MRI on the day on which the pathway ends was done.
 */
export function findingsOf(situation: Situation, runs: readonly Run[]): Finding[] {
  // While a pathway of 1.3 or 1.4 runs, a finding requires an MRI, even if conversion therapy was recorded meanwhile:
  // the safe side.
  const followUp = runs.filter(({ pathway }) => pathway !== 'crlm_conversion');
  const days = situation.events
    .filter(({ type, activity }) => type === 'exam' && ASKED_BY.includes(activity as string))
    .filter(({ outcome }) => outcome === 'suspicious' || outcome === 'inconclusive')
    .map(({ date }) => dayOf(date))
    .filter((day) => runsOn(followUp, day));
  const found = [...new Set(days)].sort((a, b) => a - b);
  const images = mriDays(situation);
  return found.map((day) => {
    const end = Math.max(
      ...followUp.filter((run) => run.start <= day && day < run.end).map((run) => run.end),
    );
    return {
      day,
      end,
      placeTaken: found.find((other) => other > day && other < end) ?? NEVER,
      answered: images.find((image) => image >= day && image <= end) ?? NEVER,
    };
  });
}

export const isOpen = ({ day, end, placeTaken, answered }: Finding, asOf: Day): boolean =>
  day <= asOf && answered > asOf && end > asOf && placeTaken > asOf;

/** The days of MRIs that answered a finding. */
export const answering = (findings: readonly Finding[]): Set<Day> =>
  new Set(findings.map(({ answered }) => answered));

/**
 * The items of these findings. An item with a merged routine MRI that is due no sooner is late when either is: "the
 * more urgent one".
 */
export function findingItems(
  findings: readonly Finding[],
  behind: readonly Item[],
  { asOf, enrolledOn }: Situation,
): Item[] {
  return findings.map((finding) => {
    const { day, answered, placeTaken, end } = finding;
    const sooner = isOpen(finding, asOf) ? behind.filter(({ due }) => due >= day) : [];
    const overdue = Math.min(day + WINDOW + 1, ...sooner.map((routine) => routine.overdue));
    let status;
    if (answered < NEVER) status = 'completed';
    else if (isOpen(finding, asOf)) status = asOf < overdue ? 'due' : 'overdue';
    // It stays live after enrolment, so the hospital was responsible unless it had ended by then.
    else status = Math.min(placeTaken, end) <= enrolledOn && day < enrolledOn ? 'before_enrolment' : 'missed';
    return {
      ...{ rule: 'suspicious_finding_mri', activity: 'mri_liver', covers: [] },
      ...{ earliest: day, due: day, overdue, status },
    };
  });
}
