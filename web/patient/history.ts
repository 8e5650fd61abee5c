/** One thing that a person did about the patient. */
export interface Done {
  readonly key: string;
  /** The instant, RFC 3339. */
  readonly at: string;
  readonly who: string | null;
  /** What was done, in words. */
  readonly what: string;
  readonly about: string;
  readonly isTakenBack: boolean;
}

/** The newest first; of the same instant in the given order. */
export const newestFirst = (parts: readonly (readonly Done[])[]): readonly Done[] =>
  parts.flat().sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));

/** Under each day what was done on it, the newest day first. */
export function byDay(
  done: readonly Done[],
  dayOf: (instant: string) => string,
): readonly (readonly [string, readonly Done[]])[] {
  const days = new Map<string, Done[]>();
  for (const one of done) days.set(dayOf(one.at), [...(days.get(dayOf(one.at)) ?? []), one]);
  return [...days];
}
