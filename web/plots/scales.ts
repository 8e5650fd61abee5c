import { scaleBand, scaleLinear, scaleUtc } from '@visx/scale';

/** A place on an axis, with what is written there. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** Where each value of one kind lies, in pixels. */
export interface Scale<Value> {
  readonly positionOf: (value: Value) => number;
  readonly ticks: readonly Tick[];
}

/** Of values without an order of their own, such as weeks or nurses: each has a band. */
export interface BandScale extends Scale<string> {
  readonly bandWidth: number;
}

const TICK_WIDTH = 84;
const TICK_HEIGHT = 36;

const instantOf = (day: string): Date => new Date(`${day}T00:00:00Z`);

/** Calendar days from left to right. It writes years where the span has many, then months, then days. */
export function dayScale(from: string, to: string, width: number): Scale<string> {
  const scale = scaleUtc<number>({ domain: [instantOf(from), instantOf(to)], range: [0, width] });
  const ticks = scale.ticks(Math.max(2, Math.floor(width / TICK_WIDTH)));
  const days = ticks.map((tick) => tick.toISOString().slice(0, 10));
  const length = lengthOfLabels(days);
  return {
    positionOf: (day) => scale(instantOf(day)),
    ticks: days.map((day, place) => ({ at: scale(ticks[place] ?? 0), text: day.slice(0, length) })),
  };
}

/** `2026`, `2026-03` or `2026-03-09`: no longer than all ticks need. */
function lengthOfLabels(days: readonly string[]): number {
  if (days.every((day) => day.endsWith('-01-01'))) return 4;
  return days.every((day) => day.endsWith('-01')) ? 7 : 10;
}

/** Figures from the bottom up, from zero to at least `most`. */
export function valueScale(
  most: number,
  height: number,
  write: (value: number) => string = String,
): Scale<number> {
  const scale = scaleLinear<number>({ domain: [0, most > 0 ? most : 1], range: [height, 0] });
  const count = Math.max(2, Math.floor(height / TICK_HEIGHT));
  scale.nice(count);
  return {
    positionOf: (value) => scale(value),
    ticks: scale.ticks(count).map((value) => ({ at: scale(value), text: write(value) })),
  };
}

/** One band for each key, from left to right. Of many keys only some are written. */
export function bandScale(
  keys: readonly string[],
  width: number,
  write: (key: string) => string = (key) => key,
): BandScale {
  const scale = scaleBand<string>({ domain: [...keys], range: [0, width], padding: 0.25 });
  const bandWidth = scale.bandwidth();
  const positionOf = (key: string): number => (scale(key) ?? 0) + bandWidth / 2;
  const step = Math.ceil((keys.length * TICK_WIDTH) / Math.max(width, 1));
  const written = keys.filter((_, place) => place % Math.max(step, 1) === 0);
  return { positionOf, bandWidth, ticks: written.map((key) => ({ at: positionOf(key), text: write(key) })) };
}
