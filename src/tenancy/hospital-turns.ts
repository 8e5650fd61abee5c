import type { HospitalScope } from './hospital-scope.js';

/** Work of several hospitals, none of which waits for the whole work of another. */
export interface HospitalTurns {
  /** The hospitals with work. Asked again after every turn, so that new work waits for one turn only. */
  readonly waiting: () => Promise<readonly { readonly id: string }[]>;
  /** One step, in the scope of a hospital. False: it has no work left. */
  readonly step: () => Promise<boolean>;
  readonly isStopping: () => boolean;
}

/** Makes one step of each hospital in turn until there is no work left. */
export async function workInTurns(
  scope: HospitalScope,
  { waiting, step, isStopping }: HospitalTurns,
): Promise<void> {
  for (let isBusy = true; isBusy;) {
    isBusy = false;
    for (const { id } of await waiting()) {
      if (isStopping()) return;
      if (await scope.run(id, step)) isBusy = true;
    }
  }
}
