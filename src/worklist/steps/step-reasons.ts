/** Why an item is deferred, declined, contraindicated, or booked outside its window. `other`: in the caller's own words. */
export const STEP_REASONS = {
  defer: [
    'away',
    'no_slot',
    'acute_illness',
    'under_treatment',
    'family_matters',
    'cost',
    'result_elsewhere_awaited',
    'combined_visit',
    'clinician_asked',
    'other',
  ],
  decline: [
    'feels_well',
    'afraid',
    'cost',
    'too_far',
    'followed_up_elsewhere',
    'frail',
    'family_refuses',
    'no_trust',
    'other',
  ],
  contraindicate: [
    'contrast_allergy',
    'renal_insufficiency',
    'implant',
    'claustrophobia',
    'pregnancy',
    'bowel_obstruction',
    'bleeding_risk',
    'anaesthesia_risk',
    'poor_condition',
    'other',
  ],
  book: [
    'away',
    'no_slot',
    'combined_visit',
    'acute_illness',
    'under_treatment',
    'patient_wish',
    'clinician_asked',
    'hospital_system',
    'other',
  ],
} as const;

export type ReasonedStep = keyof typeof STEP_REASONS;
export type StepReason = (typeof STEP_REASONS)[ReasonedStep][number];

export interface WordedReason {
  readonly reason: StepReason;
  /** Free text; null: none. */
  readonly note: string | null;
}

/** The reason as it is recorded: one of the step's codes, or `other` with the words that were given in place of one. */
export function reasonOf(step: ReasonedStep, given: string, note: string | undefined): WordedReason {
  const known = STEP_REASONS[step].find((code) => code === given);
  if (known !== undefined) return { reason: known, note: note ?? null };
  return { reason: 'other', note: note === undefined ? given : `${given}\n${note}` };
}
