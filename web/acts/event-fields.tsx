import { useQuery } from '@tanstack/react-query';
import { errorOf } from '../calls/problem.js';
import type { EventField, EventType } from '../calls/record.js';
import { activitiesQuery } from '../calls/ward.js';
import { Choices } from '../parts/choices.js';
import { SelectField, TextField } from '../parts/field.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { byUse, type Typed } from './event-form.js';
import { eventWords } from './event-words.js';

/** Fewer values than these are all seen at once. */
const MOST_CHOICES = 6;

/** Which event: those that change a plan, then exams. */
export function TypeField({
  types,
  value,
  autoFocus,
  onValue,
}: {
  readonly types: readonly EventType[];
  readonly value: string;
  readonly autoFocus: boolean;
  readonly onValue: (type: string) => void;
}) {
  const words = useWords(eventWords);
  const language = useLanguage();
  const [changing = [], exams = []] = byUse(types);
  const options = (some: readonly EventType[]) =>
    some.map(({ type, title }) => ({ value: type, text: title[language] }));
  return (
    <SelectField
      label={words.type}
      required
      autoFocus={autoFocus}
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

/** The fields of a type of event. */
export function TypedFields({
  type,
  typed,
  error,
  at,
  onTyped,
}: {
  readonly type: EventType;
  readonly typed: Typed;
  readonly error: unknown;
  /** Where the event stands in the request. */
  readonly at: string;
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
          error={errorOf(error, `${at}${field.name}`)}
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
  const words = useWords(eventWords);
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
