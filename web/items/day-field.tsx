import { useToday } from '../calls/me.js';
import { Button } from '../parts/button.js';
import { TextField } from '../parts/field.js';
import { addDays, dayText, daysFrom, distanceText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import './day-field.css';

/** A calendar day with its weekday and distance, and shortcuts that nurses use on the telephone. */
export function DayField({
  label,
  value,
  error,
  shortcuts = [],
  isPast = false,
  required = false,
  autoFocus = false,
  onValue,
}: {
  readonly label: string;
  readonly value: string;
  readonly error?: string | undefined;
  /** Days from today. */
  readonly shortcuts?: readonly number[];
  /** Something that has happened: today at the latest. */
  readonly isPast?: boolean;
  readonly required?: boolean;
  readonly autoFocus?: boolean;
  readonly onValue: (day: string) => void;
}) {
  const today = useToday();
  const language = useLanguage();
  const help =
    value === '' ? ' ' : `${dayText(value, language)} · ${distanceText(daysFrom(today, value), language)}`;
  return (
    <div className="day-field">
      <TextField
        type="date"
        {...{ label, value, error, help, required, autoFocus, onValue }}
        min={isPast ? undefined : today}
        max={isPast ? today : undefined}
      />
      <div className="day-shortcuts">
        {shortcuts.map((days) => (
          <Button key={days} onClick={() => onValue(addDays(today, days))}>
            {distanceText(days, language)}
          </Button>
        ))}
      </div>
    </div>
  );
}
