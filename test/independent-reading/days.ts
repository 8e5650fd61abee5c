/** Days since 1970-01-01. */
export type Day = number;

export const NEVER: Day = Infinity;
const MS_PER_DAY = 86_400_000;

export const dayOf = (text: string): Day => Date.parse(`${text}T00:00:00Z`) / MS_PER_DAY;
export const textOf = (day: Day): string => new Date(day * MS_PER_DAY).toISOString().slice(0, 10);

/** The day `months` after `start`, added in one step. A day that the month does not have becomes its last day. */
export function plusMonths(start: Day, months: number): Day {
  const from = new Date(start * MS_PER_DAY);
  const first = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0));
  return first.getTime() / MS_PER_DAY + Math.min(from.getUTCDate(), last.getUTCDate()) - 1;
}
