import { useState } from 'react';
import { TextField } from '../parts/field.js';

/** A whole number between two limits. What is typed in between is kept until it is one. */
export function NumberField({
  label,
  min,
  max,
  isDisabled,
  value,
  onValue,
}: {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly isDisabled: boolean;
  readonly value: number;
  readonly onValue: (value: number) => void;
}) {
  const [typed, setTyped] = useState(String(value));
  return (
    <TextField
      label={label}
      help={`${min}–${max}`}
      type="number"
      required
      {...{ min, max }}
      disabled={isDisabled}
      value={typed}
      onValue={(text) => {
        setTyped(text);
        if (/^\d+$/.test(text)) onValue(Number(text));
      }}
    />
  );
}
