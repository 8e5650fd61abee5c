import type { EventType } from '../calls/guidelines.js';
import { Button } from '../parts/button.js';
import { SelectField, TextField } from '../parts/field.js';
import { DayField } from '../items/day-field.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { compareWords } from './compare-words.js';
import { newEvent, type TypedEvent } from './invented.js';

/** One event: its type, its day, and the fields that the guideline gives this type. */
export function EventFields({
  types,
  event,
  errorOf,
  onEvent,
  onRemove,
}: {
  readonly types: readonly EventType[];
  readonly event: TypedEvent;
  readonly errorOf: (field: string) => string | undefined;
  readonly onEvent: (event: TypedEvent) => void;
  readonly onRemove: () => void;
}) {
  const words = useWords(compareWords);
  const language = useLanguage();
  const type = types.find((one) => one.type === event.type);
  const title = type?.title[language] ?? event.type;
  const setType = (name: string): void => {
    const chosen = types.find((one) => one.type === name);
    if (chosen) onEvent(newEvent(chosen, event.key, event.date));
  };
  return (
    <div className="event-fields" role="group" aria-label={title}>
      <SelectField
        label={words.event}
        value={event.type}
        error={errorOf('type')}
        options={types.map((one) => ({ value: one.type, text: one.title[language] }))}
        onValue={setType}
      />
      <DayField
        label={words.date}
        value={event.date}
        error={errorOf('date')}
        isPast
        required
        onValue={(date) => onEvent({ ...event, date })}
      />
      {type?.fields.map(({ name, title: fieldTitle, required, values }) => {
        const field = {
          label: required ? fieldTitle[language] : words.optional(fieldTitle[language]),
          value: event.fields[name] ?? '',
          error: errorOf(name),
          onValue: (value: string) => onEvent({ ...event, fields: { ...event.fields, [name]: value } }),
        };
        if (values === null) return <TextField key={name} {...field} maxLength={100} />;
        const options = values.map((one) => ({ value: one.value, text: one.title[language] }));
        return (
          <SelectField
            key={name}
            {...field}
            options={required ? options : [{ value: '', text: words.unset }, ...options]}
          />
        );
      })}
      <Button kind="quiet" aria-label={words.removeEvent(title)} onClick={onRemove}>
        ×
      </Button>
    </div>
  );
}
