import type { HospitalScope } from './hospital-scope.js';
import { isMoving, throwFailures } from './each-hospital.js';

/** Work of several hospitals, none of which waits for the whole work of another. */
export interface HospitalTurns {
  /** The hospitals with work. Asked again after every turn, so that new work waits for one turn only. */
  readonly waiting: () => Promise<readonly { readonly id: string }[]>;
  /** One step, in the scope of a hospital. False: it has no work left. */
  readonly step: () => Promise<boolean>;
  readonly isStopping: () => boolean;
}

/**
 * Makes one step of each hospital in turn until there is no work left. A failure ends the work of its hospital alone; the
 * errors are thrown at the end.
 */
export async function workInTurns(
  scope: Pick<HospitalScope, 'run'>,
  { waiting, step, isStopping }: HospitalTurns,
): Promise<void> {
  const failures = new Map<string, unknown>();
  for (let isBusy = true; isBusy;) {
    isBusy = false;
    for (const { id } of await waiting()) {
      if (isStopping()) return;
      if (failures.has(id)) continue;
      try {
        if (await scope.run(id, step)) isBusy = true;
      } catch (error) {
        failures.set(id, error);
      }
    }
  }
  throwFailures(
    'The work',
    [...failures.values()].filter((error) => !isMoving(error)),
  );
}
