import { useState } from 'react';

/** As many rows as one bulk request takes. */
export const MOST_SELECTED = 200;

export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly toggle: (id: string) => void;
  /** Selects everything from the row that was toggled last to this one. */
  readonly extendTo: (id: string) => void;
  readonly set: (ids: readonly string[]) => void;
}

/** The selected rows, by patient. */
export function useSelection(order: readonly string[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState<string>();
  const set = (chosen: Iterable<string>): void => setIds(new Set([...chosen].slice(0, MOST_SELECTED)));
  return {
    ids,
    set,
    toggle: (id) => {
      setLast(id);
      set(ids.has(id) ? [...ids].filter((other) => other !== id) : [...ids, id]);
    },
    extendTo: (id) => {
      set([...ids, ...between(order, last ?? id, id)]);
      setLast(id);
    },
  };
}

/** Both ends included, whichever comes first. */
export function between(order: readonly string[], from: string, to: string): readonly string[] {
  const [a, b] = [order.indexOf(from), order.indexOf(to)];
  if (a < 0 || b < 0) return [to];
  return order.slice(Math.min(a, b), Math.max(a, b) + 1);
}
