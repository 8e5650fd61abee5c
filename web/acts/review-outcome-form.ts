import type { ReviewOutcome, ReviewOutcomeCode } from '../calls/results.js';

/** What was typed into the form of a judgement. */
export interface TypedOutcome {
  readonly judgement: ReviewOutcomeCode | '';
  readonly weeks: string;
  readonly activity: string;
  readonly date: string;
  readonly site: string;
  readonly by: string;
}

/** An abnormal exam is repeated after this time by default; a nurse changes it with one key. */
const USUAL_WEEKS = '4';

export const NOTHING_JUDGED: TypedOutcome = {
  ...{ judgement: '', weeks: USUAL_WEEKS, activity: '', date: '', site: '', by: '' },
};

type FollowUp = NonNullable<ReviewOutcome['followUp']>;

/** The judgement as the call takes it, without a note; null while something that is required is missing. */
export function outcomeOf(typed: TypedOutcome): ReviewOutcome | null {
  const { judgement } = typed;
  if (judgement === '') return null;
  const followUp = followUpOf(judgement, typed);
  if (followUp === null) return null;
  return { judgement, ...(Object.keys(followUp).length > 0 && { followUp }) };
}

function followUpOf(judgement: ReviewOutcomeCode, typed: TypedOutcome): FollowUp | null {
  const { weeks, activity, date, by } = typed;
  const site = typed.site.trim();
  switch (judgement) {
    case 'no_action':
    case 'mri':
      return {};
    case 'repeat_in_weeks':
      return /^\d+$/.test(weeks) ? { weeks: Number(weeks), ...(activity !== '' && { activity }) } : null;
    case 'recurrence':
      return { ...(date !== '' && { date }), ...(site !== '' && { site }) };
    case 'ned':
      return date === '' ? {} : { date, ...(by !== '' && { by }) };
  }
}
