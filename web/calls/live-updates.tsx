import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useEffect, useRef, useState } from 'react';
import { type Change, type ChangeListener, followChanges } from './changes.js';

/** Counts are read once for many changes that come together. */
const GATHERED_MS = 1500;

type Listener = Pick<ChangeListener, 'onChange' | 'onReload'>;

const Listeners = createContext<Set<Listener>>(new Set());

/** Follows what other people change: passes it on to `useChanges`, and reads again what only shows figures. */
export function LiveUpdates({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient();
  const [listeners] = useState(() => new Set<Listener>());
  useEffect(() => {
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const readCounts = (): void => {
      clearTimeout(gathering);
      gathering = setTimeout(() => void queries.invalidateQueries({ queryKey: ['lists'] }), GATHERED_MS);
    };
    let isFirst = true;
    const stop = followChanges({
      onReady: () => {
        if (isFirst) void readRowsAgain(queries);
        isFirst = false;
      },
      onChange: (change) => {
        for (const listener of listeners) listener.onChange(change);
        if (change.kind === 'presence') return;
        readCounts();
        for (const queryKey of [['patient', change.patientId], ['item'], ['reason']])
          void queries.invalidateQueries({ queryKey });
      },
      onReload: () => {
        for (const listener of listeners) listener.onReload();
        readCounts();
      },
    });
    return () => {
      clearTimeout(gathering);
      stop();
    };
  }, [queries, listeners]);
  return <Listeners value={listeners}>{children}</Listeners>;
}

/**
 * Rows that were read before the stream began may lack what changed in between. Those that are being read now are waited
 * for rather than asked for twice: a reader waits for them too.
 */
async function readRowsAgain(queries: QueryClient): Promise<void> {
  const rows = { queryKey: ['rows'] };
  const areBeingRead = queries.isFetching(rows) > 0;
  await queries.invalidateQueries(rows, { cancelRefetch: false });
  if (areBeingRead) await queries.invalidateQueries(rows);
}

/** Calls `onChange` for each change of a patient that the reader may see, own ones included. */
export function useChanges(onChange: (change: Change) => void, onReload: () => void): void {
  const listeners = use(Listeners);
  const newest = useRef({ onChange, onReload });
  useEffect(() => {
    newest.current = { onChange, onReload };
  });
  useEffect(() => {
    const listener: Listener = {
      onChange: (change) => newest.current.onChange(change),
      onReload: () => newest.current.onReload(),
    };
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, [listeners]);
}
