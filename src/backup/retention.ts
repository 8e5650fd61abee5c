/** How many backups to keep: the newest of this number of days, weeks (from Monday) and months, in UTC. */
export interface Retention {
  readonly days: number;
  readonly weeks: number;
  readonly months: number;
}

const DAY_MS = 86_400_000;

const dayOf = (instant: string): number => Math.floor(Date.parse(instant) / DAY_MS);
// Day 0 was a Thursday.
const weekOf = (instant: string): number => Math.floor((dayOf(instant) + 3) / 7);
const monthOf = (instant: string): string => instant.slice(0, 7);

/**
 * The backups that may be deleted, given the instants of all of them (RFC 3339, UTC). Periods without a backup do not
 * count, so that backups which stopped long ago are kept. Never includes `latest`, even if the clock has been set
 * back.
 */
export function expiredBackups(
  instants: readonly string[],
  latest: string,
  { days, weeks, months }: Retention,
): string[] {
  const newestFirst = [...instants].sort().reverse();
  const kept = new Set([
    latest,
    ...newestOfEach(newestFirst, dayOf, days),
    ...newestOfEach(newestFirst, weekOf, weeks),
    ...newestOfEach(newestFirst, monthOf, months),
  ]);
  return newestFirst.filter((instant) => !kept.has(instant));
}

function newestOfEach(
  newestFirst: readonly string[],
  periodOf: (instant: string) => string | number,
  periods: number,
): string[] {
  const newest = new Map<string | number, string>();
  for (const instant of newestFirst) {
    const period = periodOf(instant);
    if (!newest.has(period)) newest.set(period, instant);
  }
  return [...newest.values()].slice(0, periods);
}
