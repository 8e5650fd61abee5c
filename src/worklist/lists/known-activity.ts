import { activitiesIn, type WithActivities } from '../../guideline/activities.js';
import { invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';

/** Refuses (422) an activity that neither the program nor the hospital's guideline knows. */
export function refuseUnknownActivity(activity: string | undefined, guideline: WithActivities): void {
  const values = activitiesIn(guideline);
  if (activity === undefined || values.includes(activity)) return;
  throw invalid('invalid-input', msg('invalid-input'), [
    { pointer: '/activity', code: 'not-allowed', message: msg('none-of', { values }) },
  ]);
}
