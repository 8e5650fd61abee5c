/** Longer than the time between two watches. */
export const STUCK_AFTER_MS = 55_000;

/** What waits first under a key, such as an endpoint; `head` is another one as soon as something has moved. */
export interface Waiting {
  readonly key: string;
  readonly head: string;
}

/** Finds what the queue does not move: a worker can be connected and get no jobs, and a job can run without end. */
export class StandstillWatch {
  private seen = new Map<string, { readonly head: string; readonly sinceMs: number }>();

  /** Returns the keys with the same head for `STUCK_AFTER_MS`, at `nowMs` of the process. Forgets keys that no longer wait. */
  stuck(waiting: readonly Waiting[], nowMs: number): ReadonlySet<string> {
    const before = this.seen;
    this.seen = new Map(
      waiting.map(({ key, head }) => {
        const known = before.get(key);
        return [key, known?.head === head ? known : { head, sinceMs: nowMs }];
      }),
    );
    const stuck = [...this.seen].filter(([, { sinceMs }]) => nowMs - sinceMs >= STUCK_AFTER_MS);
    return new Set(stuck.map(([key]) => key));
  }
}
