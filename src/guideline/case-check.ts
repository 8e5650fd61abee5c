import type { ChainCase, PeriodOrMoments, PeriodOrRange } from './guideline.js';
import { msg } from './messages.js';
import { monthsIn } from './period.js';
import { fault, type GuidelineFault, lengthProblems, rangeProblems, upsideDown } from './period-check.js';

/** What is wrong with the times of one case of a chain. */
export function caseTimeProblems(one: ChainCase, pointer: string): GuidelineFault[] {
  const { due, earliest, latest, limit, when } = one;
  const faults = [
    ...timeProblems(when.noneSince, `${pointer}/when/noneSince`),
    ...timeProblems(earliest, `${pointer}/earliest`),
    ...(latest === 'never' ? [] : timeProblems(latest, `${pointer}/latest`)),
    ...(latest === 'never' && limit ? [limitNeverLate(`${pointer}/latest`)] : []),
  ];
  const range = periodOrRange(due);
  if (range === null) return [...faults, ...timeProblems(due as PeriodOrMoments, `${pointer}/due`)];
  faults.push(...rangeProblems(range, `${pointer}/due`));
  const [short, long] = typeof range === 'string' ? [range, range] : range;
  if (typeof earliest === 'string' && monthsIn(earliest) > monthsIn(short))
    faults.push(upsideDown(`${pointer}/earliest`, earliest, short));
  if (typeof latest === 'string' && latest !== 'never' && monthsIn(latest) < monthsIn(long))
    faults.push(upsideDown(`${pointer}/latest`, long, latest));
  return faults;
}

/** A text that sets a limit says when it is late. */
export const limitNeverLate = (pointer: string): GuidelineFault =>
  fault(pointer, 'contradictory', msg('limit-never-late'));

function timeProblems(time: PeriodOrMoments | undefined, pointer: string): GuidelineFault[] {
  if (time === undefined) return [];
  if (typeof time === 'string') return lengthProblems(time, pointer);
  return time.flatMap(({ after }, index) => lengthProblems(after, `${pointer}/${index}/after`));
}

function periodOrRange(due: ChainCase['due']): PeriodOrRange | null {
  if (typeof due === 'string') return due;
  const [short, long] = due;
  return typeof short === 'string' && typeof long === 'string' ? [short, long] : null;
}
