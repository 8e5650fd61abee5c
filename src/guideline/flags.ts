import { type ClinicalFact, CLOSING_EVENTS, hasValues, matches } from './facts.js';
import type { FlagRule, Guideline, Text } from './guideline.js';
import type { PathwayRun } from './pathway-run.js';
import { holds, type PlanningCase } from './planning-case.js';
import type { PlannedItem } from './planned-item.js';

/** Something that a clinician has to decide or know about the patient. */
export interface PlanFlag {
  readonly code: string;
  readonly message: Text;
}

/** The flags that the guideline raises for this patient and plan. */
export function flagsOf(given: PlanningCase, items: readonly PlannedItem[]): PlanFlag[] {
  return given.guideline.flags
    .filter((flag) => isRaised(flag, given, items) && !isSettled(flag, given))
    .map(({ code, message }) => ({ code, message }));
}

/**
 * Whether a clinician has to decide how the follow-up of a patient continues. Either a flag is raised that the decision of an
 * interval settles; or no period of follow-up has begun; or all have ended, as after a recurrence, and the guideline dates
 * nothing until the next one begins. Not after an event that ends the follow-up for good.
 */
export function asksForDecision(
  { flags, runs }: { readonly flags: readonly PlanFlag[]; readonly runs: readonly PathwayRun[] },
  guideline: Pick<Guideline, 'flags'>,
  events: readonly Pick<ClinicalFact, 'type'>[],
): boolean {
  if (events.some(({ type }) => CLOSING_EVENTS.some((closing) => closing === type))) return false;
  return (
    runs.every(({ end }) => end !== null) ||
    guideline.flags.some(
      ({ code, settledBy }) => settledBy !== undefined && flags.some((raised) => raised.code === code),
    )
  );
}

function isSettled({ settledBy }: FlagRule, { choices }: PlanningCase): boolean {
  return (
    settledBy?.every((rule) => {
      const choice = choices.rules?.[rule];
      return choice?.interval !== undefined || Object.values(choice?.phases ?? {}).some(({ every }) => every);
    }) ?? false
  );
}

function isRaised({ when }: FlagRule, given: PlanningCase, items: readonly PlannedItem[]): boolean {
  if ('otherMethodFor' in when)
    return items.some(({ rule, otherMethod }) => otherMethod && when.otherMethodFor.includes(rule));
  if (!('running' in when)) return holds(when, given);
  const { inTime, runs, choices } = given;
  const running = runs.filter(({ pathway, end }) => pathway.id === when.running && end === null);
  if ('where' in when) return running.some(({ clock }) => hasValues(clock, when.where));
  if ('liverImaging' in when) return running.length > 0 && choices.liverImaging === when.liverImaging;
  return running.length > 0 && !inTime.some((fact) => matches(fact, when.neverRecorded));
}
