import { useSyncExternalStore } from 'react';

/** As in the style sheets: on a telephone lanes have no room. */
const NARROW = matchMedia('(max-width: 700px)');

function listen(listener: () => void): () => void {
  NARROW.addEventListener('change', listener);
  return () => NARROW.removeEventListener('change', listener);
}

export const useNarrow = (): boolean => useSyncExternalStore(listen, () => NARROW.matches);
