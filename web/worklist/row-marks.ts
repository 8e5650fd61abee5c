import { useCallback, useState } from 'react';
import { useChanges } from '../calls/live-updates.js';

/** What happened to a row since it was read. */
export interface RowMark {
  /** What the reader did, in words: `已预约 2026-11-05`. */
  readonly done?: string | undefined;
  readonly hasChanged?: boolean;
  readonly workingNow?: readonly string[];
}

export interface RowMarks {
  readonly of: (patientId: string) => RowMark | undefined;
  /** How many of these rows other people have changed. */
  readonly changedAmong: (rows: Pick<ReadonlyMap<string, unknown>, 'has'>) => number;
  /** The connection was lost for so long that any row may have changed. */
  readonly missedChanges: boolean;
  readonly markDone: (patientIds: readonly string[], text: string) => void;
  readonly unmarkDone: (patientIds: readonly string[]) => void;
  readonly forgetAll: () => void;
}

export const isStale = (mark: RowMark | undefined): boolean =>
  mark?.hasChanged === true && mark.done === undefined;

/**
 * Rows stay where they are while a reader works with them: what changes is marked, and read when the reader asks.
 */
export function useRowMarks(): RowMarks {
  const [marks, setMarks] = useState<ReadonlyMap<string, RowMark>>(new Map());
  const [missedChanges, setMissedChanges] = useState(false);
  const mark = useCallback((patientIds: readonly string[], change: (before: RowMark) => RowMark) => {
    setMarks((before) => {
      const after = new Map(before);
      for (const id of patientIds) after.set(id, change(before.get(id) ?? {}));
      return after;
    });
  }, []);
  useChanges(
    ({ patientId, kind, workingNow }) =>
      mark([patientId], (before) => {
        if (kind === 'presence') return { ...before, workingNow: workingNow ?? [] };
        return before.done === undefined ? { ...before, hasChanged: true } : before; // one's own change
      }),
    () => setMissedChanges(true),
  );
  return {
    missedChanges,
    of: (patientId) => marks.get(patientId),
    changedAmong: (rows) => [...marks].filter(([id, mark]) => rows.has(id) && isStale(mark)).length,
    markDone: useCallback((ids, text) => mark(ids, (before) => ({ ...before, done: text })), [mark]),
    unmarkDone: useCallback(
      (ids) => mark(ids, (before) => ({ ...before, done: undefined, hasChanged: true })),
      [mark],
    ),
    forgetAll: useCallback(() => {
      setMarks(new Map());
      setMissedChanges(false);
    }, []),
  };
}
