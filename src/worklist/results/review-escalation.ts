import type { ResultSettings } from '../settings/result-settings.js';

/** Who has to act on an exam that waits to be judged, in the order in which it is escalated. */
export const REVIEW_ESCALATIONS = ['clinician', 'head_nurse'] as const;
export type ReviewEscalation = (typeof REVIEW_ESCALATIONS)[number];

const DAY_MS = 86_400_000;

/** To whom an exam is escalated that has waited to be judged since `recordedAt`; null: it is not escalated yet. */
export function reviewEscalatedTo(
  recordedAt: Date,
  now: Date,
  {
    clinicianAfterDays,
    headNurseAfterDays,
  }: Pick<ResultSettings, 'clinicianAfterDays' | 'headNurseAfterDays'>,
): ReviewEscalation | null {
  const waitedDays = Math.floor((now.getTime() - recordedAt.getTime()) / DAY_MS);
  if (waitedDays >= headNurseAfterDays) return 'head_nurse';
  return waitedDays >= clinicianAfterDays ? 'clinician' : null;
}
