/** What became of many calls, one after the other. */
export interface ManyOutcome {
  readonly done: number;
  readonly failed: readonly { readonly id: string; readonly why: string }[];
}

const AT_ONCE = 4;

/** Calls `act` for each id, a few at a time, until all are done or `isStopped`. Reports each that is over. */
export async function actOnEach(
  ids: readonly string[],
  act: (id: string) => Promise<unknown>,
  {
    isStopped,
    onProgress,
  }: { readonly isStopped: () => boolean; readonly onProgress: (over: number) => void },
): Promise<ManyOutcome> {
  const waiting = [...ids].reverse();
  const failed: { readonly id: string; readonly why: string }[] = [];
  let done = 0;
  const work = async (): Promise<void> => {
    while (!isStopped()) {
      const id = waiting.pop();
      if (id === undefined) return;
      try {
        await act(id);
        done++;
      } catch (error) {
        failed.push({ id, why: (error as Error).message });
      }
      onProgress(done + failed.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { done, failed };
}
