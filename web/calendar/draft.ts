import type { Appointment, MoveRequest } from '../calls/appointments.js';

type When = 'open' | 'morning' | 'afternoon' | 'exact';

/** An appointment as the reader edits it. */
export interface Draft {
  readonly date: string;
  readonly when: When;
  readonly time: string;
  readonly place: string;
  readonly note: string;
}

type Written = Pick<Appointment, 'date' | 'time' | 'halfDay' | 'place' | 'note'>;

export const draftOf = ({ date, time, halfDay, place, note }: Written): Draft => ({
  date,
  when: time !== null ? 'exact' : halfDay === 'morning' || halfDay === 'afternoon' ? halfDay : 'open',
  time: time ?? '',
  place: place ?? '',
  note: note ?? '',
});

/** What is sent: only what the reader changed. */
export function changesOf(before: Written, draft: Draft): MoveRequest {
  const after: Written = {
    date: draft.date,
    time: draft.when === 'exact' ? textOrNull(draft.time) : null,
    halfDay: draft.when === 'morning' || draft.when === 'afternoon' ? draft.when : null,
    place: textOrNull(draft.place),
    note: textOrNull(draft.note),
  };
  const fields = ['date', 'time', 'halfDay', 'place', 'note'] as const;
  return Object.fromEntries(
    fields.filter((field) => before[field] !== after[field]).map((field) => [field, after[field]]),
  );
}

const textOrNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** The draft after another person has changed the appointment: what the reader did not touch becomes the newest. */
export function rebased(draft: Draft, before: Written, newest: Written): Draft {
  const [old, fresh] = [draftOf(before), draftOf(newest)];
  const of = <Field extends keyof Draft>(field: Field): Draft[Field] =>
    draft[field] === old[field] ? fresh[field] : draft[field];
  return { date: of('date'), when: of('when'), time: of('time'), place: of('place'), note: of('note') };
}
