import { type SyntheticEvent, useState } from 'react';
import type { EventType } from '../calls/guidelines.js';
import { errorOf } from '../calls/problem.js';
import { Button } from '../parts/button.js';
import { Choices } from '../parts/choices.js';
import { TextField } from '../parts/field.js';
import { useToday } from '../calls/me.js';
import { useWords } from '../words/use-words.js';
import { compareWords } from './compare-words.js';
import { EventFields } from './event-fields.js';
import { newEvent, type TypedEvent, type TypedPatient } from './invented.js';
import './invented-form.css';

/** A patient who is in no file: dates of birth and diagnosis, events, and the choices within ranges. */
export function InventedForm({
  types,
  patient,
  busy,
  error,
  onPatient,
  onCompute,
}: {
  readonly types: readonly EventType[];
  readonly patient: TypedPatient;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onPatient: (patient: TypedPatient) => void;
  readonly onCompute: () => void;
}) {
  const words = useWords(compareWords);
  const today = useToday();
  const [nextKey, setNextKey] = useState(2);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    onCompute();
  };
  const put = (place: number, event: TypedEvent | undefined): void =>
    onPatient({
      ...patient,
      events: patient.events.flatMap((one, at) => (at === place ? (event ?? []) : one)),
    });
  const add = (): void => {
    const type = types.find(({ startsPathway }) => startsPathway) ?? types[0];
    if (!type) return;
    onPatient({ ...patient, events: [...patient.events, newEvent(type, nextKey, today)] });
    setNextKey(nextKey + 1);
  };
  const days = ['birthDate', 'diagnosisDate'] as const;
  return (
    <form className="invented-form" onSubmit={submit}>
      <div className="invented-row">
        {days.map((day) => (
          <TextField
            key={day}
            type="date"
            label={words[day]}
            value={patient[day]}
            error={errorOf(error, day)}
            max={today}
            required
            onValue={(value) => onPatient({ ...patient, [day]: value })}
          />
        ))}
        <Choices
          label={words.profile}
          value={patient.profile}
          options={(['intensive', 'minimal'] as const).map((value) => ({
            value,
            text: words.profiles[value],
          }))}
          onValue={(profile) => onPatient({ ...patient, profile: profile as TypedPatient['profile'] })}
        />
        <Choices
          label={words.liver}
          value={patient.liverImaging}
          options={(['ct', 'mri'] as const).map((value) => ({ value, text: words.liverMethods[value] }))}
          onValue={(method) =>
            onPatient({ ...patient, liverImaging: method as TypedPatient['liverImaging'] })
          }
        />
      </div>
      <fieldset>
        <legend className="field-legend">{words.events}</legend>
        {patient.events.map((event, place) => (
          <EventFields
            key={event.key}
            {...{ types, event }}
            errorOf={(field) => errorOf(error, `events/${place}/${field}`)}
            onEvent={(changed) => put(place, changed)}
            onRemove={() => put(place, undefined)}
          />
        ))}
      </fieldset>
      <div className="invented-actions">
        <Button kind="main" type="submit" busy={busy}>
          {words.compute}
        </Button>
        <Button onClick={add}>{words.addEvent}</Button>
        <span className="quiet small">{words.notSaved}</span>
      </div>
    </form>
  );
}
