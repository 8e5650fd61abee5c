import { activityNamed, outcomesOf, type WithActivities } from './activities.js';
import type { ClinicalFact } from './facts.js';
import { findingsToJudge, recordedFindings } from './findings.js';
import type { ActivityCode } from './guideline.js';
import { activityRecorded, outcomeRecorded } from './recorded-exam.js';
import type { AppliedLimit, ValueToJudge } from './reference-limits.js';
import type { Rise } from './rises.js';

/**
 * Why a clinician has to judge an exam. `code` is that of the measurement, the outcome or the finding. A reason without
 * `because` says that a value is not certainly within its limit.
 */
export type ReviewReason = ValueReason | RiseReason | OutcomeReason | FindingReason;

export type ValueReason = ValueToJudge & { readonly because?: never };

/** A value within its limit that has risen by the hospital's rule. */
export interface RiseReason extends AppliedLimit, Omit<Rise, 'eventId'> {
  readonly because: 'rise';
  readonly code: string;
}

/** An outcome other than the expected one. */
export interface OutcomeReason {
  readonly because: 'outcome';
  readonly code: string;
}

/** A finding of a kind that a clinician has to judge. */
export interface FindingReason {
  readonly because: 'finding';
  readonly code: string;
}

/**
 * The outcomes of an activity that a clinician has to judge: all but the expected one, and those after which the exam
 * counts as not done, because then the plan asks for it again.
 */
export function outcomesToJudge(activity: ActivityCode, guideline: WithActivities): readonly string[] {
  const [, ...others] = outcomesOf(activity, guideline);
  const notDone = activityNamed(activity, guideline)?.notDone ?? [];
  return others.filter((outcome) => !notDone.includes(outcome));
}

/** The reasons that follow from outcome and findings of an event; none for an event that is no exam. */
export function reasonsInFindings(
  fact: ClinicalFact,
  guideline: WithActivities,
): (OutcomeReason | FindingReason)[] {
  const activity = activityRecorded(fact, guideline);
  if (activity === null) return [];
  const outcome = outcomeRecorded(fact, guideline);
  const isJudged = outcome !== null && outcomesToJudge(activity, guideline).includes(outcome);
  const kinds = findingsToJudge(activity, recordedFindings(fact)).map(({ kind }) => kind);
  return [
    ...(isJudged ? [{ because: 'outcome', code: outcome } as const] : []),
    ...[...new Set(kinds)].map((code) => ({ because: 'finding', code }) as const),
  ];
}
