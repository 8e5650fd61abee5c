import { ENTRY_REFUSED } from '../platform/database/refused-entry.js';
import type { HospitalScope } from './hospital-scope.js';

/** Whether the work of a hospital ended because it moves to another database, whose programs then do this work. */
export const isMoving = (error: unknown): boolean =>
  (error as { readonly code?: unknown }).code === ENTRY_REFUSED;

/**
 * Does `work` in the scope of each hospital, one after the other. A failure in one hospital does not stop the others; the
 * errors are thrown at the end. `what` names the work in their message.
 */
export async function eachHospital(
  scope: Pick<HospitalScope, 'run'>,
  hospitals: readonly { readonly id: string }[],
  what: string,
  work: (id: string) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  for (const { id } of hospitals)
    try {
      await scope.run(id, () => work(id));
    } catch (error) {
      if (!isMoving(error)) failures.push(error);
    }
  throwFailures(what, failures);
}

/**
 * Works in several hospitals in turn, one step of each, until the steps of all are done: a hospital with much work delays
 * the others by one step. Failures as in `eachHospital`; one ends the steps of its hospital alone.
 */
export async function stepInTurns(
  scope: Pick<HospitalScope, 'run'>,
  hospitals: readonly { readonly id: string }[],
  what: string,
  stepsOf: (id: string) => AsyncIterator<unknown>,
): Promise<void> {
  const failures: unknown[] = [];
  let open = hospitals.map(({ id }) => ({ id, steps: stepsOf(id) }));
  while (open.length > 0) {
    const unfinished: typeof open = [];
    for (const one of open)
      try {
        const { done } = await scope.run(one.id, () => one.steps.next());
        if (done !== true) unfinished.push(one);
      } catch (error) {
        if (!isMoving(error)) failures.push(error);
      }
    open = unfinished;
  }
  throwFailures(what, failures);
}

/** Throws the errors of several hospitals as one, unless there are none. */
export function throwFailures(what: string, failures: readonly unknown[]): void {
  if (failures.length > 0)
    throw new AggregateError(failures, `${what} failed in ${failures.length} hospitals.`);
}
