import type { FirstRun } from '../calls/first-run.js';

/** The first two come before there is an account. */
export const STEPS = ['hospital', 'yourself', 'colleagues', 'roster', 'policy'] as const;
export type Step = (typeof STEPS)[number];

const isStep = (text: string | undefined): text is Step => STEPS.some((step) => step === text);

export interface Progress extends Pick<FirstRun, 'people' | 'hasPatients' | 'setUpAt'> {
  /** Whether the administrator has a second factor. */
  readonly secondFactor: boolean;
}

const isDone = (step: Step, progress: Progress): boolean =>
  ({
    hospital: true,
    yourself: progress.secondFactor,
    colleagues: progress.people > 1,
    roster: progress.hasPatients,
    policy: progress.setUpAt !== null,
  })[step];

/** The step in the address, or the first one that is left to do. */
export function presentStep(asked: string | undefined, progress: Progress): Step {
  if (isStep(asked)) return asked;
  return STEPS.find((step) => !isDone(step, progress)) ?? 'policy';
}

export const doneSteps = (progress: Progress): readonly Step[] =>
  STEPS.filter((step) => isDone(step, progress));

export const nextStep = (step: Step): Step =>
  STEPS[Math.min(STEPS.indexOf(step) + 1, STEPS.length - 1)] ?? step;

export const addressOfStep = (step: Step): string => `/first-run?step=${step}`;
