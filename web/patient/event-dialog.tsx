import { useQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { MeasuredFields } from '../acts/measured-fields.js';
import { valuesOf } from '../acts/measured-values.js';
import { errorOf } from '../calls/problem.js';
import {
  type EventField,
  type EventType,
  eventTypesQuery,
  type NewEvent,
  recordEvent,
} from '../calls/record.js';
import { activitiesQuery, measurementsQuery } from '../calls/ward.js';
import { DayField } from '../items/day-field.js';
import { Button } from '../parts/button.js';
import { Choices } from '../parts/choices.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { SelectField, TextField } from '../parts/field.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { courseWords } from './course-words.js';
import { byUse, eventOf, type Typed } from './event-form.js';
import { PlanDiffPreview } from './plan-diff-preview.js';
import { useSaving } from './saving.js';
import { useSettled } from './settled.js';

const SETTLED_MS = 400;
/** Fewer values than these are all seen at once. */
const MOST_CHOICES = 6;

/** Records an event, after it has shown what the event does to the plan. */
export default function EventDialog({
  patientId,
  onClose,
}: {
  readonly patientId: string;
  readonly onClose: () => void;
}) {
  const words = useWords(courseWords);
  const types = useQuery(eventTypesQuery).data?.items ?? [];
  const [name, setName] = useState('');
  const [date, setDate] = useState('');
  const [typed, setTyped] = useState<Typed>({});
  const [measured, setMeasured] = useState<Typed>({});
  const type = types.find((one) => one.type === name);
  const values = valuesOf(measured, useQuery(measurementsQuery).data?.items ?? []);
  const complete = eventOf(type, date, typed);
  const event = complete && { ...complete, ...(values.length > 0 && { values }) };
  const settled = useSettled(event ?? null, SETTLED_MS);
  const saving = useSaving(patientId, {
    send: (input: NewEvent, idempotencyKey) => recordEvent(patientId, input, { idempotencyKey }),
    textOf: ({ plan }) => words.saved(plan.added, plan.moved, plan.cancelled),
    onSaved: onClose,
  });
  const submit = (submitted: SyntheticEvent): void => {
    submitted.preventDefault();
    if (event) saving.mutate(event);
  };
  return (
    <Dialog title={words.add} closeLabel={words.close} onClose={onClose} wide>
      <form className="fields" onSubmit={submit}>
        <TypeField
          types={types}
          value={name}
          onValue={(value) => {
            setName(value);
            setTyped({});
            setMeasured({});
          }}
        />
        <DayField
          label={words.date}
          value={date}
          error={errorOf(saving.error, 'date')}
          shortcuts={[0, -1]}
          isPast
          required
          onValue={setDate}
        />
        {type && <TypedFields {...{ type, typed }} error={saving.error} onTyped={setTyped} />}
        {type?.recordsExams === true && typed['activity'] !== undefined && (
          <MeasuredFields
            activity={typed['activity']}
            values={measured}
            error={saving.error}
            onValues={setMeasured}
          />
        )}
        <PlanDiffPreview
          patientId={patientId}
          request={settled === null ? undefined : { events: [settled] }}
          saveError={saving.error}
        />
        <DialogActions>
          <Button kind="main" type="submit" disabled={event === undefined} busy={saving.isPending}>
            {words.save}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function TypeField({
  types,
  value,
  onValue,
}: {
  readonly types: readonly EventType[];
  readonly value: string;
  readonly onValue: (type: string) => void;
}) {
  const words = useWords(courseWords);
  const language = useLanguage();
  const [changing = [], exams = []] = byUse(types);
  const options = (some: readonly EventType[]) =>
    some.map(({ type, title }) => ({ value: type, text: title[language] }));
  return (
    <SelectField
      label={words.type}
      required
      autoFocus
      value={value}
      onValue={onValue}
      options={[{ value: '', text: words.chooseType }]}
      groups={[
        { label: words.typesOfPlan, options: options(changing) },
        { label: words.typesOfExams, options: options(exams) },
      ]}
    />
  );
}

function TypedFields({
  type,
  typed,
  error,
  onTyped,
}: {
  readonly type: EventType;
  readonly typed: Typed;
  readonly error: unknown;
  readonly onTyped: (typed: Typed) => void;
}) {
  const { data: activities } = useQuery(activitiesQuery);
  const examined = activities?.items.find(({ code }) => code === typed['activity']);
  return (
    <>
      {type.fields.map((field) => (
        <TypedField
          key={field.name}
          field={narrowed(
            field,
            examined?.outcomes.map(({ code }) => code),
          )}
          value={typed[field.name] ?? ''}
          error={errorOf(error, field.name)}
          onValue={(value) => onTyped({ ...typed, [field.name]: value })}
        />
      ))}
    </>
  );
}

/** Once the kind of exam is chosen, only its outcomes are offered. */
const narrowed = (field: EventField, outcomes: readonly string[] | undefined): EventField =>
  outcomes !== undefined && field.name === 'outcome' && field.values !== null
    ? { ...field, values: field.values.filter(({ value }) => outcomes.includes(value)) }
    : field;

function TypedField({
  field: { title, values, required },
  value,
  error,
  onValue,
}: {
  readonly field: EventField;
  readonly value: string;
  readonly error: string | undefined;
  readonly onValue: (value: string) => void;
}) {
  const words = useWords(courseWords);
  const language = useLanguage();
  const label = required ? title[language] : `${title[language]} ${words.optional}`;
  if (values === null) return <TextField {...{ label, value, error, required, onValue }} maxLength={100} />;
  const options = values.map((one) => ({ value: one.value, text: one.title[language] }));
  if (options.length <= MOST_CHOICES)
    return <Choices label={label} options={options} value={value} onValue={onValue} />;
  return (
    <SelectField
      {...{ label, value, error, required, onValue }}
      options={[{ value: '', text: words.choose }, ...options]}
    />
  );
}
