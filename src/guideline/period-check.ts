import type { Period, PeriodOrRange } from './guideline.js';
import type { Message } from './message.js';
import { msg } from './messages.js';
import { isTooOften, monthsIn, shortEnd, shortestDays } from './period.js';

/** One problem in a guideline: the JSON pointer to it, a stable code, and the remedy. */
export interface GuidelineFault {
  readonly pointer: string;
  readonly code: string;
  readonly message: Message;
}

export const fault = (pointer: string, code: string, message: Message): GuidelineFault => ({
  pointer,
  code,
  message,
});

const LONGEST_YEARS = 100;

/** A range must not be reversed, and neither end may be zero or longer than a lifetime. */
export function rangeProblems(value: PeriodOrRange, pointer: string): GuidelineFault[] {
  const ends = typeof value === 'string' ? [value] : value;
  const faults = ends.flatMap((period) => periodProblems(period, pointer));
  if (typeof value !== 'string' && monthsIn(value[0]) > monthsIn(value[1]))
    faults.push(upsideDown(pointer, value[0], value[1]));
  return faults;
}

/** The same for a repeated interval, which is at least one week. */
export function intervalProblems(value: PeriodOrRange, pointer: string): GuidelineFault[] {
  const faults = rangeProblems(value, pointer);
  return faults.length === 0 && isTooOften(shortEnd(value))
    ? [fault(pointer, 'too-often', msg('interval-too-short', { period: shortEnd(value) }))]
    : faults;
}

function periodProblems(period: Period, pointer: string): GuidelineFault[] {
  if (shortestDays(period) <= 0) return [fault(pointer, 'no-time', msg('no-time', { period }))];
  return lengthProblems(period, pointer);
}

/** The period must be positive, from whatever day it is counted, and not longer than a lifetime. */
export function lengthProblems(period: Period, pointer: string): GuidelineFault[] {
  if (shortestDays(period) < 0) return [fault(pointer, 'backwards', msg('period-backwards', { period }))];
  return monthsIn(period) > LONGEST_YEARS * 12
    ? [fault(pointer, 'too-long', msg('period-too-long-here', { period, years: LONGEST_YEARS }))]
    : [];
}

export const upsideDown = (pointer: string, short: Period, long: Period): GuidelineFault =>
  fault(pointer, 'range-upside-down', msg('range-upside-down', { short, long }));
