import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { errorOf } from '../calls/problem.js';
import { type EventType, eventTypesQuery, type NewEvent } from '../calls/record.js';
import { measurementsQuery } from '../calls/ward.js';
import { DayField } from '../items/day-field.js';
import { useWords } from '../words/use-words.js';
import { TypedFields, TypeField } from './event-fields.js';
import { eventOf, type Typed } from './event-form.js';
import { eventWords } from './event-words.js';
import { MeasuredFields } from './measured-fields.js';
import { valuesOf } from './measured-values.js';

/** An event while it is typed. */
export interface EventDraft {
  readonly type: string;
  readonly date: string;
  readonly fields: Typed;
  readonly measured: Typed;
}

const NOTHING: EventDraft = { type: '', date: '', fields: {}, measured: {} };

export interface TypedEvent {
  readonly draft: EventDraft;
  readonly setDraft: (draft: EventDraft) => void;
  readonly types: readonly EventType[];
  /** Undefined while something that is required is missing. */
  readonly event: NewEvent | undefined;
}

/** `initial`: what is known of the event already. */
export function useTypedEvent(initial: Partial<EventDraft> = {}): TypedEvent {
  const [draft, setDraft] = useState<EventDraft>({ ...NOTHING, ...initial });
  const types = useQuery(eventTypesQuery).data?.items ?? [];
  const values = valuesOf(draft.measured, useQuery(measurementsQuery).data?.items ?? []);
  const type = types.find((one) => one.type === draft.type);
  const complete = eventOf(type, draft.date, draft.fields);
  const event = complete && { ...complete, ...(values.length > 0 && { values }) };
  return { draft, setDraft, types, event };
}

/** Type, day and fields of an event. `at`: where the event stands in the request, for what was refused. */
export function EventEditor({
  typed: { draft, setDraft, types },
  error,
  at = '',
  autoFocus = false,
}: {
  readonly typed: TypedEvent;
  readonly error: unknown;
  readonly at?: string;
  /** In a dialog, which is there to be filled in. */
  readonly autoFocus?: boolean;
}) {
  const words = useWords(eventWords);
  const type = types.find((one) => one.type === draft.type);
  const activity = draft.fields['activity'];
  return (
    <>
      <TypeField
        {...{ types, autoFocus }}
        value={draft.type}
        onValue={(name) => setDraft({ ...NOTHING, date: draft.date, type: name })}
      />
      <DayField
        label={words.date}
        value={draft.date}
        error={errorOf(error, `${at}date`)}
        shortcuts={[0, -1]}
        isPast
        required
        onValue={(date) => setDraft({ ...draft, date })}
      />
      {type && (
        <TypedFields
          {...{ type, error, at }}
          typed={draft.fields}
          onTyped={(fields) => setDraft({ ...draft, fields })}
        />
      )}
      {type?.recordsExams === true && activity !== undefined && (
        <MeasuredFields
          activity={activity}
          values={draft.measured}
          error={error}
          onValues={(measured) => setDraft({ ...draft, measured })}
        />
      )}
    </>
  );
}
