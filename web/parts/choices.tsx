import { useId } from 'react';
import type { Option } from './field.js';
import './choices.css';

/** A few options that are all seen at once; the arrow keys move between them, a digit chooses one. */
export function Choices({
  label,
  options,
  value,
  onValue,
}: {
  readonly label: string;
  readonly options: readonly Option[];
  readonly value: string;
  readonly onValue: (value: string) => void;
}) {
  const name = useId();
  return (
    <fieldset className="choices">
      <legend className="field-legend">{label}</legend>
      <div className="choices-options">
        {options.map((option) => (
          <label key={option.value} className="choice">
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onValue(option.value)}
            />
            <span>{option.text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
