import type { ChainCase, Moment, Moments, PeriodOrRange } from './guideline.js';

type Time = ChainCase['due'] | ChainCase['latest'];

/** Whether the time consists of moments, and not of a period or range. */
export const isMoments = (time: ChainCase['due']): time is Moments => rangeOf(time) === null;

/** The period or range; null: the time consists of moments. */
export function rangeOf(time: ChainCase['due']): PeriodOrRange | null {
  if (typeof time === 'string') return time;
  const [short, long] = time;
  return typeof short === 'string' && typeof long === 'string' ? [short, long] : null;
}

/** Every moment in the time. */
export function momentsIn(time: Time): Moment[] {
  if (time === undefined || typeof time === 'string') return [];
  return time.flatMap((one) => (typeof one === 'string' ? [] : 'anyOf' in one ? one.anyOf : [one]));
}

/** The highest number of a counted exam from which the case counts; 0: none. */
export function countedFrom({ from, due, earliest, latest, countsFrom }: ChainCase): number {
  const starts = [
    from,
    ...[due, earliest, latest, countsFrom].flatMap(momentsIn).map((moment) => moment.from),
  ];
  return Math.max(0, ...starts.map((start) => (typeof start === 'string' ? 0 : start.counted)));
}
