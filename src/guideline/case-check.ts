import type { ChainCase, PeriodOrMoments } from './guideline.js';
import { msg } from './messages.js';
import { countedFrom, rangeOf } from './moments.js';
import { monthsIn } from './period.js';
import {
  fault,
  type GuidelineFault,
  intervalProblems,
  lengthProblems,
  rangeProblems,
  upsideDown,
} from './period-check.js';

/** Problems of the times of one case of a chain. */
export function caseTimeProblems(one: ChainCase, pointer: string): GuidelineFault[] {
  const { due, earliest, latest, limit, when, countsFrom } = one;
  const faults = [
    ...timeProblems(when.noneSince, `${pointer}/when/noneSince`),
    ...countProblems(one, pointer),
    ...timeProblems(earliest, `${pointer}/earliest`),
    ...timeProblems(countsFrom, `${pointer}/countsFrom`),
    ...(latest === 'never' ? [] : timeProblems(latest, `${pointer}/latest`)),
    ...(latest === 'never' && limit ? [limitNeverLate(`${pointer}/latest`)] : []),
  ];
  faults.push(...longer(countsFrom, earliest, `${pointer}/countsFrom`));
  const range = rangeOf(due);
  if (range === null) return [...faults, ...timeProblems(due as PeriodOrMoments, `${pointer}/due`)];
  const problems = one.from === 'last' ? intervalProblems : rangeProblems;
  faults.push(...problems(range, `${pointer}/due`));
  const [short, long] = typeof range === 'string' ? [range, range] : range;
  faults.push(...longer(earliest, short, `${pointer}/earliest`));
  faults.push(...longer(countsFrom, short, `${pointer}/countsFrom`));
  if (typeof latest === 'string' && latest !== 'never' && monthsIn(latest) < monthsIn(long))
    faults.push(upsideDown(`${pointer}/latest`, long, latest));
  return faults;
}

/** Reports a period that should be shorter than another and is not. Moments can only be compared on the calendar. */
function longer(
  short: PeriodOrMoments | undefined,
  long: PeriodOrMoments | undefined,
  pointer: string,
): GuidelineFault[] {
  if (typeof short !== 'string' || typeof long !== 'string') return [];
  return monthsIn(short) > monthsIn(long) ? [upsideDown(pointer, short, long)] : [];
}

/** A limit itself determines when an item is late. */
export const limitNeverLate = (pointer: string): GuidelineFault =>
  fault(pointer, 'contradictory', msg('limit-never-late'));

function timeProblems(time: PeriodOrMoments | undefined, pointer: string): GuidelineFault[] {
  if (time === undefined) return [];
  if (typeof time === 'string') return lengthProblems(time, pointer);
  return time.flatMap((one, index) =>
    'anyOf' in one
      ? one.anyOf.flatMap(({ after }, nth) => lengthProblems(after, `${pointer}/${index}/anyOf/${nth}/after`))
      : lengthProblems(one.after, `${pointer}/${index}/after`),
  );
}

/** A case that counts from the n-th exam, but is for fewer exams, would never apply. */
function countProblems(one: ChainCase, pointer: string): GuidelineFault[] {
  const needs = countedFrom(one);
  const { none, count = none ? 0 : Infinity } = one.when;
  return needs > count
    ? [fault(`${pointer}/when`, 'contradictory', msg('counted-too-few', { needs, count }))]
    : [];
}
