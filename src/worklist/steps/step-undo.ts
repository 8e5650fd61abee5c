import type { Caller } from '../../tenancy/caller.js';
import type { ItemStepRecord } from './item-step.entity.js';
import { TRANSITIONS } from './item-transitions.js';

/** How long a head nurse or a clinician can undo a step. */
export const SENIOR_UNDO_HOURS = 24;

/**
 * Until when the caller can undo the step: callers who may take it, for the hospital's number of minutes; a head nurse or
 * a clinician among them, for 24 hours. Null: the caller may not take the step, so never.
 */
export function undoableUntil(
  { step, fromPosition, takenAt }: Pick<ItemStepRecord, 'step' | 'fromPosition' | 'takenAt'>,
  { roles }: Pick<Caller, 'roles'>,
  undoMinutes: number,
): Date | null {
  const mayTake = TRANSITIONS.some(
    (row) =>
      row.step === step && row.from.includes(fromPosition) && row.roles.some((role) => roles.includes(role)),
  );
  if (!mayTake) return null;
  const isSenior = roles.includes('head_nurse') || roles.includes('clinician');
  const minutes = Math.max(undoMinutes, isSenior ? SENIOR_UNDO_HOURS * 60 : 0);
  return new Date(takenAt.getTime() + minutes * 60_000);
}
