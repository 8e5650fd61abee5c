import { z } from 'zod';
import { RECURRENCE_EVENT } from '../../guideline/facts.js';
import { Author } from '../../tenancy/author.js';
import type { FieldFault } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { text } from '../../platform/text.js';
import { CalendarDay } from '../../patients/clinical-event-input.js';

/** What a clinician can conclude from an exam that had to be judged. */
export const REVIEW_OUTCOMES = ['no_action', 'repeat_in_weeks', 'mri', RECURRENCE_EVENT, 'ned'] as const;
export type ReviewOutcomeCode = (typeof REVIEW_OUTCOMES)[number];

const FollowUp = z
  .strictObject({
    weeks: z
      .int()
      .min(1)
      .max(104)
      .optional()
      .describe('repeat_in_weeks: in how many weeks from today; required'),
    activity: text(61).optional().describe('repeat_in_weeks: another activity than that of the exam'),
    date: CalendarDay.optional().describe(
      'recurrence, ned: the day of the event that is recorded. recurrence: by default the day of the exam',
    ),
    site: text(100).optional().describe('recurrence: where'),
    by: text(60).optional().describe('ned: by which treatment, as in the event liver_ned'),
  })
  .meta({ id: 'ReviewFollowUp' });
export type FollowUp = z.output<typeof FollowUp>;

export const ReviewOutcomeInput = z
  .strictObject({
    judgement: z
      .enum(REVIEW_OUTCOMES)
      .describe(
        'repeat_in_weeks adds an item; mri links the exam that the guideline asks for after a finding, or adds it; ' +
          'recurrence records that event; ned records liver_ned if followUp names its date, and no event otherwise',
      ),
    note: text(2000).optional(),
    followUp: FollowUp.optional(),
    author: Author,
  })
  .meta({ id: 'ReviewOutcomeInput' });
export type ReviewOutcomeInput = z.output<typeof ReviewOutcomeInput>;

/** What each outcome takes in `followUp`. */
const FOLLOW_UPS: Readonly<Record<ReviewOutcomeCode, readonly (keyof FollowUp)[]>> = {
  no_action: [],
  repeat_in_weeks: ['weeks', 'activity'],
  mri: [],
  [RECURRENCE_EVENT]: ['date', 'site'],
  ned: ['date', 'by'],
};

/** What is wrong with the follow-up of an outcome: a field that it does not take, or one that it lacks. */
export function followUpFaults({
  judgement,
  followUp = {},
}: Pick<ReviewOutcomeInput, 'judgement' | 'followUp'>): FieldFault[] {
  const taken = FOLLOW_UPS[judgement];
  const faults = Object.keys(followUp)
    .filter((field) => !taken.some((one) => one === field))
    .map((field): FieldFault => {
      const fields = taken.length === 0 ? msg('follow-up-none') : taken;
      const message = msg('follow-up-not-allowed', { judgement, field, fields });
      return { pointer: `/followUp/${field}`, code: 'not-allowed', message };
    });
  if (judgement === 'repeat_in_weeks' && followUp.weeks === undefined)
    faults.push({ pointer: '/followUp/weeks', code: 'required', message: msg('repeat-weeks-required') });
  if (judgement === 'ned' && followUp.by !== undefined && followUp.date === undefined)
    faults.push({ pointer: '/followUp/date', code: 'required', message: msg('required') });
  return faults;
}
