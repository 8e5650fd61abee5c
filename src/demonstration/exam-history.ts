import { determinesNextDate, outcomesOf } from '../guideline/activities.js';
import type { CalendarDate } from '../guideline/calendar.js';
import { toDayNumber } from '../guideline/calendar.js';
import type { ClinicalFact } from '../guideline/facts.js';
import type { Guideline } from '../guideline/guideline.js';
import { measurementsOf } from '../guideline/measurements.js';
import type { PlannedItem } from '../guideline/planned-item.js';
import { examFact } from '../guideline/recorded-exam.js';

// Of a hundred items that were due. Exams that determine the next date come first, one after the other: one that was not
// done would be late by years, because nothing replaces it.
const CHAINED_EXAMS_DONE = 100;
const OTHER_EXAMS_DONE = 90;
/** The ward is behind with what was due so recently. */
const RECENT = { days: 30, done: 45 } as const;

/** One patient in this many has values that rise towards the limit. */
const RISING_EVERY = 11;

export const isRising = (patient: number): boolean => patient % RISING_EVERY === 4;

/**
 * The exams that a patient of the demonstration has had by `until`: most of those that were due, on their due date, with the
 * expected outcome and measured values. The same each time. `open` plans with the exams so far.
 */
export function examHistory(
  patient: number,
  open: (events: readonly ClinicalFact[]) => readonly PlannedItem[],
  guideline: Guideline,
  until: CalendarDate,
): readonly ClinicalFact[] {
  const done: ClinicalFact[] = [];
  const isDone = (item: PlannedItem, ofHundred: number): boolean => happens(item, patient, ofHundred, until);
  for (;;) {
    const next = open(done).find(
      ({ activity, projected }) => determinesNextDate(activity, guideline) && !projected,
    );
    if (!next || !isDone(next, CHAINED_EXAMS_DONE)) break;
    done.push(examOf(next, patient, guideline));
  }
  const others = open(done).filter(
    (item) => !determinesNextDate(item.activity, guideline) && isDone(item, OTHER_EXAMS_DONE),
  );
  return [...done, ...others.map((item, at) => examOf(item, patient, guideline, others.length - at))];
}

/** `left`: how many exams follow, the last one being 1; values of a rising patient rise over the last ones. */
function examOf(
  { due, activity }: PlannedItem,
  patient: number,
  guideline: Guideline,
  left = 1,
): ClinicalFact {
  const measurements = measurementsOf(activity, guideline);
  const outcome = outcomesOf(activity, guideline)[0];
  const values = measurements.map(({ code, unit, referenceLimit }, at) => {
    const share =
      at === 0 && isRising(patient) ? risingShare(left) : steadyShare(patient + toDayNumber(due) + at);
    return { code, unit, value: Math.round(referenceLimit.default * share * 10) / 10 };
  });
  const measured = values.length > 0 ? { values } : {};
  return examFact(activity, { date: due, outcome, ...measured }, due, guideline);
}

/** Of the reference limit: between a quarter and a half. */
const steadyShare = (seed: number): number => 0.25 + ((seed * 37) % 25) / 100;

/** Of the reference limit: from a third to nine tenths at the last exam. */
const risingShare = (left: number): number => Math.max(0.32, 0.9 * 0.93 ** (left - 1));

/** A small hash of the key and the patient, modulo a hundred. */
function happens(
  { key, due }: PlannedItem,
  patient: number,
  ofHundred: number,
  until: CalendarDate,
): boolean {
  let hash = patient + 7;
  for (const character of key) hash = (hash * 31 + character.charCodeAt(0)) % 10_007;
  const isRecent = toDayNumber(until) - toDayNumber(due) <= RECENT.days;
  return hash % 100 < (isRecent ? Math.min(RECENT.done, ofHundred) : ofHundred);
}
