import { useSyncExternalStore } from 'react';

/** As in the style sheets: a telephone, or a magnified screen. */
const NARROW = matchMedia('(max-width: 900px)');

function listen(listener: () => void): () => void {
  NARROW.addEventListener('change', listener);
  return () => NARROW.removeEventListener('change', listener);
}

export const useNarrowScreen = (): boolean => useSyncExternalStore(listen, () => NARROW.matches);
