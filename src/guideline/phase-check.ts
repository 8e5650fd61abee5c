import { limitNeverLate } from './case-check.js';
import type { ListedPhase, Period, Phase, RepeatingPhase } from './guideline.js';
import { msg } from './messages.js';
import { longEnd, monthsIn, offsetOf, shortEnd } from './period.js';
import {
  fault,
  type GuidelineFault,
  intervalProblems,
  lengthProblems,
  rangeProblems,
} from './period-check.js';

// A month counted in weeks differs from a calendar month: one day of tolerance.
const GRACE_MONTHS = 1 / 30;

/** The last date of the phases so far, in months from the clock, by either end of the ranges. */
type Reached = readonly [number, number];

/** Problems of the phases of one rule: wrong order, empty, unreachable. */
export function phaseProblems(phases: readonly Phase[], pointer: string): GuidelineFault[] {
  const faults: GuidelineFault[] = [];
  let reached: Reached = [0, 0];
  for (const [index, phase] of phases.entries()) {
    const at = `${pointer}/${index}`;
    faults.push(...windowProblems(phase, at));
    if (phase.limit && phase.neverLate) faults.push(limitNeverLate(`${at}/neverLate`));
    if ('at' in phase) {
      const listed = listedProblems(phase, at, reached);
      faults.push(...listed.faults);
      reached = listed.reached;
      continue;
    }
    faults.push(...repeatingProblems(phase, at, reached));
    if (phase.until !== undefined) {
      reached = [monthsIn(shortEnd(phase.until)), monthsIn(longEnd(phase.until))];
    } else if (index < phases.length - 1) {
      faults.push(fault(`${at}/until`, 'required', msg('endless-phase')));
      break;
    }
  }
  return faults;
}

function listedProblems(
  { at }: ListedPhase,
  pointer: string,
  before: Reached,
): { faults: GuidelineFault[]; reached: Reached } {
  let reached = before;
  const faults = at.flatMap((one, index) => {
    const [short, long] = [monthsIn(shortEnd(one)), monthsIn(longEnd(one))];
    const isLater = short > reached[0] && long > reached[1];
    reached = [short, long];
    return [
      ...rangeProblems(one, `${pointer}/at/${index}`),
      ...(isLater ? [] : [outOfOrder(`${pointer}/at/${index}`, shortEnd(one))]),
    ];
  });
  return { faults, reached };
}

function repeatingProblems(
  { every, from, until }: RepeatingPhase,
  pointer: string,
  reached: Reached,
): GuidelineFault[] {
  const faults = every === 'clinician' ? [] : intervalProblems(every, `${pointer}/every`);
  if (from !== undefined) {
    faults.push(...rangeProblems(from, `${pointer}/from`));
    if (monthsIn(from) <= reached[1]) faults.push(outOfOrder(`${pointer}/from`, from));
  }
  if (until === undefined) return faults;
  faults.push(...rangeProblems(until, `${pointer}/until`));
  const interval = every === 'clinician' ? 0 : monthsIn(longEnd(every));
  const first = from === undefined ? reached[0] + interval : monthsIn(from);
  const last = reached[1] + interval;
  const isEmpty =
    first > monthsIn(shortEnd(until)) + GRACE_MONTHS ||
    (from === undefined && last > monthsIn(longEnd(until)) + GRACE_MONTHS);
  if (isEmpty) faults.push(fault(pointer, 'empty-phase', msg('empty-phase', { until: shortEnd(until) })));
  return faults;
}

/** A window is counted in days: the length of half a month varies. */
function windowProblems({ window }: Phase, pointer: string): GuidelineFault[] {
  if (window === undefined) return [];
  const sides = ['before', 'after'] as const;
  const backwards = sides.flatMap((side) => lengthProblems(window[side], `${pointer}/window/${side}`));
  const inMonths = sides
    .filter((side) => offsetOf(window[side]).months !== 0)
    .map((side) =>
      fault(`${pointer}/window/${side}`, 'window-unit', msg('window-unit', { period: window[side] })),
    );
  return [...backwards, ...inMonths];
}

const outOfOrder = (pointer: string, period: Period): GuidelineFault =>
  fault(pointer, 'out-of-order', msg('out-of-order', { period }));
