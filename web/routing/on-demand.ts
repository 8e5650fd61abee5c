import { type ComponentType, lazy, type LazyExoticComponent } from 'react';

/** By then the first rows are painted; a browser that waits for them is idle too. */
const AFTER_MS = 1500;

/**
 * A part of a page in a file of its own, which is loaded once the browser has nothing else to do, and at the latest when
 * it is shown: a dialog then opens at once.
 */
export function onDemand<Props>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): LazyExoticComponent<ComponentType<Props>> {
  let loading: ReturnType<typeof load> | undefined;
  const once = (): ReturnType<typeof load> => (loading ??= load());
  // A failure is shown when the part is: then the file is asked for once more.
  const early = (): void => void once().catch(() => (loading = undefined));
  setTimeout(() => requestIdleCallback(early), AFTER_MS);
  return lazy(once);
}
