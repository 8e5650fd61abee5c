import type { EventDraft } from '../acts/event-editor.js';
import type { WholeInboxEntry } from '../calls/inbox.js';

/** The type of event that records an exam of any kind. */
const EXAM = 'exam';

/** What the entry says of the event already: its day, and the fields that the mapping names. */
export function draftOf({
  subject,
  activity,
  proposed,
}: Pick<WholeInboxEntry, 'subject' | 'activity' | 'proposed'>): Partial<EventDraft> {
  const { type, date, ...others } = proposed ?? {};
  const named = Object.entries(others).filter(
    (field): field is [string, string] => typeof field[1] === 'string',
  );
  const isReport = subject === 'report' && typeof type !== 'string';
  return {
    ...(typeof type === 'string' && { type }),
    ...(isReport && { type: EXAM }),
    ...(typeof date === 'string' && { date }),
    fields: {
      ...Object.fromEntries(named),
      ...(isReport && activity !== null && { activity }),
    },
  };
}
