import { useSyncExternalStore } from 'react';
import { type Place, readAddress } from './address.js';

const listeners = new Set<() => void>();
let present: Place | undefined;

const moved = (): void => {
  present = undefined;
  for (const listener of listeners) listener();
};

function listen(listener: () => void): () => void {
  if (listeners.size === 0) addEventListener('popstate', moved);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) removeEventListener('popstate', moved);
  };
}

const placeNow = (): Place => (present ??= readAddress(location.href));

/** Where the browser is. */
export const usePlace = (): Place => useSyncExternalStore(listen, placeNow);

/** Shows another page, or this one with other parameters. `replace`: the browser's way back leaves this step out. */
export function goTo(address: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  history[replace ? 'replaceState' : 'pushState'](null, '', address);
  moved();
}
