import { AsyncLocalStorage } from 'node:async_hooks';
import { comparePlans, type ItemChange } from '../guideline/comparison.js';
import type { PlannedItem } from '../guideline/planned-item.js';

interface Plans {
  readonly before: readonly PlannedItem[];
  readonly after: readonly PlannedItem[];
}

/** The plans that the running work has changed, by patient. */
const seen = new AsyncLocalStorage<Map<string, Plans>>();

/** Notes for `withPlanDiffs` that a patient's plan was computed again. */
export function notePlans(patientId: string, { before, after }: Plans): void {
  const plans = seen.getStore();
  plans?.set(patientId, { before: plans.get(patientId)?.before ?? before, after });
}

/**
 * Runs `work` and returns what it changed in the plans of patients, item by item: from the plan before its first change to
 * the one after its last.
 */
export async function withPlanDiffs<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly changes: ReadonlyMap<string, readonly ItemChange[]> }> {
  const plans = new Map<string, Plans>();
  const result = await seen.run(plans, work);
  const changes = [...plans].map(
    ([patientId, { before, after }]) => [patientId, comparePlans(before, after).filter(isChange)] as const,
  );
  return { result, changes: new Map(changes) };
}

/** A completed item keeps its window; that it was completed is a change nevertheless. */
const isChange = ({ change, before, after }: ItemChange): boolean =>
  change !== 'kept' || before?.completedOn !== after?.completedOn;
