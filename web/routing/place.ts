import { useSyncExternalStore } from 'react';
import { type Place, readAddress } from './address.js';

const listeners = new Set<() => void>();
let present: Place | undefined;
let isReturned = false;

const moved = (): void => {
  present = undefined;
  for (const listener of listeners) listener();
};

const returned = (): void => {
  isReturned = true;
  moved();
};

function listen(listener: () => void): () => void {
  if (listeners.size === 0) addEventListener('popstate', returned);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) removeEventListener('popstate', returned);
  };
}

const placeNow = (): Place => (present ??= readAddress(location.href));

/** Where the browser is. */
export const usePlace = (): Place => useSyncExternalStore(listen, placeNow);

/** Shows another page, or this one with other parameters. `replace`: the browser's way back leaves this step out. */
export function goTo(address: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  isReturned = false;
  if (replace) history.replaceState(history.state, '', address);
  else history.pushState(FOLLOWED, '', address);
  moved();
}

/** The state of a place that was reached from another page of the program. */
const FOLLOWED = 'followed';

/** Leads to the page before this one; to `otherwise` where the reader began here. */
export function goBack(otherwise: string): void {
  if (history.state === FOLLOWED) history.back();
  else goTo(otherwise);
}

/** Whether the reader came here by the browser's way back or forward: a page then shows what it showed before. */
export const hasReturned = (): boolean => isReturned;
