import { errorOf } from '../calls/problem.js';
import { TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { actDialogWords } from './act-words.js';

/** The free text of an act about items. */
export function NoteField({
  value,
  error,
  onValue,
}: {
  readonly value: string;
  /** What the server answered. */
  readonly error: unknown;
  readonly onValue: (note: string) => void;
}) {
  const words = useWords(actDialogWords);
  return (
    <TextField
      label={words.note}
      maxLength={1000}
      value={value}
      error={errorOf(error, 'note')}
      onValue={onValue}
    />
  );
}
