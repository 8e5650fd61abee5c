import { useCallback, useState } from 'react';
import { useChanges } from '../calls/live-updates.js';

/** What happened to a row since it was read. */
export interface RowMark {
  /** What the reader did, in words: `已预约 2026-11-05`. */
  readonly done?: string;
  readonly hasChanged?: boolean;
  readonly workingNow?: readonly string[];
}

export interface RowMarks {
  readonly of: (patientId: string) => RowMark | undefined;
  /** Rows that other people have changed. */
  readonly changed: number;
  readonly markDone: (patientIds: readonly string[], text: string) => void;
  readonly unmarkDone: (patientIds: readonly string[]) => void;
  readonly forgetAll: () => void;
}

/**
 * Rows stay where they are while a reader works with them: what changes is marked, and read when the reader asks.
 */
export function useRowMarks(): RowMarks {
  const [marks, setMarks] = useState<ReadonlyMap<string, RowMark>>(new Map());
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
    () => undefined,
  );
  return {
    of: (patientId) => marks.get(patientId),
    changed: [...marks.values()].filter(({ hasChanged, done }) => hasChanged === true && done === undefined)
      .length,
    markDone: useCallback((ids, text) => mark(ids, (before) => ({ ...before, done: text })), [mark]),
    unmarkDone: useCallback(
      (ids) => mark(ids, ({ done, ...before }) => ({ ...before, hasChanged: true })),
      [mark],
    ),
    forgetAll: useCallback(() => setMarks(new Map()), []),
  };
}
